import { TIME_FLAGS } from '../model/span.ts';
import { type UnixNano, unixNano } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';

/** First and last start of the spans of all traces. */
export class StartWindow {
  #start: UnixNano | null = null;
  #end: UnixNano | null = null;

  add({ tree, startUnixNano: start }: Trace): void {
    let last = -1;
    for (let span = 0; span < tree.size; span++) {
      const startNs = tree.start[span] ?? 0;
      if (startNs > last && ((tree.timeFlags[span] ?? 0) & TIME_FLAGS.noStart) === 0)
        last = startNs;
    }
    if (last < 0) return;
    const end = unixNano(start + BigInt(last));
    if (this.#start === null || start < this.#start) this.#start = start;
    if (this.#end === null || end > this.#end) this.#end = end;
  }

  range(): { readonly start: UnixNano; readonly end: UnixNano } | null {
    return this.#start === null || this.#end === null
      ? null
      : { start: this.#start, end: this.#end };
  }

  seconds(): number {
    return this.#start === null || this.#end === null ? 0 : Number(this.#end - this.#start) / 1e9;
  }
}
