import type { Finding } from '../analysis/findings/finding.ts';
import type { Comparison } from '../verdict/comparison.ts';
import type { CheckResult } from '../verdict/run-checks.ts';
import type { FailOn, Verdict } from '../verdict/verdict.ts';

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
  /** What fails; nothing where nobody is to be stopped. */
  readonly failOn: readonly FailOn[];
  /** Files to which problems are pinned, as paths from the working folder: the dump, and the configuration of the checks. */
  readonly files: { readonly data: string; readonly config: string | null };
  /** What to know besides: suppressions that have expired, say. */
  readonly warnings: readonly string[];
  /** The slowest trace of the request that regressed most, as a drawing without colours; null without one. */
  readonly worstTrace: { readonly title: string; readonly drawing: string } | null;
}
