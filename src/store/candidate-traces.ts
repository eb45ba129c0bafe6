import type { Attributes, AttributeValue } from '../model/attributes.ts';
import { SPAN_KINDS, type SpanKind } from '../model/span.ts';
import {
  attributeHash,
  type ChunkDigest,
  endOfValue,
  GROUP_WORDS,
  HAS_ODD_TIMES,
  HAS_PARTS,
  HEAD_WORDS,
  mayHave,
} from './chunk-digest.ts';
import { digestedChunks } from './chunk-digests.ts';
import { type Connection, connectionOf } from './connection.ts';
import type { Store } from './open-store.ts';
import { SharedLookup } from './shared-lookup.ts';
import { aligned } from './span-chunks.ts';
import { WORD, WORDS_PER_SPAN } from './span-columns.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';

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
function readScanned(
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

/** One of the properties of spans that a question is about is a bit of a 32-bit number. */
export type Bits = number;

/** What is asked of every span of the store. */
export interface SpanQuestion {
  /** Bits that no column can decide about; they count as holding. */
  readonly always: Bits;
  readonly ofOperation: (operation: {
    readonly service: string;
    readonly name: string;
    readonly kind: SpanKind;
  }) => Bits;
  /** By index in STATUS_CODES. */
  readonly ofStatus: readonly Bits[];
  readonly ofDuration: (durationNs: number) => Bits;
  /** All bits that operations and statuses alone decide about. */
  readonly groupBits: Bits;
  /** All bits that durations decide about. */
  readonly durationBits: Bits;
  /** Bits that may hold for a duration between the two. */
  readonly ofDurations: (minNs: number, maxNs: number) => Bits;
  readonly ofResource: (attributes: Attributes) => Bits;
  readonly ofAttributes: readonly AttributeQuestion[];
  /** Which of its parts a span answers that has these bits: a bit each. More bits never answer fewer. */
  readonly parts: (bits: Bits) => Bits;
}

/** A question about one attribute of a span. */
export interface AttributeQuestion {
  readonly bit: Bits;
  readonly name: string;
  /** Only these values will do, in their stored form; null when `holds` decides. */
  readonly stored: readonly string[] | null;
  readonly holds: (value: AttributeValue) => boolean;
}

/** How far a question went. */
export interface ColumnScan {
  /**
   * Of each trace of which a span answers a part, all parts that its spans answer; and `UNCERTAIN` where that may change when the trace
   * is built, because records of one span may be merged or because the rest of the trace lies elsewhere.
   */
  readonly parts: ReadonlyMap<number, Bits>;
  readonly chunks: number;
  /** Chunks that were looked into. */
  readonly chunksRead: number;
}

/** Asks every span's columns, passing over chunks in which nothing can be an answer. Never misses a trace. */
export function scanColumns(store: Store, question: SpanQuestion): ColumnScan {
  const connection = connectionOf(store);
  const keys = new KeyBits(connection, question);
  const chunks = digestedChunks(connection, question.ofAttributes.length > 0);
  const found = new Map<number, Bits>();
  const mayMerge = mayMergeSpans(connection);
  let chunksRead = 0;
  for (const { key, digest } of chunks) {
    if (digest !== null && !mayAnswer(digest, question, keys)) continue;
    const columns = readScanned(connection, key, question.ofAttributes.length > 0);
    if (columns === null) continue;
    chunksRead += 1;
    const hasParts = digest === null || (flagsOf(digest) & HAS_PARTS) !== 0;
    const merges = hasParts ? 'inside' : 'at ends';
    scanChunk(columns, mayMerge ? merges : 'never', question, keys, found);
  }
  if (mayMerge) for (const trace of scatteredTraces(connection)) found.set(trace, ALL_PARTS);
  return { parts: found, chunks: chunks.length, chunksRead };
}

/** The bit of no part. */
export const UNCERTAIN = 1 << 31;

const ALL_PARTS = -1;

/**
 * Whether records of one span may be merged when a trace is built: Zipkin's fragments, and in dumps of any format records without a
 * kind. Without them spans stay what their columns say.
 */
function mayMergeSpans(connection: Connection): boolean {
  const row = connection.first(
    `SELECT 1 FROM source_rows WHERE format LIKE 'zipkin%' UNION ALL SELECT 1 FROM operation_rows WHERE kind = 0 LIMIT 1`,
  );
  return row !== null;
}

/** Traces that more than one chunk holds: what will be merged may lie in different chunks, and none of it be an answer alone. */
function scatteredTraces(connection: Connection): number[] {
  return connection
    .all<readonly [bigint]>(
      'SELECT trace_key FROM trace_chunks GROUP BY trace_key HAVING count(*) > 1',
    )
    .map(([key]) => Number(key));
}

/** Whether traces may last longer than their summaries say, because spans have no start. */
export function hasOddTimes(store: Store): boolean {
  return digestedChunks(connectionOf(store), false).some(
    ({ digest }) => digest === null || (flagsOf(digest) & HAS_ODD_TIMES) !== 0,
  );
}

function flagsOf({ groups }: ChunkDigest): number {
  return groups.readUInt32LE(0);
}

function mayAnswer(digest: ChunkDigest, question: SpanQuestion, keys: KeyBits): boolean {
  const words = new Uint32Array(aligned(digest.groups, 4));
  const [flags = 0, groupCount = 0] = words;
  const groupsEnd = HEAD_WORDS + groupCount * GROUP_WORDS;
  let common = question.always;
  for (let at = groupsEnd; at < words.length; at++) common |= keys.ofResource(words[at] ?? 0);
  for (const { question: attribute, hashes } of keys.attributes) {
    if (hashes.some((hash) => mayHave(digest.attributes, hash))) common |= attribute.bit;
  }
  // Without an attribute that the chunk lacks there may be no need to look at its groups.
  if (question.parts(common | ~keys.attributeBits) === 0) return false;
  const groups = words.subarray(HEAD_WORDS, groupsEnd);
  if (someGroupAnswers(groups, common, question, keys)) return true;
  // Spans that will be merged may together be what none is alone.
  if ((flags & HAS_PARTS) === 0) return false;
  return question.parts(common | bitsOfAll(groups, question, keys)) !== 0;
}

/** Whether the spans of one group may be an answer. */
function someGroupAnswers(
  groups: Uint32Array,
  common: Bits,
  question: SpanQuestion,
  keys: KeyBits,
): boolean {
  const durations = new Float32Array(groups.buffer, groups.byteOffset, groups.length);
  for (let at = 0; at < groups.length; at += GROUP_WORDS) {
    const group = groups[at] ?? 0;
    if (!keys.mayAnswer(group)) continue;
    const most =
      common |
      keys.ofOperation(group >>> 2) |
      (question.ofStatus[group & 3] ?? 0) |
      question.durationBits;
    if (question.parts(most) === 0) continue;
    const ofDurations = question.ofDurations(durations[at + 1] ?? 0, durations[at + 2] ?? 0);
    if (question.parts((most & ~question.durationBits) | ofDurations) !== 0) return true;
  }
  return false;
}

/** The bits that all groups have together: what spans that are merged may have. */
function bitsOfAll(groups: Uint32Array, question: SpanQuestion, keys: KeyBits): Bits {
  let all = question.durationBits;
  for (let at = 0; at < groups.length; at += GROUP_WORDS) {
    const group = groups[at] ?? 0;
    all |= keys.ofOperation(group >>> 2) | (question.ofStatus[group & 3] ?? 0);
  }
  return all;
}

/** Of operations that came while the question was asked: they may have any bit. */
const UNKNOWN = -1;

/** Bits of the rows that spans refer to, each worked out once. */
class KeyBits {
  readonly attributes: readonly { question: AttributeQuestion; hashes: readonly number[] }[];
  /** All bits that only attributes decide about. */
  readonly attributeBits: Bits;
  /** By key; as an array, because every group of every chunk is looked up. */
  readonly #operations: Bits[] = [];
  readonly #groups: (boolean | undefined)[] = [];
  /** All bits that operations and statuses decide about. */
  readonly #groupBits: Bits;
  readonly #resources = new Map<number, Bits>();
  readonly #shared: SharedLookup;
  readonly #question: SpanQuestion;

  constructor(connection: Connection, question: SpanQuestion) {
    this.#question = question;
    this.#shared = new SharedLookup(connection);
    this.attributes = question.ofAttributes.map((attribute) => ({
      question: attribute,
      hashes: piecesOf(attribute).map(attributeHash),
    }));
    this.#groupBits = question.groupBits;
    this.attributeBits = question.ofAttributes.reduce((bits, { bit }) => bits | bit, 0);
    const rows = connection.all<readonly [bigint, SqlText, SqlText, bigint]>(
      `SELECT operation_key, service, name, kind FROM operation_rows JOIN service_rows USING (service_key) ORDER BY operation_key`,
    );
    for (const [key, service, name, kind] of rows) {
      const operation = {
        service: fromSqlText(service),
        name: fromSqlText(name),
        kind: SPAN_KINDS[Number(kind)] ?? 'unspecified',
      };
      this.#operations[Number(key)] = question.ofOperation(operation);
    }
  }

  ofOperation(key: number): Bits {
    return this.#operations[key] ?? UNKNOWN;
  }

  /** Whether spans of a group (operation times four plus status) could be an answer if everything else about them fitted. */
  mayAnswer(group: number): boolean {
    let known = this.#groups[group];
    if (known === undefined) {
      const { ofStatus, parts } = this.#question;
      const decided = this.#groupBits;
      const own = this.ofOperation(group >>> 2) | (ofStatus[group & 3] ?? 0);
      known = parts(own | ~decided) !== 0;
      this.#groups[group] = known;
    }
    return known;
  }

  ofResource(key: number): Bits {
    let bits = this.#resources.get(key);
    if (bits === undefined) {
      bits = this.#question.ofResource(this.#shared.resource(key).attributes);
      this.#resources.set(key, bits);
    }
    return bits;
  }
}

/** In the stored form: what an attribute that will do begins with. Values of other types, and lists, are looked at one by one. */
function piecesOf({ name, stored }: AttributeQuestion): string[] {
  const key = `${JSON.stringify(name)}:`;
  if (stored === null) return [key];
  return [...stored.map((value) => key + value), `${key}[`, `${key}{`];
}

/** Asks all spans of a chunk. Where spans may be merged, what they have together counts too. */
function scanChunk(
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
