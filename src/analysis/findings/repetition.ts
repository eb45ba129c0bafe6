import type { TraceNode } from '../../model/trace.ts';
import { countPairs, isRetry, lengthNs, sequentialPairs, totalNs } from './call-groups.ts';
import type { Call } from './call-signature.ts';

/** When repeated calls are worth a word. */
export interface RepetitionLimits {
  readonly minCalls: number;
  readonly minSequentialShare: number;
  /** Enough in all, whatever its share of the caller … */
  readonly minTotalMs: number;
  /** … or a large share of the caller, if it is at least this long. */
  readonly minParentShare: number;
  readonly minShareTotalMs: number;
}

/** A type, because an interface has no index signature. */
type Limits = { readonly [name in keyof RepetitionLimits]: number };

export const REPETITION_LIMITS: Limits = {
  minCalls: 5,
  minSequentialShare: 0.8,
  minTotalMs: 50,
  minParentShare: 0.2,
  minShareTotalMs: 5,
};

/** Whether a caller's calls of one signature are an N+1 by the default thresholds. */
export function isNPlusOne(parent: TraceNode, calls: readonly Call[]): boolean {
  return repetition(parent, calls, REPETITION_LIMITS, Number.POSITIVE_INFINITY) === 'n-plus-one';
}

/** What kind of N+1 a caller's calls of one signature are, if any. */
export function repetition(
  parent: TraceNode,
  calls: readonly Call[],
  limits: RepetitionLimits,
  minConcurrentCalls: number,
): 'n-plus-one' | 'n-plus-one-concurrent' | null {
  if (calls.length < limits.minCalls) return null;
  if (!isLong(totalNs(calls), parent, limits) || hasEqualValues(calls)) return null;
  const pairs = calls.length - 1;
  if (countPairs(calls, isRetry) * 2 >= pairs) return null;
  if (sequentialPairs(calls) >= limits.minSequentialShare * pairs) return 'n-plus-one';
  return calls.length >= minConcurrentCalls ? 'n-plus-one-concurrent' : null;
}

/** Whether repeated calls take long enough to matter, by themselves or for their caller. */
export function isLong(total: number, parent: TraceNode, limits: RepetitionLimits): boolean {
  return (
    total >= limits.minTotalMs * 1e6 ||
    (total >= limits.minShareTotalMs * 1e6 && total >= limits.minParentShare * lengthNs(parent))
  );
}

/** Whether all calls are known to ask for the same. */
export function hasEqualValues(calls: readonly Call[]): boolean {
  const [first] = calls;
  return first !== undefined && first.raw !== null && calls.every(({ raw }) => raw === first.raw);
}
