import { fisherExact } from '../analysis/fisher-exact.ts';
import { nearestRank, type Quantile } from '../analysis/nearest-rank.ts';

/** Whether a quantile of two samples differs. */
export interface QuantileTest {
  /** The nearest-rank quantile of both samples together. */
  readonly threshold: number;
  /** Values strictly above it. */
  readonly baseAbove: number;
  readonly currentAbove: number;
  /** Fisher's exact test of those counts, two-sided. */
  readonly p: number;
  /** The smallest p that samples of these sizes with as many values above can have. */
  readonly leastP: number;
}

/**
 * Compares how much of each sample (sorted ascending) lies above the quantile of both together. Exact, without resampling and without
 * assumptions about the distribution; ties do no harm. Unlike a rank test it sees a change of the tail alone. p is 1 for an empty sample.
 */
export function quantileTest(
  base: ArrayLike<number>,
  current: ArrayLike<number>,
  quantile: Quantile,
): QuantileTest {
  const [left, right] = [base.length, current.length];
  if (left === 0 || right === 0)
    return { threshold: 0, baseAbove: 0, currentAbove: 0, p: 1, leastP: 1 };
  const threshold = pooledValue(base, current, nearestRank(quantile, left + right));
  const baseAbove = left - countUpTo(base, threshold);
  const currentAbove = right - countUpTo(current, threshold);
  const counts = { withLeft: baseAbove, left, withRight: currentAbove, right };
  return {
    threshold,
    baseAbove,
    currentAbove,
    p: fisherExact(counts),
    leastP: leastFisherP(baseAbove + currentAbove, left, right),
  };
}

/** The smallest p of Fisher's test when `withAny` of `left` + `right` have the property: all of them on one side, as far as they fit. */
export function leastFisherP(withAny: number, left: number, right: number): number {
  const most = Math.min(withAny, left);
  const least = Math.max(0, withAny - right);
  const pOf = (withLeft: number) =>
    fisherExact({ withLeft, left, withRight: withAny - withLeft, right });
  return Math.min(pOf(most), pOf(least));
}

/** The value at a rank of the two samples merged. Linear in the rank. */
function pooledValue(base: ArrayLike<number>, current: ArrayLike<number>, rank: number): number {
  let [i, j] = [0, 0];
  let value = 0;
  while (i + j < rank) {
    const a = base[i] ?? Number.POSITIVE_INFINITY;
    const b = current[j] ?? Number.POSITIVE_INFINITY;
    value = Math.min(a, b);
    if (a <= b) i++;
    else j++;
  }
  return value;
}

/** How many values of a sorted sample are at most `limit`. */
function countUpTo(sorted: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
