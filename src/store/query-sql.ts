import { UserError } from '../model/user-error.ts';
import { type Connection, connectionOf, type SqlRow } from './connection.ts';
import type { Store } from './open-store.ts';
import { sqlite } from './sqlite.ts';

/** What a SELECT gave. */
export interface SqlAnswer {
  readonly columns: readonly string[];
  /** Integers are bigints. */
  readonly rows: readonly SqlRow[];
  /** Whether there are more rows. */
  readonly isCut: boolean;
}

/** What reads and cannot write, whatever it calls: no ATTACH, no PRAGMA that sets something, no VACUUM INTO. */
const READS = /^(?:select|with|values|explain)\b/i;

/** White space and comments before a statement. */
const BEFORE = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

/**
 * The answer to one statement of SQL that only reads, at most `limit` rows of it. Open the store with `read`: SQLite then writes into
 * no file either. Throws a `UserError` of kind `usage` for any other statement, and for one that SQLite does not understand.
 */
export function querySql(store: Store, sql: string, limit: number): SqlAnswer {
  const connection = connectionOf(store);
  if (!READS.test(sql.replace(BEFORE, ''))) throw noReading(sql);
  return connection.guard(() => {
    try {
      return answer(connection, sql, limit);
    } catch (error) {
      throw misunderstood(connection, sql, error);
    }
  });
}

function noReading(sql: string): UserError {
  return new UserError('usage', 'tracecli sql runs one statement that reads', {
    where: [sql],
    fix: "tracecli sql 'SELECT service, count(*) FROM spans GROUP BY service'",
  });
}

function answer({ database }: Connection, sql: string, limit: number): SqlAnswer {
  const statement = database.prepare(sql);
  if (!statement.reader || !statement.readonly) throw noReading(sql);
  statement.raw(true).safeIntegers(true);
  const columns = statement.columns().map(({ name }) => name);
  const rows: SqlRow[] = [];
  for (const row of statement.iterate()) {
    if (rows.length === limit) return { columns, rows, isCut: true };
    rows.push(row as SqlRow);
  }
  return { columns, rows, isCut: false };
}

/** `error` as what the user can mend, if it is about the statement. */
function misunderstood(connection: Connection, sql: string, error: unknown): unknown {
  if (isTooLong(error)) {
    return new UserError('usage', 'a value of the answer is too long to be held', {
      where: [sql],
      fix: 'ask for a part of it with substr(…), or for its length(…)',
      cause: error,
    });
  }
  const isSyntax = error instanceof sqlite.SqliteError && error.code === 'SQLITE_ERROR';
  // better-sqlite3 throws these for several statements, and for parameters without values.
  if (!isSyntax && !(error instanceof RangeError)) return error;
  const views = connection.all<readonly [string]>(
    "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name",
  );
  return new UserError('usage', `SQLite does not understand the statement: ${error.message}`, {
    where: [sql],
    fix: `query one of the views ${views.flat().join(', ')}; "SELECT * FROM spans LIMIT 1" shows the columns of one`,
    cause: error,
  });
}

/** SQLite holds up to a billion bytes in a value, Node half of that in a text. */
function isTooLong(error: unknown): boolean {
  if (error instanceof sqlite.SqliteError) return error.code === 'SQLITE_TOOBIG';
  return error instanceof Error && 'code' in error && error.code === 'ERR_STRING_TOO_LONG';
}
