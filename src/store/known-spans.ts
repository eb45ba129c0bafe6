import { type SpanColumns, WORD, wordOf } from './span-columns.ts';

/** Bits of the filter: at four million spans one in two hundred is taken for known; beyond it gets slower, not wrong. */
const FILTER_BITS = 2 ** 26;
const MASK = FILTER_BITS - 1;

/**
 * A Bloom filter of spans: remembers what an import has stored in 8 MiB, whatever its size, so that the store is asked about a trace
 * only when it may well have one of the spans.
 */
export class KnownSpans {
  readonly #words = new Int32Array(FILTER_BITS / 32);

  /** Adds the spans `first`…`end`. */
  addAll(columns: SpanColumns, first: number, end: number): void {
    const words = this.#words;
    for (let span = first; span < end; span++) {
      let bit = firstBit(columns, span);
      const step = stepOf(columns, span);
      for (let i = 0; i < 3; i++) {
        const at = (bit & MASK) >>> 5;
        words[at] = (words[at] ?? 0) | (1 << (bit & 31));
        bit = (bit + step) | 0;
      }
    }
  }

  /** False only when none of the spans `first`…`end` was added. */
  mayHaveOneOf(columns: SpanColumns, first: number, end: number): boolean {
    for (let span = first; span < end; span++) {
      if (this.#mayHave(firstBit(columns, span), stepOf(columns, span))) return true;
    }
    return false;
  }

  #mayHave(first: number, step: number): boolean {
    let bit = first;
    for (let i = 0; i < 3; i++) {
      if (((this.#words[(bit & MASK) >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
      bit = (bit + step) | 0;
    }
    return true;
  }
}

function firstBit(columns: SpanColumns, span: number): number {
  const hash = columns.hashes[span] ?? 0;
  const ids = Math.imul((columns.ids[span * 4] ?? 0) ^ hash, 0x9e3779b1);
  const mixed = Math.imul(ids ^ (ids >>> 15) ^ wordOf(columns, span, WORD.trace), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** An odd number. */
function stepOf(columns: SpanColumns, span: number): number {
  const hash = (columns.hashes[span] ?? 0) / 2 ** 32;
  const mixed = Math.imul((columns.ids[span * 4 + 1] ?? 0) ^ hash, 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) | 1;
}
