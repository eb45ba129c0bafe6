import { UserError } from '../model/user-error.ts';
import type { Connection } from './connection.ts';
import { chunkKeys, eachTraceRun, readChunk } from './span-chunks.ts';
import { type SpanColumns, textLength, WORD, wordOf } from './span-columns.ts';

/** Names of damaged traces that are listed. */
const SHOWN_TRACES = 5;

/** What was found of chunks. */
export interface ChunkFindings {
  /**
   * A sentence each: columns or texts that cannot be read or are not as they were written, spans that the lists of traces do not lead to. Empty when nothing
   * is wrong.
   */
  readonly problems: readonly string[];
  /** Chunks that were written before there were checksums: of their texts and numbers it can only be said that they are readable. */
  readonly unchecked: number;
}

export function checkChunks(connection: Connection): ChunkFindings {
  const problems: string[] = [];
  const damaged: number[] = [];
  for (const key of chunkKeys(connection)) {
    const found = problemOf(connection, key);
    if (found === null) continue;
    problems.push(found);
    damaged.push(key);
  }
  return {
    problems: [...problems, ...damagedTraces(connection, damaged), ...lostRanges(connection)],
    unchecked: countUnchecked(connection),
  };
}

function problemOf(connection: Connection, key: number): string | null {
  const columns = readIfWhole(connection, key);
  if (typeof columns === 'string') return columns;
  const unreadable = columns === null ? 0 : countUnreadable(columns);
  if (unreadable > 0) {
    return `the chunk ${key} of spans has ${unreadable} spans with texts that cannot be read`;
  }
  const isRight = columns === null || isListed(connection, key, columns);
  return isRight ? null : `the chunk ${key} of spans is not listed as its traces say`;
}

/** What is wrong with it, if that keeps it from being read. */
function readIfWhole(connection: Connection, key: number): SpanColumns | string | null {
  try {
    return readChunk(connection, key);
  } catch (error) {
    if (error instanceof UserError) return error.where[0] ?? error.what;
    throw error;
  }
}

/** Which traces have spans in damaged chunks, as far as the lists of traces can be read. */
function damagedTraces(connection: Connection, chunks: readonly number[]): string[] {
  if (chunks.length === 0) return [];
  const traces = connection.all<readonly [string]>(
    `SELECT DISTINCT lower(hex(r.trace_id)) FROM trace_chunks t JOIN trace_rows r ON r.trace_key = t.trace_key
     WHERE t.chunk_key IN (SELECT value FROM json_each(?)) ORDER BY r.trace_id`,
    [JSON.stringify(chunks)],
  );
  if (traces.length === 0) return [];
  const shown = traces.slice(0, SHOWN_TRACES).map(([id]) => id);
  const more = traces.length - shown.length;
  return [
    `${traces.length} traces have spans there: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  ];
}

function countUnchecked(connection: Connection): number {
  const row = connection.first<readonly [bigint]>(
    'SELECT count(*) FROM span_chunks WHERE checksum IS NULL',
  );
  return Number(row?.[0] ?? 0n);
}

function countUnreadable(columns: SpanColumns): number {
  let count = 0;
  for (let span = 0; span < columns.length; span++) if (!hasTexts(columns, span)) count += 1;
  return count;
}

function hasTexts(columns: SpanColumns, span: number): boolean {
  let at = wordOf(columns, span, WORD.textAt);
  if (at + textLength(columns, span) > columns.texts.length) return false;
  for (const word of [WORD.attributes, WORD.events, WORD.links]) {
    const length = wordOf(columns, span, word);
    if (length > 0 && !isJson(columns.texts.toString('utf8', at, at + length))) return false;
    at += length;
  }
  return true;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the list of each trace leads to its spans in this chunk, and to nothing else in it. */
function isListed(connection: Connection, key: number, columns: SpanColumns): boolean {
  let isRight = true;
  eachTraceRun(columns, 0, columns.length, (trace, first, count) => {
    const row = connection.first<readonly [bigint, bigint]>(
      'SELECT first, spans FROM trace_chunks WHERE trace_key = ? AND chunk_key = ?',
      [trace, key],
    );
    isRight &&= row !== null && Number(row[0]) === first && Number(row[1]) === count;
  });
  return isRight;
}

/** With every span of every chunk listed, more listed spans than there are lead to nothing. */
function lostRanges(connection: Connection): string[] {
  const [listed, stored] = connection.first<readonly [bigint, bigint]>(
    'SELECT (SELECT coalesce(sum(spans), 0) FROM trace_chunks), (SELECT coalesce(sum(spans), 0) FROM span_chunks)',
  ) ?? [0n, 0n];
  return listed === stored ? [] : [`${listed} spans are listed, ${stored} are stored`];
}
