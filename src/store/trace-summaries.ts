import { type Connection, connectionOf, type SqlValue } from './connection.ts';
import { OperationServices } from './operation-services.ts';
import { RowInserter } from './row-inserter.ts';
import { StoredTraces } from './stored-traces.ts';
import { type TraceTotals, traceTotals } from './trace-totals.ts';

/**
 * Traces per transaction. Fewer would write the index of durations, whose order has nothing to do with the traces', again and again;
 * more would make other writers wait for longer than about a second.
 */
const TRACES_AT_ONCE = 20_000;

/** Made anew after a bulk refresh: sorting the whole list costs a third of putting every trace into its place. */
const INDEXES = [
  'CREATE INDEX IF NOT EXISTS trace_summaries_by_start ON trace_summaries (start_ns)',
  'CREATE INDEX IF NOT EXISTS trace_summaries_by_duration ON trace_summaries (duration_ns, start_ns)',
  'CREATE INDEX IF NOT EXISTS trace_summaries_by_spans ON trace_summaries (spans, start_ns)',
  'CREATE INDEX IF NOT EXISTS trace_summaries_by_errors ON trace_summaries (errors, start_ns)',
];

/** Columns of a trace's totals, in the order of `totalsRow`. */
export const TOTALS_COLUMNS =
  'start_ns, duration_ns, spans, errors, orphans, root_operation_key, services';

/** The totals as the columns hold them. */
export function totalsRow(totals: TraceTotals, services: OperationServices): SqlValue[] {
  const { start, duration, spans, errors, orphans, rootOperation, operations } = totals;
  return [start, duration, spans, errors, orphans, rootOperation, services.list(operations)];
}

/** Notes which traces got spans, in the transaction that writes these. `flush` writes the last notes. */
export class StaleSummaries {
  readonly #rows: RowInserter;
  readonly #services: OperationServices;

  constructor(connection: Connection, services: OperationServices) {
    this.#rows = new RowInserter(
      connection,
      `INSERT OR REPLACE INTO stale_summaries (trace_key, ${TOTALS_COLUMNS})`,
      8,
    );
    this.#services = services;
  }

  /** A trace's first spans: what its summary will be if there come no more. */
  begin(traceKey: number, totals: TraceTotals): void {
    this.#rows.add(traceKey, ...totalsRow(totals, this.#services));
  }

  /** A trace has spans that its summary does not count. */
  markStale(traceKey: number): void {
    this.#rows.add(traceKey, ...UNKNOWN);
  }

  flush(): void {
    this.#rows.flush();
  }
}

const UNKNOWN = Array<null>(7).fill(null);

/** Whether `refreshSummaries` has something to do: an import runs, or was killed. */
export function hasStaleSummaries(connection: Connection): boolean {
  return hasStaleTrace(connection) || indexNames(connection).length < INDEXES.length;
}

/**
 * Brings the summaries of all touched traces up to date with their spans. Whoever writes spans marks the traces in the same
 * transaction, so this completes the work of a killed import too. Readers and other imports get their turn in between.
 */
export function refreshSummaries(store: { readonly path: string }): void {
  const connection = connectionOf(store);
  if (isBulk(connection)) dropIndexes(connection);
  const traces = new StoredTraces(connection);
  const services = new OperationServices(connection);
  while (hasStaleTrace(connection)) {
    connection.transaction(() => refreshChunk(connection, traces, services));
  }
  if (indexNames(connection).length === INDEXES.length) return;
  for (const sql of INDEXES) connection.transaction(() => connection.run(sql));
}

function hasStaleTrace(connection: Connection): boolean {
  return connection.first('SELECT 1 FROM stale_summaries LIMIT 1') !== null;
}

/** More than one chunk, and so many that the summaries that are there are soon sorted again. */
function isBulk(connection: Connection): boolean {
  const count = (sql: string) => Number(connection.first<readonly [bigint]>(sql)?.[0] ?? 0n);
  const stale = count('SELECT count(*) FROM stale_summaries');
  return stale > TRACES_AT_ONCE && stale > count('SELECT count(*) FROM trace_summaries') / 2;
}

function indexNames(connection: Connection): string[] {
  return connection
    .all<readonly [string]>(
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'trace_summaries'",
    )
    .map(([name]) => name);
}

/** Until they are there again lists are slower, not wrong; whoever opens the store next makes them if this process cannot. */
function dropIndexes(connection: Connection): void {
  connection.transaction(() => {
    for (const name of indexNames(connection)) connection.run(`DROP INDEX ${name}`);
  });
}

function refreshChunk(
  connection: Connection,
  traces: StoredTraces,
  services: OperationServices,
): void {
  const [last] = connection.first<readonly [bigint | null]>(LAST_OF_CHUNK, [TRACES_AT_ONCE]) ?? [
    null,
  ];
  if (last === null) return;
  const uncounted = connection.all<readonly [bigint]>(
    'SELECT trace_key FROM stale_summaries WHERE trace_key <= ? AND spans IS NULL ORDER BY trace_key',
    [last],
  );
  for (const [key] of uncounted) {
    const ranges = traces.ranges(Number(key));
    if (ranges.length === 0) continue;
    connection.run(SUMMARIZE_ONE, [key, ...totalsRow(traceTotals(ranges), services)]);
  }
  connection.run(SUMMARIZE_COUNTED, [last]);
  connection.run('DELETE FROM stale_summaries WHERE trace_key <= ?', [last]);
}

const LAST_OF_CHUNK =
  'SELECT max(trace_key) FROM (SELECT trace_key FROM stale_summaries ORDER BY trace_key LIMIT ?)';

const SUMMARIZE_ONE = `INSERT OR REPLACE INTO trace_summaries (trace_key, ${TOTALS_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

const SUMMARIZE_COUNTED = `
  INSERT OR REPLACE INTO trace_summaries (trace_key, ${TOTALS_COLUMNS})
  SELECT trace_key, ${TOTALS_COLUMNS} FROM stale_summaries WHERE trace_key <= ? AND spans IS NOT NULL`;
