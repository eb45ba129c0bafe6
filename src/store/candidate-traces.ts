import {
  type ChunkDigest,
  GROUP_WORDS,
  HAS_ODD_TIMES,
  HAS_PARTS,
  HEAD_WORDS,
  mayHave,
} from './chunk-digest.ts';
import { digestedChunks } from './chunk-digests.ts';
import type { Bits, SpanQuestion } from './column-question.ts';
import { type Connection, connectionOf } from './connection.ts';
import { KeyBits } from './key-bits.ts';
import type { Store } from './open-store.ts';
import { readScanned, scanChunk } from './scan-chunk.ts';
import { aligned } from './span-chunks.ts';

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
