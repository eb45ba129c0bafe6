import { UserError } from '../model/user-error.ts';
import { checkChunks } from './check-chunks.ts';
import { structureProblems } from './check-structure.ts';
import { type Connection, connectionOf, type SqlRow } from './connection.ts';
import type { Store } from './open-store.ts';
import { OperationServices } from './operation-services.ts';
import { StoredTraces } from './stored-traces.ts';
import { TOTALS_COLUMNS, totalsRow } from './trace-summaries.ts';
import { traceTotals } from './trace-totals.ts';
import { KEYED, usedKeys } from './used-keys.ts';

/** What became of one check. */
export interface StoreCheck {
  readonly name: CheckName;
  /** What is wrong, a sentence each; empty when nothing is. */
  readonly problems: readonly string[];
  /** What could not be looked at although nothing is wrong, a sentence each. */
  readonly notes: readonly string[];
}

export type CheckName = (typeof CHECKS)[number]['name'];

/**
 * Looks for damage: in the file's structure, in the columns of spans, in what rows refer to, in the lists of traces compared with their spans, and in the
 * views. Reads the whole store, at one moment, while others may write; takes half a minute per million spans, most of it for the views.
 */
export function checkStore(store: Store): StoreCheck[] {
  const connection = connectionOf(store);
  connection.run('BEGIN');
  try {
    return inOrder(connection);
  } finally {
    // To commit, even nothing, fails in a store whose pages are damaged.
    if (connection.database.inTransaction) connection.run('ROLLBACK');
  }
}

/** The later checks make sense only of spans that can be read. */
function inOrder(connection: Connection): StoreCheck[] {
  let isReadable = true;
  return CHECKS.map(({ name, look }) => {
    const found = isReadable ? surely(() => look(connection)) : { problems: [NOT_MADE] };
    if (name === 'spans' && found.problems.length > 0) isReadable = false;
    return { name, problems: found.problems, notes: found.notes ?? [] };
  });
}

const NOT_MADE = 'not checked, because the spans are damaged';

interface Findings {
  readonly problems: readonly string[];
  readonly notes?: readonly string[];
}

/** Damage may make a check itself fail, in whatever way. */
function surely(look: () => Findings): Findings {
  try {
    return look();
  } catch (error) {
    if (error instanceof UserError) return { problems: [error.where[0] ?? error.what] };
    const why = error instanceof Error ? error.message : String(error);
    return { problems: [`cannot be checked: ${why}`] };
  }
}

const CHECKS = [
  { name: 'structure', look: (connection) => ({ problems: structureProblems(connection) }) },
  { name: 'spans', look: spans },
  { name: 'references', look: (connection) => ({ problems: references(connection) }) },
  { name: 'summaries', look: (connection) => ({ problems: summaries(connection) }) },
  { name: 'views', look: (connection) => ({ problems: views(connection) }) },
] as const satisfies readonly { name: string; look: (connection: Connection) => Findings }[];

function spans(connection: Connection): Findings {
  const { problems, unchecked } = checkChunks(connection);
  const notes = `${unchecked} chunks were written by an earlier tracecli, without a checksum: bytes that changed in their texts may go unnoticed`;
  return { problems, notes: unchecked > 0 ? [notes] : [] };
}

/** Columns that hold keys of other tables. */
const REFERENCES: readonly (readonly [table: string, column: string, target: string])[] = [
  ['source_rows', 'import_key', 'import_rows'],
  ['operation_rows', 'service_key', 'service_rows'],
  ['trace_chunks', 'trace_key', 'trace_rows'],
  ['trace_chunks', 'chunk_key', 'span_chunks'],
  ['trace_summaries', 'trace_key', 'trace_rows'],
];

function references(connection: Connection): string[] {
  return [
    ...REFERENCES.flatMap(([table, column, target]) =>
      counted(
        connection,
        `SELECT count(*) FROM ${table} WHERE ${column} NOT IN (SELECT ${column} FROM ${target})`,
        (count) => `${count} rows of ${table} name a ${column} that ${target} does not have`,
      ),
    ),
    ...missingKeys(connection),
  ];
}

function missingKeys(connection: Connection): string[] {
  const used = usedKeys(connection);
  return KEYED.flatMap((name) => {
    const keys = connection.all<readonly [bigint]>(`SELECT ${name}_key FROM ${name}_rows`);
    const known = new Set(keys.map(([key]) => Number(key)));
    const missing = [...used[name]].filter((key) => !known.has(key)).length;
    return missing === 0 ? [] : [`spans name ${missing} rows that ${name}_rows does not have`];
  });
}

/** Traces that are being imported have no summary yet, or an old one. */
const SETTLED = 'k.trace_key NOT IN (SELECT trace_key FROM stale_summaries)';

function summaries(connection: Connection): string[] {
  const traces = new StoredTraces(connection);
  const services = new OperationServices(connection);
  let wrong = 0;
  let empty = 0;
  const keys = connection.all<readonly [bigint]>(
    `SELECT trace_key FROM trace_rows k WHERE ${SETTLED} ORDER BY trace_key`,
  );
  for (const [key] of keys) {
    const ranges = traces.ranges(Number(key));
    const listed = connection.first(
      `SELECT ${TOTALS_COLUMNS} FROM trace_summaries WHERE trace_key = ?`,
      [key],
    );
    if (ranges.length === 0) empty += 1;
    const expected = ranges.length === 0 ? null : totalsRow(traceTotals(ranges), services);
    if (String(listed) !== String(expected)) wrong += 1;
  }
  return [
    ...(wrong > 0 ? [`${wrong} traces are listed with other numbers than their spans have`] : []),
    ...(empty > 0 ? [`${empty} traces have no spans`] : []),
  ];
}

/** Columns of JSON that the views take apart. */
const JSON_COLUMNS = [
  ['span_chunks', 'rare'],
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
    'SELECT (SELECT coalesce(sum(spans), 0) FROM span_chunks) - (SELECT count(*) FROM spans)',
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
