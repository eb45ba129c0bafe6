import { type Connection, connectionOf } from './connection.ts';

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
  while (hasStaleTrace(connection)) connection.transaction(() => refreshChunk(connection));
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

function refreshChunk(connection: Connection): void {
  const [last] = connection.first<readonly [bigint | null]>(LAST_OF_CHUNK, [TRACES_AT_ONCE]) ?? [
    null,
  ];
  if (last === null) return;
  connection.run(SUMMARIZE, [last]);
  connection.run(COLLECT_SERVICES, [last]);
  connection.run('DELETE FROM stale_summaries WHERE trace_key <= ?', [last]);
}

const LAST_OF_CHUNK =
  'SELECT max(trace_key) FROM (SELECT trace_key FROM stale_summaries ORDER BY trace_key LIMIT ?)';

/** The largest integer within SQLite's 64 bits that is a double. */
const LARGEST_DOUBLE = 2n ** 63n - 1024n;

/** Columns of a summary, in the order of `summariesOf`. */
export const SUMMARY_COLUMNS =
  'trace_key, start_ns, duration_ns, spans, errors, orphans, root_operation_key';

/**
 * What the summaries of the traces in `keys` (a table with a column `trace_key`) ought to be. Start and duration are of the spans that
 * have a start, and the duration is one that JavaScript gives back unchanged; the root is the earliest span without a parent id (one
 * that has a start if there is one), by span id among equals; an orphan names a parent that the trace does not have.
 */
export function summariesOf(keys: 'stale_summaries' | 'trace_rows', condition: string): string {
  return `
  SELECT k.trace_key,
    coalesce(min(s.start_ns) FILTER (WHERE s.time_flags & 1 = 0), 0),
    coalesce(min(CAST(CAST(max(s.start_ns + max(s.duration_ns, 0)) FILTER (WHERE s.time_flags & 1 = 0)
      - min(s.start_ns) FILTER (WHERE s.time_flags & 1 = 0) AS REAL) AS INTEGER), ${LARGEST_DOUBLE}), 0),
    count(*),
    sum(s.status = 2),
    sum(s.parent_span_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM span_rows p WHERE p.trace_key = s.trace_key AND p.span_id = s.parent_span_id)),
    (SELECT r.operation_key FROM span_rows r WHERE r.trace_key = k.trace_key AND r.parent_span_id IS NULL
      ORDER BY r.time_flags & 1, r.start_ns, r.span_id, r.content_hash LIMIT 1)
  FROM ${keys} k CROSS JOIN span_rows s ON s.trace_key = k.trace_key
  WHERE ${condition}
  GROUP BY k.trace_key`;
}

/** Which services the traces in `keys` have spans of. */
export function servicesOf(keys: 'stale_summaries' | 'trace_rows', condition: string): string {
  return `
  SELECT DISTINCT k.trace_key, o.service_key
  FROM ${keys} k CROSS JOIN span_rows s ON s.trace_key = k.trace_key
    CROSS JOIN operation_rows o ON o.operation_key = s.operation_key
  WHERE ${condition}`;
}

const SUMMARIZE = `
  INSERT INTO trace_summaries (${SUMMARY_COLUMNS})
  ${summariesOf('stale_summaries', 'k.trace_key <= ?')}
  ON CONFLICT (trace_key) DO UPDATE SET start_ns = excluded.start_ns, duration_ns = excluded.duration_ns,
    spans = excluded.spans, errors = excluded.errors, orphans = excluded.orphans,
    root_operation_key = excluded.root_operation_key`;

const COLLECT_SERVICES = `
  INSERT INTO trace_services (trace_key, service_key)
  ${servicesOf('stale_summaries', 'k.trace_key <= ?')}
  ON CONFLICT DO NOTHING`;
