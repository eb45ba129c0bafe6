import type { Finding } from '../analysis/findings/finding.ts';
import type { Comparison } from '../verdict/comparison.ts';
import type { CheckResult } from '../verdict/run-checks.ts';
import type { Verdict } from '../verdict/verdict.ts';

/** Everything that a pipeline is told. */
export interface VerdictFacts {
  /** Names of what was judged, and of the baseline. */
  readonly inputs: readonly string[];
  readonly baseline: readonly string[];
  readonly checks: readonly CheckResult[];
  /** Null without a baseline. */
  readonly comparison: Comparison | null;
  /** With a baseline that knows its findings, those that are new; null when nobody looked for any. */
  readonly findings: readonly Finding[] | null;
  readonly verdict: Verdict;
  /** What to know besides: suppressions that have expired, say. */
  readonly warnings: readonly string[];
  /** The slowest trace of the request that regressed most, as a drawing without colours; null without one. */
  readonly worstTrace: { readonly title: string; readonly drawing: string } | null;
}
