import type { FindingRule, RuleParam } from '../analysis/findings/finding-rule.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { cell, type Report, type Section } from './report.ts';
import { RULE_MEANINGS } from './rule-meanings.ts';

/** `tracecli rules --json`. */
export function rulesDocument(rules: readonly FindingRule[], version: string): JsonDocument {
  return {
    ...documentHead('rules', version),
    rules: rules.map(({ name, advice, params }) => ({
      name,
      findings: Object.entries(advice).map(([finding, text]) => ({ name: finding, advice: text })),
      params: Object.fromEntries(
        Object.entries(params).map(([param, value]) => [param, jsonOf(value)]),
      ),
    })),
  };
}

function jsonOf(value: RuleParam): JsonDocument {
  return typeof value === 'number' ? value : [...value];
}

/** A paragraph per rule: what it detects, its thresholds, and the findings that it reports with what to do about them. */
export function rulesReport(rules: readonly FindingRule[]): Report {
  return { sections: rules.map(ruleSection) };
}

function ruleSection({ name, advice, params }: FindingRule): Section {
  const thresholds = Object.entries(params).map(
    ([param, value]) => `${name}.${param}=${typeof value === 'number' ? value : value.join(',')}`,
  );
  return {
    title: name,
    lines: [
      cell(`  detects: ${RULE_MEANINGS[name] ?? name}`, 'strong'),
      ...Object.entries(advice).map(([finding, text]) =>
        cell(finding === name ? `  ${text}` : `  ${finding}: ${text}`),
      ),
      ...thresholds.map((text) => cell(`  --param ${text}`, 'dim')),
    ],
    tables: [],
  };
}
