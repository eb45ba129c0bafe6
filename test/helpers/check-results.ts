import { detect } from '../../src/analysis/findings/detect.ts';
import { RULES } from '../../src/analysis/findings/rules.ts';
import type { Trace } from '../../src/model/trace.ts';
import type { Check } from '../../src/verdict/check.ts';
import { parseCheck } from '../../src/verdict/parse-check.ts';
import {
  type CheckFindings,
  type CheckResult,
  RunningChecks,
} from '../../src/verdict/run-checks.ts';
import type { CompileQuery } from '../../src/verdict/scoped-items.ts';

export interface CheckSetting extends Partial<CheckFindings> {
  readonly allowEmpty?: boolean;
  readonly compile?: CompileQuery;
}

/** What checks, written or read, say about traces. */
export function checkResults(
  traces: readonly Trace[],
  checks: readonly (string | Check)[],
  { allowEmpty = false, compile = () => () => [], ...known }: CheckSetting = {},
): CheckResult[] {
  const services = traces.flatMap(({ nodes }) => nodes.map(({ service }) => service));
  const running = new RunningChecks(
    checks.map((check) => (typeof check === 'string' ? parseCheck(check) : check)),
    { naming: { knownServices: new Set(services), caseInsensitive: false }, compile, allowEmpty },
  );
  const findings = detect(RULES);
  for (const trace of traces) {
    running.add(trace);
    findings.add(trace);
  }
  return running.results({
    findings: findings.result(),
    known: null,
    baselineOf: () => null,
    alpha: 0.05,
    ...known,
  });
}
