import { type Nanos, nanos } from '../model/time.ts';

/** How many durations are in [from, to). */
export interface HistogramBucket {
  readonly fromNs: Nanos;
  readonly toNs: Nanos;
  readonly count: number;
}

/** Lower edges: 0, then 1, 2 and 5 times the powers of ten up to the largest whole number that a double holds. */
const EDGES = Float64Array.from([
  0,
  ...Array.from({ length: 48 }, (_, i) => ([1, 2, 5][i % 3] ?? 1) * 10 ** Math.floor(i / 3)),
]);

/** Counts durations in buckets whose edges are 1, 2 and 5 times the powers of ten: 1 ms, 2 ms, 5 ms, 10 ms. */
export class DurationHistogram {
  readonly #counts = new Float64Array(EDGES.length);

  add(durationNs: number): void {
    const bucket = bucketOf(durationNs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** From the first to the last bucket with a duration, also the empty ones between; the counts add up to the sample. */
  buckets(): HistogramBucket[] {
    const first = this.#counts.findIndex((count) => count > 0);
    if (first === -1) return [];
    const last = this.#counts.findLastIndex((count) => count > 0);
    return Array.from(this.#counts.subarray(first, last + 1), (count, i) => ({
      fromNs: nanos(EDGES[first + i] ?? 0),
      toNs: nanos(EDGES[first + i + 1] ?? Number.MAX_SAFE_INTEGER),
      count,
    }));
  }
}

/** The histogram of a whole sample. */
export function durationHistogram(durations: Iterable<number>): HistogramBucket[] {
  const histogram = new DurationHistogram();
  for (const duration of durations) histogram.add(duration);
  return histogram.buckets();
}

function bucketOf(durationNs: number): number {
  let low = 0;
  let high = EDGES.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((EDGES[middle] ?? 0) <= durationNs) low = middle;
    else high = middle - 1;
  }
  return low;
}
