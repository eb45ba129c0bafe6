import { endOfValue } from './chunk-digest.ts';
import {
  type AttributeQuestion,
  type Bits,
  piecesOf,
  type SpanQuestion,
  UNCERTAIN,
} from './column-question.ts';
import type { Connection } from './connection.ts';
import type { KeyBits } from './key-bits.ts';
import { aligned } from './span-chunks.ts';
import { WORD, WORDS_PER_SPAN } from './span-columns.ts';

/** The columns that questions are about. */
interface ScannedColumns {
  readonly length: number;
  /** As in `SpanColumns`. */
  readonly words: Uint32Array;
  /** The halves of the numbers in `SpanColumns.times`. */
  readonly times: Uint32Array;
  /** Empty when nothing is asked of attributes. */
  readonly texts: Buffer;
}

/** Reads no more of a chunk than is asked for; null for one that is no more, or damaged. */
export function readScanned(
  connection: Connection,
  key: number,
  withTexts: boolean,
): ScannedColumns | null {
  const row = connection.first<readonly [bigint, Buffer, Buffer, Buffer | null]>(
    `SELECT spans, words, times, ${withTexts ? 'texts' : 'NULL'} FROM span_chunks WHERE chunk_key = ?`,
    [key],
  );
  if (row === null) return null;
  const [spans, words, times, texts] = row;
  return {
    length: Number(spans),
    words: new Uint32Array(aligned(words, 4)),
    times: new Uint32Array(aligned(times, 4)),
    texts: texts ?? NO_TEXTS,
  };
}

const NO_TEXTS = Buffer.alloc(0);

/** Asks all spans of a chunk. Where spans may be merged, what they have together counts too. */
export function scanChunk(
  columns: ScannedColumns,
  merges: 'never' | 'at ends' | 'inside',
  question: SpanQuestion,
  keys: KeyBits,
  found: Map<number, Bits>,
): void {
  const { words, times, length } = columns;
  const bits = attributeBits(columns, keys);
  let trace = words[WORD.trace] ?? 0;
  let parts = 0;
  let all = 0;
  // Traces at the ends of a chunk may go on in others.
  let isWhole = false;
  const close = (isInside: boolean) => {
    if (merges === 'inside') parts |= question.parts(all);
    const isSure = merges === 'never' || (merges === 'at ends' && isWhole && isInside);
    const doubt = isSure ? 0 : UNCERTAIN;
    if (parts !== 0) found.set(trace, (found.get(trace) ?? 0) | parts | doubt);
    parts = 0;
    all = 0;
    isWhole = true;
  };
  for (let span = 0; span < length; span++) {
    const at = span * WORDS_PER_SPAN;
    const traceKey = words[at + WORD.trace] ?? 0;
    if (traceKey !== trace) close(true);
    trace = traceKey;
    const own =
      (bits?.[span] ?? 0) |
      question.always |
      keys.ofOperation(words[at + WORD.operation] ?? 0) |
      keys.ofResource(words[at + WORD.resource] ?? 0) |
      (question.ofStatus[(words[at + WORD.state] ?? 0) & 3] ?? 0) |
      question.ofDuration(durationOf(times, span));
    parts |= question.parts(own);
    all |= own;
  }
  close(false);
}

/** From the halves of a 64-bit integer: making a bigint of each costs more than all the rest. */
function durationOf(times: Uint32Array, span: number): number {
  const high = times[span * 4 + 3] ?? 0;
  return high >= 2 ** 31 ? 0 : high * 2 ** 32 + (times[span * 4 + 2] ?? 0);
}

/** Bits of the attributes of every span. */
function attributeBits(columns: ScannedColumns, keys: KeyBits): Int32Array | null {
  if (keys.attributes.length === 0) return null;
  const bits = new Int32Array(columns.length);
  for (const { question } of keys.attributes) {
    for (const piece of new Set(piecesOf(question))) {
      markSpans(columns, Buffer.from(piece), question, bits);
    }
  }
  return bits;
}

/** Finds a piece in the texts of all spans at once, and the spans that it stands in. */
function markSpans(
  { texts, words, length }: ScannedColumns,
  piece: Buffer,
  question: AttributeQuestion,
  bits: Int32Array,
): void {
  const keyBytes = Buffer.byteLength(JSON.stringify(question.name)) + 1;
  let span = 0;
  for (let at = texts.indexOf(piece); at >= 0; at = texts.indexOf(piece, at + 1)) {
    while (span + 1 < length && (words[(span + 1) * WORDS_PER_SPAN + WORD.textAt] ?? 0) <= at)
      span++;
    if (holdsAt(texts, at + keyBytes, question)) bits[span] = (bits[span] ?? 0) | question.bit;
  }
}

/** Whether the value that begins at `at` will do, as far as it can be told without decoding all attributes. */
function holdsAt(texts: Buffer, at: number, { holds }: AttributeQuestion): boolean {
  const text = texts.toString('utf8', at, endOfValue(texts, at, texts.length));
  if (text.startsWith('{') || text.startsWith('[')) return true;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'number') return holds(Number.isInteger(value) ? BigInt(value) : value);
    return typeof value === 'string' || typeof value === 'boolean' ? holds(value) : true;
  } catch {
    return true;
  }
}
