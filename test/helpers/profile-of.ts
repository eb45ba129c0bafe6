import type { Trace } from '../../src/model/trace.ts';
import { compareRuns } from '../../src/verdict/compare-runs.ts';
import type { CompareOptions, Comparison } from '../../src/verdict/comparison.ts';
import { RunProfiler } from '../../src/verdict/profile-run.ts';
import type { RunProfile } from '../../src/verdict/run-profile.ts';

/** What a comparison knows of traces. */
export function profileOf(traces: Iterable<Trace>): RunProfile {
  const profiler = new RunProfiler();
  for (const trace of traces) profiler.add(trace);
  return profiler.result();
}

export const DEFAULTS: CompareOptions = { alpha: 0.05, minEffect: 0.1, minAbsNs: null };

export function comparisonOf(
  base: Iterable<Trace>,
  current: Iterable<Trace>,
  options: Partial<CompareOptions> = {},
): Comparison {
  return compareRuns([profileOf(base)], [profileOf(current)], { ...DEFAULTS, ...options });
}
