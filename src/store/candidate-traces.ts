import type { Attributes, AttributeValue } from '../model/attributes.ts';
import { SPAN_KINDS, type SpanKind } from '../model/span.ts';
import { attributeHash, durationAt, endOfValue, hasEqualIds } from './chunk-digest.ts';
import { type DigestedChunk, digestedChunks } from './chunk-digests.ts';
import { type Connection, connectionOf } from './connection.ts';
import type { Store } from './open-store.ts';
import { SharedLookup } from './shared-lookup.ts';
import { eachTraceRun, readChunk } from './span-chunks.ts';
import { type SpanColumns, statusOf, WORD, wordOf } from './span-columns.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';

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
  /** Of each trace of which a span answers a part, all parts that its spans answer. Not all of them need be answers in the end. */
  readonly parts: ReadonlyMap<number, Bits>;
  readonly chunks: number;
  /** Chunks that were looked into. */
  readonly chunksRead: number;
}

/** Asks every span's columns, passing over chunks in which nothing can be an answer. Never misses a trace. */
export function scanColumns(store: Store, question: SpanQuestion): ColumnScan {
  const connection = connectionOf(store);
  const keys = new KeyBits(connection, question);
  const chunks = digestedChunks(connection);
  const found = new Map<number, Bits>();
  let chunksRead = 0;
  for (const chunk of chunks) {
    if (!mayAnswer(chunk, question, keys)) continue;
    const columns = readChunk(connection, chunk.key);
    if (columns === null) continue;
    chunksRead += 1;
    scanChunk(columns, question, keys, found);
  }
  for (const trace of scatteredTraces(connection)) found.set(trace, ALL_PARTS);
  return { parts: found, chunks: chunks.length, chunksRead };
}

const ALL_PARTS = -1;

/**
 * Traces of Zipkin's dumps that more than one chunk holds: records of one span, which will be merged, may lie in different chunks, and
 * none of them be an answer alone.
 */
function scatteredTraces(connection: Connection): number[] {
  const zipkin = connection.first(`SELECT 1 FROM source_rows WHERE format LIKE 'zipkin%' LIMIT 1`);
  if (zipkin === null) return [];
  return connection
    .all<readonly [bigint]>(
      'SELECT trace_key FROM trace_chunks GROUP BY trace_key HAVING count(*) > 1',
    )
    .map(([key]) => Number(key));
}

/** Whether traces may last longer than their summaries say, because spans have no start. */
export function hasOddTimes(store: Store): boolean {
  return digestedChunks(connectionOf(store)).some(({ digest }) => digest?.hasOddTimes ?? true);
}

function mayAnswer({ digest }: DigestedChunk, question: SpanQuestion, keys: KeyBits): boolean {
  if (digest === null) return true;
  let common = question.always;
  for (const resource of digest.resources) common |= keys.ofResource(resource);
  for (const attribute of keys.attributes) {
    if (attribute.hashes.some((hash) => digest.mayHave(hash))) common |= attribute.question.bit;
  }
  let all = common;
  for (const { operation, status, minNs, maxNs } of digest.groups) {
    const bits =
      common |
      keys.ofOperation(operation) |
      (question.ofStatus[status] ?? 0) |
      question.ofDurations(minNs, maxNs);
    if (question.parts(bits) !== 0) return true;
    all |= bits;
  }
  // Spans that will be merged may together be what none is alone.
  return digest.hasParts && question.parts(all) !== 0;
}

/** Bits of the rows that spans refer to, each worked out once. */
class KeyBits {
  readonly attributes: readonly { question: AttributeQuestion; hashes: readonly number[] }[];
  readonly #operations = new Map<number, Bits>();
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
    const rows = connection.all<readonly [bigint, SqlText, SqlText, bigint]>(
      `SELECT operation_key, service, name, kind FROM operation_rows JOIN service_rows USING (service_key)`,
    );
    for (const [key, service, name, kind] of rows) {
      const operation = {
        service: fromSqlText(service),
        name: fromSqlText(name),
        kind: SPAN_KINDS[Number(kind)] ?? 'unspecified',
      };
      this.#operations.set(Number(key), question.ofOperation(operation));
    }
  }

  ofOperation(key: number): Bits {
    return this.#operations.get(key) ?? -1;
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

function scanChunk(
  columns: SpanColumns,
  question: SpanQuestion,
  keys: KeyBits,
  found: Map<number, Bits>,
): void {
  const bits = attributeBits(columns, keys);
  for (let span = 0; span < columns.length; span++) {
    bits[span] =
      (bits[span] ?? 0) |
      question.always |
      keys.ofOperation(wordOf(columns, span, WORD.operation)) |
      keys.ofResource(wordOf(columns, span, WORD.resource)) |
      (question.ofStatus[statusOf(columns, span)] ?? 0) |
      question.ofDuration(durationAt(columns, span));
  }
  const mayMerge = hasEqualIds(columns);
  eachTraceRun(columns, 0, columns.length, (trace, first, count) => {
    let parts = 0;
    let all = 0;
    for (let span = first; span < first + count; span++) {
      parts |= question.parts(bits[span] ?? 0);
      all |= bits[span] ?? 0;
    }
    if (mayMerge) parts |= question.parts(all);
    if (parts !== 0) found.set(trace, (found.get(trace) ?? 0) | parts);
  });
}

/** Bits of the attributes of every span. */
function attributeBits(columns: SpanColumns, keys: KeyBits): Int32Array {
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
  columns: SpanColumns,
  piece: Buffer,
  question: AttributeQuestion,
  bits: Int32Array,
): void {
  const { texts, length } = columns;
  let span = 0;
  for (let at = texts.indexOf(piece); at >= 0; at = texts.indexOf(piece, at + 1)) {
    while (span + 1 < length && wordOf(columns, span + 1, WORD.textAt) <= at) span++;
    const valueAt = at + Buffer.byteLength(JSON.stringify(question.name)) + 1;
    if (holdsAt(texts, valueAt, question)) bits[span] = (bits[span] ?? 0) | question.bit;
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
