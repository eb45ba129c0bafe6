import { type SpanColumns, WORD, wordOf } from './span-columns.ts';

/** At four million spans one in a thousand is taken for known; beyond it gets slower, not wrong. */
const FILTER_BYTES = 8 * 2 ** 20;

/** A span's bits are within as many words as one line of the processor's cache has, so that it waits for memory once. */
const WORDS_PER_LINE = 16;
const LINES = FILTER_BYTES / 4 / WORDS_PER_LINE;

/** With three, a batch of a trace of a million spans had nearly always one that was taken for known, for which all of the trace is read. */
const BITS_PER_SPAN = 6;

/**
 * A Bloom filter of spans: remembers what an import has stored in 8 MiB, whatever its size, so that the store is asked about a trace
 * only when it may well have one of the spans.
 */
export class KnownSpans {
  readonly #words = new Int32Array(FILTER_BYTES / 4);

  /** Adds the spans `first`…`end`. */
  addAll(columns: SpanColumns, first: number, end: number): void {
    const words = this.#words;
    for (let span = first; span < end; span++) {
      const line = lineOf(columns, span);
      let bits = bitsOf(columns, span);
      for (let i = 0; i < BITS_PER_SPAN; i++) {
        const at = line + ((bits >>> 5) & (WORDS_PER_LINE - 1));
        words[at] = (words[at] ?? 0) | (1 << (bits & 31));
        bits = nextBits(bits);
      }
    }
  }

  /** False only when none of the spans `first`…`end` was added. */
  mayHaveOneOf(columns: SpanColumns, first: number, end: number): boolean {
    for (let span = first; span < end; span++) {
      if (this.#mayHave(lineOf(columns, span), bitsOf(columns, span))) return true;
    }
    return false;
  }

  #mayHave(line: number, allBits: number): boolean {
    let bits = allBits;
    for (let i = 0; i < BITS_PER_SPAN; i++) {
      const word = this.#words[line + ((bits >>> 5) & (WORDS_PER_LINE - 1))] ?? 0;
      if ((word & (1 << (bits & 31))) === 0) return false;
      bits = nextBits(bits);
    }
    return true;
  }
}

/** Index of the first word of a span's line. */
function lineOf(columns: SpanColumns, span: number): number {
  const hash = columns.hashes[span] ?? 0;
  const ids = Math.imul((columns.ids[span * 4] ?? 0) ^ hash, 0x9e3779b1);
  const mixed = Math.imul(ids ^ (ids >>> 15) ^ wordOf(columns, span, WORD.trace), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) & (LINES - 1)) * WORDS_PER_LINE;
}

/** The lowest nine of these bits are the place of a span's first bit in its line. */
function bitsOf(columns: SpanColumns, span: number): number {
  const hash = (columns.hashes[span] ?? 0) / 2 ** 32;
  const mixed = Math.imul((columns.ids[span * 4 + 1] ?? 0) ^ hash, 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

/** Those for the next bit. */
function nextBits(bits: number): number {
  const mixed = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
