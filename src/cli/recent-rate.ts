/** How far back the rate looks. */
const WINDOW_MS = 8000;
/** Readings closer together than this are one. */
const STEP_MS = 250;

interface Reading {
  readonly ms: number;
  readonly amount: number;
}

/** The rate at which an amount has grown lately: it follows a source that gets slower or faster. */
export class RecentRate {
  readonly #readings: Reading[];

  /** `ms` of all calls are of one clock. */
  constructor(ms: number) {
    this.#readings = [{ ms, amount: 0 }];
  }

  /** The amount is `amount` now. */
  note(ms: number, amount: number): void {
    const last = this.#readings.at(-1);
    if (last !== undefined && this.#readings.length > 1 && ms - last.ms < STEP_MS) return;
    this.#readings.push({ ms, amount });
    while ((this.#readings[1]?.ms ?? ms) < ms - WINDOW_MS) this.#readings.shift();
  }

  /** Per second, over the last seconds; null as long as there is nothing to tell it by. */
  perSecond(ms: number, amount: number): number | null {
    const [oldest] = this.#readings;
    if (oldest === undefined || ms <= oldest.ms || amount <= oldest.amount) return null;
    return ((amount - oldest.amount) / (ms - oldest.ms)) * 1000;
  }
}
