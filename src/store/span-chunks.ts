import { checksum } from './checksum.ts';
import type { Connection } from './connection.ts';
import { RowInserter } from './row-inserter.ts';
import {
  IDS_PER_SPAN,
  type SpanColumns,
  type StoredRareFields,
  textLength,
  WORD,
  WORDS_PER_SPAN,
  wordOf,
} from './span-columns.ts';
import { StoreFailure } from './store-failure.ts';

/** Spans in a chunk at most: few enough that reading one small trace does not cost much more than its own spans. */
export const CHUNK_SPANS = 256;

/** A chunk ends before its texts grow beyond this; a span with larger ones has a chunk of its own. */
const CHUNK_TEXT_BYTES = 256 * 1024;

/** Columns of `span_chunks` in the order of `columnsOfRow`. */
const CHUNK_COLUMNS = 'spans, source_key, ids, times, hashes, words, rare, texts';

const INSERT_CHUNK = `INSERT INTO span_chunks (${CHUNK_COLUMNS}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const INSERT_PLACES = 'INSERT INTO trace_chunks (trace_key, chunk_key, first, spans)';
const READ_CHUNK = `SELECT ${CHUNK_COLUMNS}, checksum FROM span_chunks WHERE chunk_key = ?`;
const READ_NUMBERS = READ_CHUNK.replace(', texts, checksum', ", x'', NULL");

type ChunkRow = readonly [
  spans: bigint,
  sourceKey: bigint,
  ids: Buffer,
  times: Buffer,
  hashes: Buffer,
  words: Buffer,
  rare: string | null,
  texts: Buffer,
  checksum: bigint | null,
];

/**
 * Stores spans, those of one trace side by side, in as many chunks as they need. Changes `textAt` of the columns, which are of no use
 * afterwards. Call it inside a transaction.
 */
export function insertChunks(connection: Connection, columns: SpanColumns): void {
  const places = new RowInserter(connection, INSERT_PLACES, 4);
  let first = 0;
  while (first < columns.length) {
    const end = endOfChunk(columns, first);
    insertChunk(connection, columns, first, end, places);
    first = end;
  }
  places.flush();
}

/**
 * A chunk by its key; null when it is no more. A chunk never changes, and its key is never given to another.
 * Throws a `StoreFailure` for one that is damaged.
 */
export function readChunk(connection: Connection, key: number): SpanColumns | null {
  return readColumns(connection, READ_CHUNK, key);
}

/**
 * The same without texts, which are most of what there is to read. The numbers are taken as they are: the checksum is one of numbers and
 * texts together.
 */
export function readChunkNumbers(connection: Connection, key: number): SpanColumns | null {
  return readColumns(connection, READ_NUMBERS, key);
}

function readColumns(connection: Connection, sql: string, key: number): SpanColumns | null {
  const row = connection.first<ChunkRow>(sql, [key]);
  if (row === null) return null;
  if (!isAsWritten(row))
    throw damaged(connection, `the chunk ${key} of spans is not as it was written`);
  const columns = columnsOfRow(row);
  if (!isWhole(columns)) throw damaged(connection, `the chunk ${key} of spans cannot be read`);
  return columns;
}

function damaged({ path }: Connection, where: string): StoreFailure {
  return new StoreFailure('input', `the store ${path} is damaged`, {
    where: [where],
    fix: 'see what is damaged with tracecli store check, and import the dumps again into another file',
  });
}

/** Whether a row has its checksum still. One of a store that had none is taken as it is. */
function isAsWritten(row: ChunkRow): boolean {
  const [spans, sourceKey, ids, times, hashes, words, rare, texts, sum] = row;
  return (
    sum === null ||
    checksumOf({ spans: Number(spans), source: Number(sourceKey), rare }, [
      ids,
      times,
      hashes,
      words,
      texts,
    ]) === sum
  );
}

/** Whether every column has as many spans as the others. */
function isWhole({ length, ids, times, hashes, words }: SpanColumns): boolean {
  return (
    length > 0 &&
    ids.length === length * IDS_PER_SPAN &&
    times.length === length * 2 &&
    hashes.length === length &&
    words.length === length * WORDS_PER_SPAN
  );
}

/** The columns of numbers of a chunk. */
export type ChunkNumbers = Pick<SpanColumns, 'length' | 'timeHalves' | 'words'>;

/** Chunks that are read at once: some 2 MB. */
const CHUNKS_AT_ONCE = 128;

/** Calls `visit` with the numbers of every chunk, in the order in which they were written. Reads no texts. */
export function eachChunkNumbers(
  connection: Connection,
  visit: (numbers: ChunkNumbers) => void,
): void {
  let after = 0n;
  for (;;) {
    const rows = connection.all<readonly [bigint, bigint, Buffer, Buffer]>(
      'SELECT chunk_key, spans, times, words FROM span_chunks WHERE chunk_key > ? ORDER BY chunk_key LIMIT ?',
      [after, CHUNKS_AT_ONCE],
    );
    for (const [key, spans, times, words] of rows) {
      after = key;
      visit({
        length: Number(spans),
        timeHalves: new Int32Array(aligned(times, 8)),
        words: new Uint32Array(aligned(words, 4)),
      });
    }
    if (rows.length < CHUNKS_AT_ONCE) return;
  }
}

/** Keys of all chunks, in the order in which they were written. */
export function chunkKeys(connection: Connection): number[] {
  return connection
    .all<readonly [bigint]>('SELECT chunk_key FROM span_chunks ORDER BY chunk_key')
    .map(([key]) => Number(key));
}

/** Calls `visit` with one after the other of the stretches in which a trace's spans stand side by side. */
export function eachTraceRun(
  columns: SpanColumns,
  first: number,
  end: number,
  visit: (traceKey: number, first: number, count: number) => void,
): void {
  let start = first;
  while (start < end) {
    const trace = wordOf(columns, start, WORD.trace);
    let next = start + 1;
    while (next < end && wordOf(columns, next, WORD.trace) === trace) next += 1;
    visit(trace, start, next - start);
    start = next;
  }
}

function endOfChunk(columns: SpanColumns, first: number): number {
  const last = Math.min(columns.length, first + CHUNK_SPANS);
  let bytes = textLength(columns, first);
  let end = first + 1;
  while (end < last && columns.sources[end] === columns.sources[first]) {
    bytes += textLength(columns, end);
    if (bytes > CHUNK_TEXT_BYTES) break;
    end += 1;
  }
  return end;
}

function insertChunk(
  connection: Connection,
  columns: SpanColumns,
  first: number,
  end: number,
  places: RowInserter,
): void {
  const texts = gatherTexts(columns, first, end);
  const { ids, times, hashes, words, sources } = columns;
  const numbers = [
    bytesOf(ids.subarray(first * IDS_PER_SPAN, end * IDS_PER_SPAN)),
    bytesOf(times.subarray(first * 2, end * 2)),
    bytesOf(hashes.subarray(first, end)),
    bytesOf(words.subarray(first * WORDS_PER_SPAN, end * WORDS_PER_SPAN)),
  ];
  const rare = encodeRare(columns.rare, first, end);
  const [spans, source] = [end - first, sources[first] ?? 0];
  const sum = checksumOf({ spans, source, rare }, [...numbers, texts]);
  const key = connection.insert(INSERT_CHUNK, [spans, source, ...numbers, rare, texts, sum]);
  eachTraceRun(columns, first, end, (trace, at, count) =>
    places.add(trace, key, at - first, count),
  );
}

/** Of all that a row holds but its key. */
function checksumOf(
  { spans, source, rare }: { spans: number; source: number; rare: string | null },
  blobs: readonly Uint8Array[],
): bigint {
  const parts = rare === null ? blobs : [...blobs, Buffer.from(rare)];
  return checksum(parts, BigInt(spans * 2 ** 32 + source));
}

/** Texts of a chunk's spans one after the other; the spans' `textAt` refers to them afterwards. */
function gatherTexts(columns: SpanColumns, first: number, end: number): Buffer {
  let bytes = 0;
  for (let span = first; span < end; span++) bytes += textLength(columns, span);
  const texts = Buffer.allocUnsafe(bytes);
  const { words, texts: source } = columns;
  let at = 0;
  for (let span = first; span < end; span++) {
    const from = wordOf(columns, span, WORD.textAt);
    const length = textLength(columns, span);
    texts.set(source.subarray(from, from + length), at);
    words[span * WORDS_PER_SPAN + WORD.textAt] = at;
    at += length;
  }
  return texts;
}

function encodeRare(
  rare: ReadonlyMap<number, StoredRareFields>,
  first: number,
  end: number,
): string | null {
  if (rare.size === 0) return null;
  const fields: Record<string, StoredRareFields> = {};
  for (let span = first; span < end; span++) {
    const found = rare.get(span);
    if (found !== undefined) fields[span - first] = found;
  }
  return Object.keys(fields).length === 0 ? null : JSON.stringify(fields);
}

/** Columns of damaged rows are shorter than they ought to be. */
function columnsOfRow([
  spans,
  sourceKey,
  ids,
  times,
  hashes,
  words,
  rare,
  texts,
]: ChunkRow): SpanColumns {
  const fields = rare === null ? NO_RARE : decodeRare(rare);
  const timeBytes = aligned(times, 8);
  return {
    length: Number(spans),
    ids: new Uint32Array(aligned(ids, 4)),
    times: new BigInt64Array(timeBytes),
    timeHalves: new Int32Array(timeBytes),
    hashes: new Float64Array(aligned(hashes, 8)),
    words: fields === null ? new Uint32Array(0) : new Uint32Array(aligned(words, 4)),
    sources: new Uint32Array(Number(spans)).fill(Number(sourceKey)),
    texts,
    rare: fields ?? NO_RARE,
  };
}

const NO_RARE: ReadonlyMap<number, StoredRareFields> = new Map();

/** Null when the text is not JSON. */
function decodeRare(text: string): ReadonlyMap<number, StoredRareFields> | null {
  try {
    const fields: Record<string, StoredRareFields> = JSON.parse(text);
    return new Map(Object.entries(fields).map(([span, found]) => [Number(span), found]));
  } catch {
    return null;
  }
}

/** The bytes as a buffer of whole elements of their own: what SQLite gave may be part of a larger one, at an odd place. */
export function aligned(
  { buffer, byteOffset, byteLength }: Buffer,
  elementBytes: number,
): ArrayBuffer {
  const length = byteLength - (byteLength % elementBytes);
  return buffer instanceof ArrayBuffer && byteOffset === 0 && length === buffer.byteLength
    ? buffer
    : (buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
