import type { MouseInput } from './mouse-input.ts';

const DOUBLE_CLICK_MS = 400;

/** Tells double clicks, which terminals report as two clicks: the same button on the same row, soon after. */
export class DoubleClicks {
  readonly #now: () => number;
  #last: { readonly time: number; readonly input: MouseInput } | null = null;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  counted(input: MouseInput): MouseInput & { readonly isDouble: boolean } {
    if (input.action !== 'down') return { ...input, isDouble: false };
    const time = this.#now();
    const last = this.#last;
    const isDouble =
      last !== null &&
      time - last.time <= DOUBLE_CLICK_MS &&
      last.input.button === input.button &&
      last.input.y === input.y &&
      Math.abs(last.input.x - input.x) <= 1;
    // A third click begins anew.
    this.#last = isDouble ? null : { time, input };
    return { ...input, isDouble };
  }
}
