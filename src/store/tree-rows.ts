import type { SpanId } from '../model/ids.ts';
import type { SpanVocabulary } from '../model/span-vocabulary.ts';
import {
  ID_BYTES,
  type SpanColumns,
  type SpanRange,
  timeFlagsOf,
  WORD,
  wordOf,
} from './span-columns.ts';

/** What the keys in columns refer to. */
export interface TreeContext {
  readonly vocabulary: SpanVocabulary;
  /** Numbers in the vocabulary. */
  operation(resourceKey: number, operationKey: number): number;
  resource(key: number): number;
  /** Of a span without a service of its own, below one with `parent`. */
  inherited(operation: number, parent: number): number;
  /** Whether spans of a source may need more than their columns to be put in place. */
  isOdd(sourceKey: number): boolean;
}

/** The id of the parent of the span that was read as number `span`. */
export function parentIdOf(span: number, ranges: readonly SpanRange[]): SpanId {
  let before = 0;
  for (const { columns, first, count } of ranges) {
    if (span < before + count) {
      const { buffer, byteOffset } = columns.ids;
      const bytes = Buffer.from(buffer as ArrayBuffer, byteOffset);
      const at = (first + span - before) * ID_BYTES;
      // Eight bytes in hex; a parent of zeros is none.
      return bytes.toString('hex', at + ID_BYTES / 2, at + ID_BYTES) as SpanId;
    }
    before += count;
  }
  throw new RangeError(`no span was read as number ${span}`);
}

export function isOdd(columns: SpanColumns, at: number, context: TreeContext): boolean {
  const { timeHalves, sources } = columns;
  return (
    timeFlagsOf(columns, at) !== 0 ||
    wordOf(columns, at, WORD.links) !== 0 ||
    ((timeHalves[at * 4] ?? 0) | (timeHalves[at * 4 + 1] ?? 0)) === 0 ||
    context.isOdd(sources[at] ?? 0)
  );
}

/** The start of a span, from that of the first span of `origin`. */
export function difference({ timeHalves }: SpanColumns, at: number, origin: SpanRange): number {
  const base = origin.columns.timeHalves;
  const from = origin.first * 4;
  const high = (timeHalves[at * 4 + 1] ?? 0) - (base[from + 1] ?? 0);
  const low = ((timeHalves[at * 4] ?? 0) >>> 0) - ((base[from] ?? 0) >>> 0);
  return high * 2 ** 32 + low;
}

/** A span's end − start. */
export function lengthOf({ timeHalves }: SpanColumns, at: number): number {
  return (timeHalves[at * 4 + 3] ?? 0) * 2 ** 32 + ((timeHalves[at * 4 + 2] ?? 0) >>> 0);
}
