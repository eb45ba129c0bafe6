import { UserError } from '../model/user-error.ts';
import { type Connection, connectionOf, type SqlRow } from './connection.ts';
import type { Store } from './open-store.ts';
import { SUMMARY_COLUMNS, servicesOf, summariesOf } from './trace-summaries.ts';

/** What became of one check. */
export interface StoreCheck {
  readonly name: CheckName;
  /** What is wrong, a sentence each; empty when nothing is. */
  readonly problems: readonly string[];
}

export type CheckName = (typeof CHECKS)[number]['name'];

/**
 * Looks for damage: in the file's structure, in what rows refer to, in the lists of traces compared with their spans, and in the
 * views. Reads the whole store, at one moment, while others may write; takes a few seconds per million spans.
 */
export function checkStore(store: Store): StoreCheck[] {
  const connection = connectionOf(store);
  connection.run('BEGIN');
  try {
    return CHECKS.map(({ name, problems }) => ({
      name,
      problems: surely(() => problems(connection)),
    }));
  } finally {
    // To commit, even nothing, fails in a store whose pages are damaged.
    connection.run('ROLLBACK');
  }
}

/** Damage may make a check itself fail. */
function surely(problems: () => string[]): string[] {
  try {
    return problems();
  } catch (error) {
    if (error instanceof UserError) return [error.where[0] ?? error.what];
    throw error;
  }
}

const CHECKS = [
  { name: 'structure', problems: structure },
  { name: 'references', problems: references },
  { name: 'summaries', problems: summaries },
  { name: 'views', problems: views },
] as const;

/** SQLite's own check of pages, indexes and constraints. */
function structure(connection: Connection): string[] {
  return connection
    .all<readonly [string]>('PRAGMA integrity_check')
    .flatMap(([text]) => (text === 'ok' ? [] : text.split('\n')));
}

/** Columns that hold keys of other tables. */
const REFERENCES: readonly (readonly [table: string, column: string, target: string])[] = [
  ['source_rows', 'import_key', 'import_rows'],
  ['operation_rows', 'service_key', 'service_rows'],
  ['span_rows', 'trace_key', 'trace_rows'],
  ['span_rows', 'operation_key', 'operation_rows'],
  ['span_rows', 'resource_key', 'resource_rows'],
  ['span_rows', 'scope_key', 'scope_rows'],
  ['span_rows', 'source_key', 'source_rows'],
  ['trace_services', 'trace_key', 'trace_rows'],
  ['trace_services', 'service_key', 'service_rows'],
  ['trace_summaries', 'trace_key', 'trace_rows'],
];

function references(connection: Connection): string[] {
  return REFERENCES.flatMap(([table, column, target]) =>
    counted(
      connection,
      `SELECT count(*) FROM ${table} WHERE ${column} NOT IN (SELECT ${column} FROM ${target})`,
      (count) => `${count} rows of ${table} name a ${column} that ${target} does not have`,
    ),
  );
}

/** Traces that are being imported have no summary yet, or an old one. */
const SETTLED = 'k.trace_key NOT IN (SELECT trace_key FROM stale_summaries)';

function summaries(connection: Connection): string[] {
  const inSummaries = `SELECT ${SUMMARY_COLUMNS} FROM trace_summaries k WHERE ${SETTLED}`;
  const inServices = `SELECT trace_key, service_key FROM trace_services k WHERE ${SETTLED}`;
  return [
    ...counted(
      connection,
      `SELECT count(DISTINCT trace_key) FROM ${difference(inSummaries, summariesOf('trace_rows', SETTLED))}`,
      (count) => `${count} traces are listed with other numbers than their spans have`,
    ),
    ...counted(
      connection,
      `SELECT count(DISTINCT trace_key) FROM ${difference(inServices, servicesOf('trace_rows', SETTLED))}`,
      (count) => `${count} traces are listed with other services than their spans have`,
    ),
    ...counted(
      connection,
      `SELECT count(*) FROM trace_rows k WHERE ${SETTLED} AND NOT EXISTS (SELECT 1 FROM span_rows s WHERE s.trace_key = k.trace_key)`,
      (count) => `${count} traces have no spans`,
    ),
  ];
}

/** The rows that only one of two queries gives. */
function difference(one: string, other: string): string {
  return `(SELECT * FROM (SELECT * FROM (${one}) EXCEPT SELECT * FROM (${other}))
    UNION ALL SELECT * FROM (SELECT * FROM (${other}) EXCEPT SELECT * FROM (${one})))`;
}

/** Columns of JSON that the views take apart. */
const JSON_COLUMNS = [
  ['span_rows', 'attributes'],
  ['span_rows', 'events'],
  ['span_rows', 'links'],
  ['span_rows', 'extra'],
  ['span_rows', 'raw_ids'],
  ['resource_rows', 'attributes'],
  ['scope_rows', 'attributes'],
  ['import_rows', 'issues'],
] as const;

function views(connection: Connection): string[] {
  const broken = JSON_COLUMNS.flatMap(([table, column]) =>
    counted(
      connection,
      `SELECT count(*) FROM ${table} WHERE ${column} IS NOT NULL AND NOT json_valid(${column})`,
      (count) => `${count} rows of ${table} have ${column} that cannot be read`,
    ),
  );
  if (broken.length > 0) return broken;
  const names = connection.all<readonly [string]>(
    "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name",
  );
  for (const [name] of names) connection.first(`SELECT * FROM ${name} LIMIT 1`);
  return counted(
    connection,
    'SELECT (SELECT count(*) FROM span_rows) - (SELECT count(*) FROM spans)',
    (count) => `${count} spans are missing in the view of spans`,
  );
}

/** A problem if the count is not 0. */
function counted(
  connection: Connection,
  sql: string,
  problem: (count: string) => string,
): string[] {
  const [count] = connection.first<SqlRow>(sql) ?? [0n];
  return count === 0n ? [] : [problem(String(count))];
}
