import type { UnixNano } from '../model/time.ts';
import { UserError } from '../model/user-error.ts';
import { type Connection, connectionOf, type SqlValue } from './connection.ts';
import type { Store } from './open-store.ts';
import { insertChunks, readChunk } from './span-chunks.ts';
import { selectSpans, WORD, wordOf } from './span-columns.ts';
import { KEYED, usedKeys } from './used-keys.ts';
import { vacuumStore } from './vacuum-store.ts';

/** What may stay in a store; all that is given must hold. */
export interface PruneLimits {
  /** Traces that start earlier go. */
  readonly startsBefore?: UnixNano;
  /** How many of the newest traces stay at most. */
  readonly keep?: number;
  /** How large the file may be at most. */
  readonly maxBytes?: number;
}

/** What was removed. */
export interface Pruned {
  readonly traces: number;
  readonly spans: number;
}

const NOTHING: Pruned = { traces: 0, spans: 0 };

/**
 * What `pruneTraces` would remove. For a limit of size it is an estimate: the share of spans by which the store is too large.
 */
export function planPrune(store: Store, limits: PruneLimits): Pruned {
  const connection = connectionOf(store);
  refuseTooSmall(connection, limits);
  const end = lastToRemove(connection, limits);
  if (end === null) return NOTHING;
  const [traces, spans] = connection.first<readonly [bigint, bigint]>(
    `SELECT count(*), coalesce(sum(spans), 0) FROM ${BY_AGE} WHERE ${UP_TO}`,
    upTo(end),
  ) ?? [0n, 0n];
  return { traces: Number(traces), spans: Number(spans) };
}

/**
 * Removes whole traces from the end of the list of the newest, until the limits hold; traces of which no span has a start count as the
 * oldest. For a limit of size the file is rewritten, else it keeps its size and what is imported next fills the room. Killed at any
 * moment it leaves whole traces. Imports that run meanwhile get their turn.
 */
export function pruneTraces(store: Store, limits: PruneLimits): Pruned {
  const connection = connectionOf(store);
  const { maxBytes, ...others } = limits;
  refuseTooSmall(connection, limits);
  let removed = remove(connection, others);
  if (maxBytes === undefined) return removed;
  for (;;) {
    vacuumStore(store);
    const more = remove(connection, { maxBytes });
    if (more.traces === 0) return removed;
    removed = sum(removed, more);
  }
}

function remove(connection: Connection, limits: PruneLimits): Pruned {
  const removed = removeOldest(connection, lastToRemove(connection, limits));
  if (removed.traces > 0) connection.transaction(() => removeUnused(connection));
  return removed;
}

/** A trace's place in the order of age. */
type Place = readonly [start: bigint, traceId: Buffer];

const BY_AGE = 'trace_summaries t CROSS JOIN trace_rows r ON r.trace_key = t.trace_key';
const OLDEST_FIRST = 't.start_ns, r.trace_id DESC';
/** Takes the parameters of `upTo`. The first term lets the index of starts find the rows. */
const UP_TO = 't.start_ns <= ? AND (t.start_ns < ? OR r.trace_id >= ?)';

function upTo([start, traceId]: Place): SqlValue[] {
  return [start, start, traceId];
}

/** The newest trace that has to go; null when none has. */
function lastToRemove(
  connection: Connection,
  { startsBefore, keep, maxBytes }: PruneLimits,
): Place | null {
  const tooMany = Math.max(
    startsBefore === undefined ? 0 : countBefore(connection, startsBefore),
    keep === undefined ? 0 : countTraces(connection) - keep,
    maxBytes === undefined ? 0 : countForSize(connection, maxBytes),
  );
  if (tooMany <= 0) return null;
  return connection.first<Place>(
    `SELECT t.start_ns, r.trace_id FROM ${BY_AGE} ORDER BY ${OLDEST_FIRST} LIMIT 1 OFFSET ?`,
    [tooMany - 1],
  );
}

function countBefore(connection: Connection, start: UnixNano): number {
  return number(connection, 'SELECT count(*) FROM trace_summaries WHERE start_ns < ?', start);
}

function countTraces(connection: Connection): number {
  return number(connection, 'SELECT count(*) FROM trace_summaries');
}

/** What the file takes without any trace: the pages of the schema, and one for each table and index. */
function emptyBytes(connection: Connection): number {
  return number(
    connection,
    `SELECT (SELECT count(*) FROM sqlite_schema WHERE rootpage > 0) * page_size
       + (SELECT sum(pgsize) FROM dbstat WHERE name = 'sqlite_schema') FROM pragma_page_size`,
  );
}

/** Throws a usage error for a size that no store can have: everything would be removed in vain. */
function refuseTooSmall(connection: Connection, { maxBytes }: PruneLimits): void {
  const least = emptyBytes(connection);
  if (maxBytes === undefined || maxBytes >= least) return;
  throw new UserError('usage', `no store is as small as ${maxBytes} bytes`, {
    where: [`without any trace this one takes ${least} bytes`],
    fix: `--max-size ${Math.ceil(least / 1e6)}MB or more`,
  });
}

/** A little more than its share goes: what is left of chunks takes more room than its spans. */
const MARGIN = 0.99;

/**
 * How many of the oldest traces have the share of spans by which the store is larger than `maxBytes`, apart from what it takes without
 * any; at least one if it is.
 */
function countForSize(connection: Connection, maxBytes: number): number {
  const used = number(
    connection,
    'SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  );
  if (used <= maxBytes) return 0;
  const empty = emptyBytes(connection);
  const spans = number(connection, 'SELECT coalesce(sum(spans), 0) FROM trace_summaries');
  return number(
    connection,
    `SELECT count(*) FROM (
       SELECT sum(t.spans) OVER (ORDER BY ${OLDEST_FIRST} ROWS UNBOUNDED PRECEDING) - t.spans AS before FROM ${BY_AGE}
     ) WHERE before < ?`,
    (spans * (used - MARGIN * maxBytes)) / Math.max(1, used - empty),
  );
}

function number(connection: Connection, sql: string, ...parameters: (number | bigint)[]): number {
  return Number(connection.first<readonly [bigint]>(sql, parameters)?.[0] ?? 0n);
}

/** Traces per transaction, so that other writers get their turn. */
const TRACES_AT_ONCE = 1000;

/** Tables with a row or more per trace. */
const TABLES = ['trace_chunks', 'trace_summaries', 'stale_summaries', 'trace_rows'];

function removeOldest(connection: Connection, end: Place | null): Pruned {
  let removed = NOTHING;
  if (end === null) return removed;
  // First: what was imported is no longer there as a whole.
  connection.run('DELETE FROM position_rows');
  connection.run('CREATE TEMP TABLE IF NOT EXISTS doomed (trace_key INTEGER PRIMARY KEY)');
  for (;;) {
    const chunk = connection.transaction(() => removeChunk(connection, end));
    if (chunk.traces === 0) return removed;
    removed = sum(removed, chunk);
  }
}

function removeChunk(connection: Connection, end: Place): Pruned {
  connection.run('DELETE FROM temp.doomed');
  const traces = connection.run(
    `INSERT INTO temp.doomed SELECT t.trace_key FROM ${BY_AGE} WHERE ${UP_TO} ORDER BY ${OLDEST_FIRST} LIMIT ?`,
    [...upTo(end), TRACES_AT_ONCE],
  );
  const [spans] = connection.first<readonly [bigint]>(
    `SELECT coalesce(sum(spans), 0) FROM trace_chunks WHERE ${DOOMED}`,
  ) ?? [0n];
  const chunks = connection.all<readonly [bigint]>(
    `SELECT DISTINCT chunk_key FROM trace_chunks WHERE ${DOOMED} ORDER BY chunk_key`,
  );
  const doomed = new Set(
    connection
      .all<readonly [bigint]>('SELECT trace_key FROM temp.doomed')
      .map(([key]) => Number(key)),
  );
  for (const [key] of chunks) removeFromChunk(connection, Number(key), doomed);
  for (const table of TABLES) connection.run(`DELETE FROM ${table} WHERE ${DOOMED}`);
  return { traces, spans: Number(spans) };
}

const DOOMED = 'trace_key IN (SELECT trace_key FROM temp.doomed)';

/** What is left of a chunk is written as another one: those who read the store keep chunks that they know. */
function removeFromChunk(connection: Connection, key: number, doomed: ReadonlySet<number>): void {
  const columns = readChunk(connection, key);
  if (columns === null) return;
  const kept: number[] = [];
  const survivors = new Set<number>();
  for (let span = 0; span < columns.length; span++) {
    const trace = wordOf(columns, span, WORD.trace);
    if (doomed.has(trace)) continue;
    kept.push(span);
    survivors.add(trace);
  }
  for (const trace of survivors) {
    connection.run('DELETE FROM trace_chunks WHERE trace_key = ? AND chunk_key = ?', [trace, key]);
  }
  connection.run('DELETE FROM span_chunks WHERE chunk_key = ?', [key]);
  insertChunks(connection, selectSpans(columns, kept));
}

/** Removes what no span refers to any more, so that services that are gone are not listed. */
function removeUnused(connection: Connection): void {
  const used = usedKeys(connection);
  for (const name of KEYED) {
    const keys = connection
      .all<readonly [bigint]>(`SELECT ${name}_key FROM ${name}_rows`)
      .filter(([key]) => !used[name].has(Number(key)));
    for (const [key] of keys)
      connection.run(`DELETE FROM ${name}_rows WHERE ${name}_key = ?`, [key]);
  }
  connection.run(
    'DELETE FROM service_rows WHERE service_key NOT IN (SELECT service_key FROM operation_rows)',
  );
  connection.run('DELETE FROM result_rows');
}

function sum(one: Pruned, other: Pruned): Pruned {
  return { traces: one.traces + other.traces, spans: one.spans + other.spans };
}
