import { type Nanos, nanos } from '../../model/time.ts';
import { DurationSketch } from '../duration-sketch.ts';
import { nearestRank, type Quantile } from '../nearest-rank.ts';

const MAX_EXACT = 1_000;

/**
 * A sample of durations: each of the first thousand (8 kB), beyond that a sketch whose values are at most 1 % off (some hundred
 * bytes).
 */
export class BoundedDurations {
  #exact: number[] = [];
  #isSorted = true;
  /** Null as long as the sample is small. */
  #sketch: DurationSketch | null = null;

  get count(): number {
    return this.#sketch?.count ?? this.#exact.length;
  }

  add(durationNs: Nanos): void {
    if (this.#sketch !== null) this.#sketch.add(durationNs);
    else if (this.#exact.length === MAX_EXACT) this.#startSketch().add(durationNs);
    else {
      this.#exact.push(durationNs);
      this.#isSorted = false;
    }
  }

  #startSketch(): DurationSketch {
    const sketch = new DurationSketch();
    for (const ns of this.#exact) sketch.add(nanos(ns));
    this.#exact = [];
    this.#sketch = sketch;
    return sketch;
  }

  /** The duration of a rank from 1; null for other ranks. */
  valueAt(rank: number): Nanos | null {
    if (this.#sketch !== null) return this.#sketch.valueAt(rank);
    if (!this.#isSorted) {
      this.#exact.sort((a, b) => a - b);
      this.#isSorted = true;
    }
    const value = this.#exact[rank - 1];
    return value === undefined ? null : nanos(value);
  }

  /** By nearest rank; null for an empty sample. */
  percentile(quantile: Quantile): Nanos | null {
    return this.valueAt(nearestRank(quantile, this.count));
  }

  /** How many durations are at least `leastNs`. */
  countFrom(leastNs: number): number {
    let low = 1;
    let high = this.count + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.valueAt(middle) ?? 0) >= leastNs) high = middle;
      else low = middle + 1;
    }
    return this.count + 1 - low;
  }
}
