import { type UnixNano, unixNano } from '../model/time.ts';
import { type Connection, connectionOf } from './connection.ts';
import { type ImportLogEntry, listImports } from './import-log.ts';
import { schemaVersion } from './migrations.ts';
import type { Store } from './open-store.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';
import { storeSizeBytes } from './store-size.ts';

/** What a store holds, and what that takes. */
export interface StoreInfo {
  readonly path: string;
  /** The file and its write-ahead log. */
  readonly sizeBytes: number;
  readonly schemaVersion: number;
  readonly traces: number;
  readonly spans: number;
  /** Spans with status `error`. */
  readonly errors: number;
  readonly services: number;
  /** Distinct pairs of service and span name. */
  readonly operations: number;
  /** Earliest start of a span; null when no span has one. */
  readonly firstStart: UnixNano | null;
  /** Latest end of a span that has a start; exact unless that span's trace lasts for more than 104 days. */
  readonly lastEnd: UnixNano | null;
  readonly imports: readonly ImportLogEntry[];
  /** By size, largest first, then by name. */
  readonly tables: readonly TableSize[];
}

/** A table with its indexes. */
interface TableSize {
  readonly name: string;
  readonly rows: number;
  /** Pages of the table and its indexes. */
  readonly bytes: number;
}

/** Counts, time range, import log and sizes. Reads every page of the file for the sizes: about a second per gigabyte. */
export function storeInfo(store: Store): StoreInfo {
  const connection = connectionOf(store);
  const [traces, spans, errors] = row(
    connection,
    'SELECT count(*), coalesce(sum(spans), 0), coalesce(sum(errors), 0) FROM trace_summaries',
  );
  const [firstStart, lastEnd] = row(
    connection,
    'SELECT min(start_ns), max(start_ns + duration_ns) FROM trace_summaries WHERE start_ns > 0',
  );
  const [services, operations] = row(
    connection,
    `SELECT (SELECT count(*) FROM service_rows), (SELECT count(*) FROM (SELECT DISTINCT service_key, name FROM operation_rows))`,
  );
  return {
    path: store.path,
    sizeBytes: storeSizeBytes(store.path),
    schemaVersion: schemaVersion(connection.database),
    traces: Number(traces),
    spans: Number(spans),
    errors: Number(errors),
    services: Number(services),
    operations: Number(operations),
    firstStart: timeOf(firstStart),
    lastEnd: timeOf(lastEnd),
    imports: listImports(store),
    tables: tableSizes(connection),
  };
}

/** How many traces and spans the store holds. */
export function storedCounts(store: Store): { readonly traces: number; readonly spans: number } {
  const [traces, spans] = row(
    connectionOf(store),
    'SELECT count(*), coalesce(sum(spans), 0) FROM trace_summaries',
  );
  return { traces: Number(traces), spans: Number(spans) };
}

/** Names of all services, sorted by code unit. */
export function listServices(store: Store): string[] {
  return connectionOf(store)
    .all<readonly [SqlText]>('SELECT service FROM service_rows')
    .map(([service]) => fromSqlText(service))
    .sort();
}

function row(connection: Connection, sql: string): readonly (bigint | null | undefined)[] {
  return connection.first<readonly (bigint | null)[]>(sql) ?? [];
}

function timeOf(value: bigint | null | undefined): UnixNano | null {
  return value === null || value === undefined ? null : unixNano(value);
}

function tableSizes(connection: Connection): TableSize[] {
  return connection
    .all<readonly [string, bigint]>(
      `SELECT coalesce(s.tbl_name, d.name) AS "table", sum(d.pgsize) AS bytes
       FROM dbstat d LEFT JOIN sqlite_schema s ON s.name = d.name
       WHERE d.aggregate = TRUE GROUP BY "table" ORDER BY bytes DESC, "table"`,
    )
    .map(([name, bytes]) => ({ name, rows: countRows(connection, name), bytes: Number(bytes) }));
}

/** `table` is a name of the schema. */
function countRows(connection: Connection, table: string): number {
  return Number(row(connection, `SELECT count(*) FROM "${table}"`)[0] ?? 0n);
}
