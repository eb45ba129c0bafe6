import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';

/** What time went into, other than a section of its own. */
type SharedPart = 'read' | 'trees' | 'paths and errors' | 'second look';

/** What a part of the analysis cost, by its name, in milliseconds. */
export type Costs = Readonly<Record<string, number>>;

/** Adds up how long the parts of an analysis take, on the clock of one thread. */
export class SectionCosts {
  readonly #ms = new Map<string, number>();

  /** The result of `work`, whose time counts for `part`. */
  measure<T>(part: SharedPart | (string & {}), work: () => T): T {
    const start = performance.now();
    const result = work();
    this.#ms.set(part, (this.#ms.get(part) ?? 0) + performance.now() - start);
    return result;
  }

  /** The items, the time to get which counts for `part`. */
  *measureEach<T>(part: SharedPart, items: Iterable<T>): Generator<T> {
    const iterator = items[Symbol.iterator]();
    for (;;) {
      const next = this.measure(part, () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  }

  /** Adds what another thread measured. */
  add(thread: string, costs: Costs): void {
    for (const [part, ms] of Object.entries(costs)) this.#ms.set(`${part}, ${thread}`, ms);
  }

  list(): Costs {
    return Object.fromEntries(this.#ms);
  }
}

/** Parts that cost less are not worth a word. */
const LEAST_MS = 5;

/** Prints them on standard error for those who want to know, the largest first. A remembered result cost nothing. */
export function printCosts(io: Io, options: GlobalOptions, costs: SectionCosts): void {
  if (!options.verbose) return;
  const parts = Object.entries(costs.list()).sort(([, a], [, b]) => b - a);
  const texts = parts
    .filter(([, ms]) => ms >= LEAST_MS)
    .map(([part, ms]) => `${part} ${(ms / 1000).toFixed(2)} s`);
  io.stderr.write(`time: ${parts.length === 0 ? 'remembered' : texts.join(', ')}\n`);
}
