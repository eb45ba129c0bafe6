import { type Nanos, nanos } from '../model/time.ts';
import { nearestRank, type Quantile } from './nearest-rank.ts';
import { sketchBin, sketchValue } from './sketch-bins.ts';

const NO_COUNTS = new Uint32Array(0);
/** Bins added at once, so that a sketch whose durations come in ascending order does not move on every new one. */
const SPARE_BINS = 16;

/**
 * How many durations fell into each bin of a DDSketch: a sample of any size in a few hundred bytes. The same whatever the order
 * of the durations and however they were split among sketches before these were merged. Count, sum and extremes are exact.
 */
export class DurationSketch {
  #counts = NO_COUNTS;
  /** The bin of `#counts[0]`. */
  #first = 0;
  #zeros = 0;
  #count = 0;
  /** The sum is both together; the second part stays exact as a double, and is much cheaper to add to. */
  #wholeSumNs = 0n;
  #partSumNs = 0;
  #minNs = Number.POSITIVE_INFINITY;
  #maxNs = 0;

  get count(): number {
    return this.#count;
  }

  get sumNs(): bigint {
    return this.#wholeSumNs + BigInt(this.#partSumNs);
  }

  /** Null for an empty sample. */
  get minNs(): Nanos | null {
    return this.#count === 0 ? null : nanos(this.#minNs);
  }

  get maxNs(): Nanos | null {
    return this.#count === 0 ? null : nanos(this.#maxNs);
  }

  add(durationNs: Nanos): void {
    this.#count++;
    this.#addToSum(durationNs);
    if (durationNs < this.#minNs) this.#minNs = durationNs;
    if (durationNs > this.#maxNs) this.#maxNs = durationNs;
    if (durationNs === 0) this.#zeros++;
    else this.#addToBin(sketchBin(durationNs), 1);
  }

  /** Adds the sample of another sketch. */
  merge(other: DurationSketch): void {
    this.#count += other.#count;
    this.#wholeSumNs += other.#wholeSumNs;
    this.#addToSum(other.#partSumNs);
    this.#zeros += other.#zeros;
    this.#minNs = Math.min(this.#minNs, other.#minNs);
    this.#maxNs = Math.max(this.#maxNs, other.#maxNs);
    for (const [index, count] of other.#counts.entries()) {
      if (count > 0) this.#addToBin(other.#first + index, count);
    }
  }

  #addToSum(ns: number): void {
    if (this.#partSumNs + ns > Number.MAX_SAFE_INTEGER) {
      this.#wholeSumNs += BigInt(this.#partSumNs);
      this.#partSumNs = 0;
    }
    this.#partSumNs += ns;
  }

  #addToBin(bin: number, count: number): void {
    if (bin < this.#first || bin >= this.#first + this.#counts.length) this.#widen(bin);
    const index = bin - this.#first;
    this.#counts[index] = (this.#counts[index] ?? 0) + count;
  }

  #widen(bin: number): void {
    const isEmpty = this.#counts.length === 0;
    const end = this.#first + this.#counts.length;
    const first = isEmpty || bin < this.#first ? Math.max(0, bin - SPARE_BINS) : this.#first;
    const counts = new Uint32Array((isEmpty ? bin : Math.max(end, bin + 1)) + SPARE_BINS - first);
    if (!isEmpty) counts.set(this.#counts, this.#first - first);
    this.#counts = counts;
    this.#first = first;
  }

  /**
   * The percentile by nearest rank, at most 1 % away from the exact one (below 100 ns also half a nanosecond); null for an empty
   * sample. Never outside the sample's extremes, which are exact.
   */
  percentile(quantile: Quantile): Nanos | null {
    return this.valueAt(nearestRank(quantile, this.#count));
  }

  /** The value of a rank from 1, within the same error; null for other ranks. */
  valueAt(rank: number): Nanos | null {
    if (rank < 1 || rank > this.#count) return null;
    if (rank === 1) return nanos(this.#minNs);
    if (rank === this.#count) return nanos(this.#maxNs);
    const bin = this.binAt(rank);
    const value = bin === null ? 0 : sketchValue(bin);
    return nanos(Math.min(this.#maxNs, Math.max(this.#minNs, value)));
  }

  /** The bin with the duration of a rank; null for those of 0 ns. */
  binAt(rank: number): number | null {
    let seen = this.#zeros;
    if (rank <= seen) return null;
    for (const [index, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= rank) return this.#first + index;
    }
    return null;
  }
}
