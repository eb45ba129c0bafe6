import { type TraceId, traceId } from '../model/ids.ts';
import { nanos, type UnixNano, unixNano } from '../model/time.ts';
import type { TraceFilter, TraceSort, TraceSummary } from '../model/trace-summary.ts';
import { type Connection, connectionOf } from './connection.ts';
import type { Store } from './open-store.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';
import { allOf, traceConditions } from './trace-conditions.ts';
import { type OrderTerm, type PageEnd, selectPage } from './trace-pages.ts';

/** A place in a list of traces, between a trace and the next. Traces that arrive meanwhile do not shift what follows. */
export interface TraceCursor {
  /** What the list is sorted by: the trace's start, duration, spans or errors. */
  readonly sortedBy: bigint;
  readonly startUnixNano: UnixNano;
  readonly traceId: TraceId;
}

/** Which part of a list of traces. */
export interface PageRequest {
  readonly sort: TraceSort;
  /** Ascending is the exact reverse of descending. */
  readonly descending: boolean;
  /** At least 1. */
  readonly limit: number;
  /** Absent for the first page. */
  readonly after?: TraceCursor | undefined;
}

/** A part of a list of traces. */
export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /** Null at the end of the list. */
  readonly next: TraceCursor | null;
}

/**
 * Traces that satisfy `filter`, in a total order: by `sort` descending, among equals newest first, then by trace id; or the reverse of
 * that. Traces that another process is importing are missing, or have the numbers of a moment ago.
 */
export function findTraces(store: Store, filter: TraceFilter, page: PageRequest): TracePage {
  const connection = connectionOf(store);
  const { rows, next } = selectPage<SummaryRow>(connection, {
    columns: SUMMARY_COLUMNS,
    conditions: traceConditions(connection, filter),
    order: listOrder(page.sort, page.descending),
    after: page.after === undefined ? null : pageEnd(page.sort, page.after),
    limit: page.limit,
  });
  const names = new ServiceNames(connection);
  const traces = rows.map((row) => summaryOf(row, names));
  const last = traces.at(-1);
  return {
    traces,
    next: next === null || last === undefined ? null : cursorAt(last, page.sort),
  };
}

/** The place behind `trace` in a list sorted by `sort`. */
export function cursorAt(trace: TraceSummary, sort: TraceSort): TraceCursor {
  const { startUnixNano, traceId } = trace;
  return { sortedBy: sortValue(trace, sort), startUnixNano, traceId };
}

/** How many traces satisfy `filter`. */
export function countTraces(store: Store, filter: TraceFilter): number {
  const connection = connectionOf(store);
  const { sql, parameters } = allOf(traceConditions(connection, filter));
  const row = connection.first<readonly [bigint]>(
    `SELECT count(*) FROM trace_summaries t WHERE ${sql}`,
    parameters,
  );
  return Number(row?.[0] ?? 0n);
}

/** How many of the traces that satisfy `filter` have more than `most` spans, and how many the largest has; 0 where there is none. */
export function countLargerTraces(
  store: Store,
  filter: TraceFilter,
  most: number,
): { readonly traces: number; readonly largest: number } {
  const connection = connectionOf(store);
  const { sql, parameters } = allOf(traceConditions(connection, filter));
  const row = connection.first<readonly [bigint, bigint]>(
    `SELECT count(*), coalesce(max(t.spans), 0) FROM trace_summaries t WHERE t.spans > ? AND ${sql}`,
    [most, ...parameters],
  );
  return { traces: Number(row?.[0] ?? 0n), largest: Number(row?.[1] ?? 0n) };
}

/** How many spans a trace has; 0 when the store has none of it, or has not counted them yet. */
export function countSpans(store: Store, trace: TraceId): number {
  const row = connectionOf(store).first<readonly [bigint]>(
    `SELECT t.spans FROM trace_summaries t JOIN trace_rows r USING (trace_key) WHERE r.trace_id = ?`,
    [Buffer.from(trace, 'hex')],
  );
  return Number(row?.[0] ?? 0n);
}

/** When the first span of the store starts and the last one ends; both 0 in a store without times. */
export function timeRange(store: Store): { readonly first: UnixNano; readonly lastEnd: UnixNano } {
  const row = connectionOf(store).first<readonly [bigint | null, bigint | null]>(
    'SELECT min(start_ns), max(start_ns + duration_ns) FROM trace_summaries WHERE start_ns > 0',
  );
  return { first: unixNano(row?.[0] ?? 0n), lastEnd: unixNano(row?.[1] ?? 0n) };
}

/** The store's own keys of the traces that satisfy `filter`, ascending. */
export function traceKeysOf(store: Store, filter: TraceFilter): number[] {
  const connection = connectionOf(store);
  const { sql, parameters } = allOf(traceConditions(connection, filter));
  return connection
    .all<readonly [bigint]>(
      `SELECT t.trace_key FROM trace_summaries t WHERE ${sql} ORDER BY t.trace_key`,
      parameters,
    )
    .map(([key]) => Number(key));
}

/** Start of the newest trace, 0 in a store that has none. */
export function newestStart(store: Store): UnixNano {
  const row = connectionOf(store).first<readonly [bigint | null]>(
    'SELECT max(start_ns) FROM trace_summaries',
  );
  return unixNano(row?.[0] ?? 0n);
}

function listOrder(sort: TraceSort, descending: boolean): readonly OrderTerm[] {
  const start: OrderTerm = { column: 't.start_ns', descending };
  const id: OrderTerm = { column: 'r.trace_id', descending: !descending };
  switch (sort) {
    case 'start':
      return [start, id];
    case 'duration':
      return [{ column: 't.duration_ns', descending }, start, id];
    case 'spans':
      return [{ column: 't.spans', descending }, start, id];
    case 'errors':
      return [{ column: 't.errors', descending }, start, id];
  }
}

function sortValue(trace: TraceSummary, sort: TraceSort): bigint {
  switch (sort) {
    case 'start':
      return trace.startUnixNano;
    case 'duration':
      return BigInt(trace.durationNs);
    case 'spans':
      return BigInt(trace.spans);
    case 'errors':
      return BigInt(trace.errors);
  }
}

/** The cursor as values of the keys of `listOrder`. */
function pageEnd(sort: TraceSort, { sortedBy, startUnixNano, traceId }: TraceCursor): PageEnd {
  const id = Buffer.from(traceId, 'hex');
  return sort === 'start' ? [startUnixNano, id] : [sortedBy, startUnixNano, id];
}

type SummaryRow = readonly [
  traceId: Buffer,
  traceIdRaw: SqlText | null,
  start: bigint,
  duration: bigint,
  spans: bigint,
  errors: bigint,
  orphans: bigint,
  rootServiceKey: bigint | null,
  rootOperation: SqlText | null,
  services: string,
];

const SUMMARY_COLUMNS = `r.trace_id, r.trace_id_raw, t.start_ns, t.duration_ns, t.spans, t.errors, t.orphans, o.service_key, o.name, t.services`;

function summaryOf(row: SummaryRow, names: ServiceNames): TraceSummary {
  const [id, raw, start, duration, spans, errors, orphans, rootService, operation, services] = row;
  return {
    traceId: storedTraceId(id),
    traceIdRaw: raw === null ? null : fromSqlText(raw),
    startUnixNano: unixNano(start),
    durationNs: nanos(Number(duration)),
    spans: Number(spans),
    errors: Number(errors),
    services: services
      .slice(1, -1)
      .split(',')
      .map((key) => names.of(Number(key)))
      .sort(),
    root:
      rootService === null || operation === null
        ? null
        : { service: names.of(Number(rootService)), operation: fromSqlText(operation) },
    orphans: Number(orphans),
  };
}

/** The id in a row of `trace_rows`. Throws a RangeError for one that no importer lets in. */
export function storedTraceId(bytes: Buffer): TraceId {
  const id = traceId(bytes.toString('hex'));
  if (id === null) throw new RangeError('a trace id of the store is not one');
  return id;
}

/** Names of services by key, each looked up once. */
class ServiceNames {
  readonly #connection: Connection;
  readonly #names = new Map<number, string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  of(key: number): string {
    let name = this.#names.get(key);
    if (name === undefined) {
      const row = this.#connection.first<readonly [SqlText]>(
        'SELECT service FROM service_rows WHERE service_key = ?',
        [key],
      );
      name = row === null ? '' : fromSqlText(row[0]);
      this.#names.set(key, name);
    }
    return name;
  }
}
