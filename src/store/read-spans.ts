import type { TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import { type Connection, connectionOf } from './connection.ts';
import { storedTraceId } from './find-traces.ts';
import { checkTraceSize } from './largest-trace.ts';
import type { Store } from './open-store.ts';
import { SharedLookup } from './shared-lookup.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';
import { type RowContext, spansOfTrace } from './stored-spans.ts';
import { StoredTraces } from './stored-traces.ts';
import { traceConditions } from './trace-conditions.ts';
import { type Page, type PageEnd, selectPage } from './trace-pages.ts';

/**
 * All spans of a trace, empty if the store has none of it. Throws a `UserError` when it is too large for the memory. The order depends on the spans' content alone, not on the order in which
 * they were imported. Attributes are decoded when they are first read.
 */
export function readTrace(store: Store, traceId: TraceId): Span[] {
  return traceReader(store)(traceId);
}

/** The same for several traces: those that are near each other cost less. */
export function traceReader(store: Store): (traceId: TraceId) => Span[] {
  const connection = connectionOf(store);
  const traces = new StoredTraces(connection);
  const shared = new SharedLookup(connection);
  return (traceId) => {
    const row = connection.first<TraceRow>(
      'SELECT trace_key, trace_id, trace_id_raw FROM trace_rows WHERE trace_id = ?',
      [Buffer.from(traceId, 'hex')],
    );
    return row === null ? [] : readSpans(row, traces, shared);
  };
}

/** Traces per look into the list: small enough that their keys weigh nothing. */
const TRACES_AT_ONCE = 500;

/**
 * The spans of every trace that satisfies `filter`, one whole trace at a time, by start and then trace id; no more than one trace is
 * in memory. The order of a trace's spans is that of `readTrace`.
 */
export function* scanTraces(store: Store, filter: TraceFilter = {}): Generator<readonly Span[]> {
  const connection = connectionOf(store);
  const traces = new StoredTraces(connection);
  const shared = new SharedLookup(connection);
  for (const row of scanTraceRows(connection, filter, traces)) {
    const spans = readSpans(row, traces, shared);
    // Another process may have pruned the trace since it was listed.
    if (spans.length > 0) yield spans;
  }
}

/** The rows of the traces that satisfy `filter`, by start and then trace id; where their spans are is looked up in `traces` ahead. */
export function* scanTraceRows(
  connection: Connection,
  filter: TraceFilter,
  traces: StoredTraces,
): Generator<TraceRow> {
  let after: PageEnd | null = null;
  do {
    const page: Page<TraceRow> = selectPage<TraceRow>(connection, {
      columns: 't.trace_key, r.trace_id, r.trace_id_raw',
      conditions: traceConditions(connection, filter),
      order: [
        { column: 't.start_ns', descending: false },
        { column: 'r.trace_id', descending: false },
      ],
      after,
      limit: TRACES_AT_ONCE,
    });
    traces.lookAhead(page.rows.map(([key]) => key));
    yield* page.rows;
    after = page.next;
  } while (after !== null);
}

/** A trace with the key that the store knows it by. */
export interface KeyedTrace {
  readonly key: number;
  readonly spans: readonly Span[];
}

/**
 * The spans of the traces with these keys, one whole trace at a time, in the order of the keys: ascending ones lie near each other in
 * the store. Traces that are no more are left out.
 */
export function* scanTraceKeys(store: Store, keys: readonly number[]): Generator<KeyedTrace> {
  const connection = connectionOf(store);
  const traces = new StoredTraces(connection);
  const shared = new SharedLookup(connection);
  for (let at = 0; at < keys.length; at += TRACES_AT_ONCE) {
    const some = keys.slice(at, at + TRACES_AT_ONCE);
    const rows = connection.all<TraceRow>(
      `SELECT trace_key, trace_id, trace_id_raw FROM trace_rows
       WHERE trace_key IN (SELECT value FROM json_each(?)) ORDER BY trace_key`,
      [JSON.stringify(some)],
    );
    traces.lookAhead(rows.map(([key]) => key));
    for (const row of rows) {
      const spans = readSpans(row, traces, shared);
      if (spans.length > 0) yield { key: Number(row[0]), spans };
    }
  }
}

export type TraceRow = readonly [key: bigint, traceId: Buffer, traceIdRaw: SqlText | null];

function readSpans(row: TraceRow, traces: StoredTraces, shared: SharedLookup): Span[] {
  checkTraceSize(storedTraceId(row[1]), traces.countSpans(Number(row[0])));
  return spansOfTrace(traces.ranges(Number(row[0])), contextOfRow(row, shared));
}

/** What the spans of a row's trace have in common. */
export function contextOfRow([, id, raw]: TraceRow, shared: SharedLookup): RowContext {
  return shared.ofTrace(storedTraceId(id), raw === null ? null : fromSqlText(raw));
}
