import { detect } from '../../src/analysis/findings/detect.ts';
import { RULES } from '../../src/analysis/findings/rules.ts';
import { COMPILE_QUERIES } from '../../src/cli/query-spans.ts';
import type { Trace } from '../../src/model/trace.ts';
import { baselineText, readBaseline } from '../../src/verdict/baseline-file.ts';
import type { Check } from '../../src/verdict/check.ts';
import { parseCheck } from '../../src/verdict/parse-check.ts';
import { RunProfiler } from '../../src/verdict/profile-run.ts';
import {
  type CheckFindings,
  type CheckResult,
  RunningChecks,
} from '../../src/verdict/run-checks.ts';
import type { RunProfile } from '../../src/verdict/run-profile.ts';
import type { CompileQueries } from '../../src/verdict/scoped-items.ts';

export interface CheckSetting extends Partial<CheckFindings> {
  readonly allowEmpty?: boolean;
  readonly compile?: CompileQueries;
}

function running(traces: readonly Trace[], checks: readonly Check[], setting: CheckSetting) {
  const services = traces.flatMap(({ nodes }) => nodes.map(({ service }) => service));
  const { allowEmpty = false, compile = COMPILE_QUERIES } = setting;
  const naming = { knownServices: new Set(services), caseInsensitive: false };
  const found = new RunningChecks(checks, { naming, compile, allowEmpty });
  for (const trace of traces) found.add(trace);
  return found;
}

function findingsOf(traces: readonly Trace[]) {
  const findings = detect(RULES);
  for (const trace of traces) findings.add(trace);
  return findings.result();
}

function read(checks: readonly (string | Check)[]): Check[] {
  return checks.map((check) => (typeof check === 'string' ? parseCheck(check) : check));
}

/** What checks, written or read, say about traces. */
export function checkResults(
  traces: readonly Trace[],
  checks: readonly (string | Check)[],
  setting: CheckSetting = {},
): CheckResult[] {
  return running(traces, read(checks), setting).results({
    findings: findingsOf(traces),
    runs: null,
    alpha: 0.05,
    ...setting,
  });
}

/** A run as a baseline that was saved with checks in force. */
function savedRun(traces: readonly Trace[], checks: readonly (string | Check)[] = []): RunProfile {
  const profiler = new RunProfiler();
  for (const trace of traces) profiler.add(trace);
  const found = findingsOf(traces);
  const measures = running(traces, read(checks), {}).kept(found);
  const findings = found.findings.map(({ fingerprint }) => fingerprint);
  return readBaseline(baselineText(profiler.result({ findings, measures }), '1'), 'base.json');
}

/** What checks say about a run beside a baseline that was saved with them, or with others. */
export function comparedResults(
  base: readonly Trace[],
  current: readonly Trace[],
  checks: readonly string[],
  savedWith: readonly string[] = checks,
): CheckResult[] {
  const runs = { base: savedRun(base, savedWith), current: savedRun(current), currentRuns: 1 };
  return checkResults(current, checks, { runs });
}
