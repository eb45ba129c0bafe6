import { UserError } from '../model/user-error.ts';
import type { Connection } from './connection.ts';
import { chunkKeys, eachTraceRun, readChunk } from './span-chunks.ts';
import { type SpanColumns, textLength, WORD, wordOf } from './span-columns.ts';

/**
 * What is wrong in chunks, a sentence each: columns or texts that cannot be read, spans that the
 * lists of traces do not lead to. Empty when nothing is.
 */
export function chunkProblems(connection: Connection): string[] {
  return [
    ...chunkKeys(connection).flatMap((key) => problemsOf(connection, key)),
    ...lostRanges(connection),
  ];
}

function problemsOf(connection: Connection, key: number): string[] {
  const problem = (what: string) => [`the chunk ${key} of spans ${what}`];
  const columns = readIfWhole(connection, key);
  if (columns === null) return problem('cannot be read');
  const unreadable = countUnreadable(columns);
  if (unreadable > 0) return problem(`has ${unreadable} spans with texts that cannot be read`);
  return isListed(connection, key, columns) ? [] : problem('is not listed as its traces say');
}

function readIfWhole(connection: Connection, key: number): SpanColumns | null {
  try {
    return readChunk(connection, key);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
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
