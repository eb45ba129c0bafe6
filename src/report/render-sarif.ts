import type { Severity } from '../analysis/findings/finding.ts';
import { fingerprint } from '../analysis/findings/fingerprint.ts';
import { RULES } from '../analysis/findings/rules.ts';
import { cleanText } from './clean-text.ts';
import {
  formatAmount,
  formatEffect,
  formatFigure,
  operationText,
  structureText,
} from './format-change.ts';
import type { JsonDocument } from './render-json.ts';
import { renderJson } from './render-json.ts';
import type { VerdictFacts } from './verdict-facts.ts';

interface Result {
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly text: string;
  readonly service: string;
  readonly operation: string;
  readonly fingerprint: string;
}

const LEVELS: Readonly<Record<Severity, Result['level']>> = {
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

const ADVICE: ReadonlyMap<string, string> = new Map(
  RULES.flatMap(({ advice }) => Object.entries(advice)),
);

/** Rules that are not about findings. */
const OWN_RULES: Readonly<Record<string, string>> = {
  'failed-check': 'A check of the configuration does not hold.',
  regression: 'An operation is slower or fails more often than in the baseline.',
  structure: 'Traces are made otherwise than in the baseline.',
};

/**
 * A verdict as SARIF 2.1.0 for code scanning: failed checks, regressions and findings. Results are located at the dump, because
 * GitHub shows none without a file, and at service and operation as logical locations.
 */
export function verdictSarif(facts: VerdictFacts, version: string): string {
  const results = [...checkResults(facts), ...comparisonResults(facts), ...findingResults(facts)];
  const rules = [...new Set(results.map(({ rule }) => rule))].sort();
  const [uri = 'traces'] = facts.inputs;
  return renderJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tracecli',
            version,
            rules: rules.map((id) => ({
              id,
              shortDescription: { text: ADVICE.get(id) ?? OWN_RULES[id] ?? id },
            })),
          },
        },
        results: results.map((result) => sarifResult(result, rules.indexOf(result.rule), uri)),
      },
    ],
  });
}

function sarifResult(result: Result, ruleIndex: number, uri: string): JsonDocument {
  const { rule, level, text, service, operation } = result;
  const name = operation === '' ? service : operation;
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: cleanText(text) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(uri) },
          region: { startLine: 1 },
        },
        logicalLocations: [
          {
            name: cleanText(name),
            fullyQualifiedName: cleanText(operationText({ service, name: operation })),
            kind: 'function',
          },
        ],
      },
    ],
    partialFingerprints: { 'tracecli/v1': result.fingerprint },
  };
}

/** A path as a relative reference. Half a character has no code in one. */
function uriOf(path: string): string {
  const text = path.replace(/\\/g, '/').replace(/\p{Cs}/gu, '\ufffd');
  return encodeURI(text).replace(/[?#]/g, encodeURIComponent);
}

function checkResults({ checks }: VerdictFacts): Result[] {
  return checks
    .filter(({ status }) => status === 'fail' || status === 'warn' || status === 'info')
    .map(({ id, expr, status, reason, actual, expected, unit }) => {
      const limit = expected === null ? '' : `, limit ${formatAmount(expected, unit)}`;
      return {
        rule: 'failed-check',
        level: status === 'fail' ? 'error' : status === 'warn' ? 'warning' : 'note',
        text: `${id}: ${reason ?? ''}: ${formatAmount(actual, unit)}${limit} (${expr})`,
        service: 'checks',
        operation: id,
        fingerprint: fingerprint(`check|${id}`),
      };
    });
}

function comparisonResults({ comparison }: VerdictFacts): Result[] {
  if (comparison === null) return [];
  const { operations, structure } = comparison;
  return [
    ...operations
      .filter(({ status }) => status === 'regressed')
      .map((operation): Result => {
        const { service, name, kind, changes } = operation;
        const told = changes
          .filter((change) => change.status === 'regressed')
          .map(
            (change) =>
              `${change.metric} ${formatFigure(change, change.base)} → ${formatFigure(change, change.current)} (${formatEffect(change.effect)})`,
          );
        return {
          rule: 'regression',
          level: 'error',
          text: `${operationText(operation)}: ${told.join('; ')}`,
          service,
          operation: name,
          fingerprint: fingerprint(`regression|${service}|${name}|${kind ?? 'request'}`),
        };
      }),
    ...structure
      .filter(({ status }) => status === 'regressed')
      .map(
        (change): Result => ({
          rule: 'structure',
          level: 'error',
          text: `${operationText(change.request)}: ${structureText(change)}`,
          service: change.request.service,
          operation: change.request.name,
          fingerprint: change.fingerprint,
        }),
      ),
  ];
}

function findingResults({ findings }: VerdictFacts): Result[] {
  return (findings ?? []).map((finding) => ({
    rule: finding.rule,
    level: LEVELS[finding.severity],
    text: `${operationText({ service: finding.service, name: finding.operation })}: ${finding.title}. ${finding.advice}`,
    service: finding.service,
    operation: finding.operation,
    fingerprint: finding.fingerprint,
  }));
}
