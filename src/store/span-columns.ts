/** 32-bit columns of a span in `SpanColumns.words`. */
export const WORD = {
  /** Keys of rows in other tables. */
  trace: 0,
  operation: 1,
  resource: 2,
  scope: 3,
  /** Index in STATUS_CODES in the lowest two bits, `Span.timeFlags` in the next four, above them `Span.flags` below `STATE_FLAGS`. */
  state: 4,
  /** Where the span's texts begin in `SpanColumns.texts`; attributes, events and links stand there one after the other. */
  textAt: 5,
  /** Lengths in bytes, 0 for none. */
  attributes: 6,
  events: 7,
  links: 8,
} as const;
export const WORDS_PER_SPAN = 9;

/** Larger flags, which OpenTelemetry has no meaning for yet, are among the rare fields. */
export const STATE_FLAGS = 2 ** 26;

/** 32-bit halves of a span's and its parent's id in `SpanColumns.ids`. */
export const IDS_PER_SPAN = 4;
export const ID_BYTES = 16;

/** Fields that few spans have; absent means empty, nothing or as the trace's row says. */
export interface StoredRareFields {
  readonly message?: string;
  readonly extra?: unknown;
  readonly rawIds?: RawIds;
  readonly flags?: number;
}

/** Spellings of ids in the dump that are neither canonical nor the trace's. */
export interface RawIds {
  trace?: string | null;
  span?: string;
  parent?: string;
}

/**
 * Spans as the store keeps them, column by column, those of one trace side by side. Little-endian, but for the ids, which are the bytes
 * that people write in hex.
 */
export interface SpanColumns {
  readonly length: number;
  /** Four words a span: id and parent's id (zeros for none), `ID_BYTES` bytes. Big-endian: numbers only for comparing. */
  readonly ids: Uint32Array;
  /** Two a span: start in ns since 1970, and end − start. */
  readonly times: BigInt64Array;
  /** `times`, as halves, the lower one first: each number of 64 bits is an object, each half is not. */
  readonly timeHalves: Int32Array;
  /** Content hashes: tell copies of a span from different spans with the same id. */
  readonly hashes: Float64Array;
  /** `WORDS_PER_SPAN` a span. */
  readonly words: Uint32Array;
  /** Key of the row that says which import a span comes from. */
  readonly sources: Uint32Array;
  /** UTF-8. */
  readonly texts: Buffer;
  /** By span. */
  readonly rare: ReadonlyMap<number, StoredRareFields>;
}

/** A stretch of spans, usually of one trace. */
export interface SpanRange {
  readonly columns: SpanColumns;
  readonly first: number;
  readonly count: number;
}

/** Columns of zeros for `length` spans whose texts are parts of `texts`. */
export function emptyColumns(length: number, texts: Buffer) {
  const times = new BigInt64Array(length * 2);
  return {
    length,
    ids: new Uint32Array(length * IDS_PER_SPAN),
    times,
    timeHalves: new Int32Array(times.buffer),
    hashes: new Float64Array(length),
    words: new Uint32Array(length * WORDS_PER_SPAN),
    sources: new Uint32Array(length),
    texts,
    rare: new Map<number, StoredRareFields>(),
  } satisfies SpanColumns;
}

/** The spans at the indexes in `kept`, in that order, with the same texts. */
export function selectSpans(columns: SpanColumns, kept: readonly number[]): SpanColumns {
  const selected = emptyColumns(kept.length, columns.texts);
  kept.forEach((from, to) => {
    selected.ids.set(columns.ids.subarray(from * 4, from * 4 + 4), to * 4);
    selected.times.set(columns.times.subarray(from * 2, from * 2 + 2), to * 2);
    selected.hashes[to] = columns.hashes[from] ?? 0;
    selected.words.set(
      columns.words.subarray(from * WORDS_PER_SPAN, (from + 1) * WORDS_PER_SPAN),
      to * WORDS_PER_SPAN,
    );
    selected.sources[to] = columns.sources[from] ?? 0;
    const rare = columns.rare.get(from);
    if (rare !== undefined) selected.rare.set(to, rare);
  });
  return selected;
}

/** One of a span's words. */
export function wordOf({ words }: SpanColumns, span: number, word: number): number {
  return words[span * WORDS_PER_SPAN + word] ?? 0;
}

/** Bytes of a span's attributes, events and links together. */
export function textLength(columns: SpanColumns, span: number): number {
  return (
    wordOf(columns, span, WORD.attributes) +
    wordOf(columns, span, WORD.events) +
    wordOf(columns, span, WORD.links)
  );
}

/** Index in STATUS_CODES. */
export function statusOf(columns: SpanColumns, span: number): number {
  return wordOf(columns, span, WORD.state) & 3;
}

/** Bits of TIME_FLAGS. */
export function timeFlagsOf(columns: SpanColumns, span: number): number {
  return (wordOf(columns, span, WORD.state) >>> 2) & 15;
}

/** `Span.flags`. */
export function flagsOf(columns: SpanColumns, span: number): number {
  return columns.rare.get(span)?.flags ?? wordOf(columns, span, WORD.state) >>> 6;
}

export function hasParent({ ids }: SpanColumns, span: number): boolean {
  return ((ids[span * 4 + 2] ?? 0) | (ids[span * 4 + 3] ?? 0)) !== 0;
}
