import type { Nanos } from '../model/time.ts';

const FIRST_CAPACITY = 8;

/** A growing sample of durations, each with the number of its trace, at 12 bytes each. */
export class TracedDurations {
  #durations = new Float64Array(FIRST_CAPACITY);
  #traces = new Uint32Array(FIRST_CAPACITY);
  #count = 0;

  push(durationNs: Nanos, trace: number): void {
    if (this.#count === this.#durations.length) this.#grow();
    this.#durations[this.#count] = durationNs;
    this.#traces[this.#count++] = trace;
  }

  #grow(): void {
    const durations = new Float64Array(this.#count * 2);
    const traces = new Uint32Array(this.#count * 2);
    durations.set(this.#durations);
    traces.set(this.#traces);
    this.#durations = durations;
    this.#traces = traces;
  }

  /** The durations in ascending order, as a copy. */
  sorted(): Float64Array {
    return this.#durations.slice(0, this.#count).sort();
  }

  /** The numbers of the traces with a duration of just that length. */
  tracesOf(durationNs: number): number[] {
    const traces: number[] = [];
    for (let i = 0; i < this.#count; i++) {
      if (this.#durations[i] === durationNs) traces.push(this.#traces[i] ?? 0);
    }
    return traces;
  }
}
