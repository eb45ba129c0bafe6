import type { Nanos } from '../model/time.ts';

const NOTHING = new Float64Array(0);
/** Enough for many samples, and small enough to stay inside the array's own memory. */
const FIRST_CAPACITY = 8;

/** A growing sample of durations at 8 bytes each. Nanoseconds, exact up to 2^53 ns (104 days). */
export class DurationSamples {
  #values = NOTHING;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(durationNs: Nanos): void {
    if (this.#count === this.#values.length) {
      const grown = new Float64Array(Math.max(FIRST_CAPACITY, this.#count * 2));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#count++] = durationNs;
  }

  /** The duration that was added as number `index` from 0; NaN if none was. */
  at(index: number): number {
    return index < this.#count ? (this.#values[index] ?? Number.NaN) : Number.NaN;
  }

  /** The durations in ascending order, as a copy: sort once per result. */
  sorted(): Float64Array {
    return this.#values.slice(0, this.#count).sort();
  }
}
