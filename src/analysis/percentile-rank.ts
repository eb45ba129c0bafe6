/** Where a duration stands in a sample. */
export interface PercentileRank {
  /** How many of the sample are shorter. */
  readonly below: number;
  /** How many are just as long. */
  readonly equal: number;
  /** The smallest share q such that the q-percentile is at least this long: (below + 1) / n; 1 if longer than all, 0 without a sample. */
  readonly share: number;
}

/**
 * The rank of a duration in a sample sorted ascending, which need not contain it: the other way round from `percentile`, whose
 * value at `share` is the duration itself if the sample has it.
 */
export function percentileRank(sorted: Float64Array, durationNs: number): PercentileRank {
  const below = firstNotBelow(sorted, durationNs);
  let end = below;
  let high = sorted.length;
  while (end < high) {
    const middle = (end + high) >>> 1;
    if ((sorted[middle] ?? 0) <= durationNs) end = middle + 1;
    else high = middle;
  }
  const share = sorted.length === 0 ? 0 : Math.min(1, (below + 1) / sorted.length);
  return { below, equal: end - below, share };
}

/** Position of the first value that is not below `durationNs`. */
function firstNotBelow(sorted: Float64Array, durationNs: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < durationNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
