import { detect } from '../../src/analysis/findings/detect.ts';
import type { Finding } from '../../src/analysis/findings/finding.ts';
import type { FindingRule, RuleParam } from '../../src/analysis/findings/finding-rule.ts';
import type { Trace } from '../../src/model/trace.ts';

/** What one rule finds in traces; thresholds by their name alone. */
export function findingsOf(
  rule: FindingRule,
  traces: readonly Trace[],
  params: Readonly<Record<string, RuleParam>> = {},
): readonly Finding[] {
  const named = Object.entries(params).map(([name, value]) => [`${rule.name}.${name}`, value]);
  const accumulator = detect([rule], { params: Object.fromEntries(named) });
  for (const trace of traces) accumulator.add(trace);
  return accumulator.result().findings;
}
