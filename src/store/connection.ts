import type Database from 'better-sqlite3';
import { fromSqlText, type SqlText } from './sql-text.ts';
import { sqlite } from './sqlite.ts';
import { storeFailure } from './store-failure.ts';

/** What SQLite can hold in a column. */
export type SqlValue = string | number | bigint | Buffer | null;

/** A row as an array of its columns; every integer is a bigint. */
export type SqlRow = readonly (string | number | bigint | Buffer | null)[];

/** How long a statement waits for another process that writes. Imports hold the lock for one batch at a time. */
const BUSY_TIMEOUT_MS = 60_000;

/** Page cache, in KiB: enough for the upper levels of all indexes. What is read twice is cached as what it means. */
const CACHE_KIB = 4 * 1024;

const opened = new Set<string>();

/** The files that were opened since the process began, those that are closed again, too. */
export function openedPaths(): readonly string[] {
  return [...opened];
}

/** An open SQLite file with its prepared statements: what a `Store` is inside this folder. */
export class Connection {
  readonly path: string;
  readonly database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #afterClose: () => void;
  #beforeClose: () => void = () => undefined;

  constructor(path: string, options: { readonly: boolean; afterClose?: () => void }) {
    this.path = path;
    this.#afterClose = options.afterClose ?? (() => undefined);
    opened.add(path);
    this.database = this.guard(() => openDatabase(path, options.readonly));
  }

  /** `work` is the last that is done with the open file. */
  beforeClose(work: () => void): void {
    this.#beforeClose = work;
  }

  /** Closing twice is fine. */
  close(): void {
    if (!this.database.open) return;
    this.#statements.clear();
    this.guard(() => {
      this.#beforeClose();
      this.database.close();
    });
    this.#afterClose();
  }

  /** All rows of a query. `Row` is the caller's word for what the columns are. */
  all<Row extends SqlRow>(sql: string, parameters: readonly SqlValue[] = []): Row[] {
    return this.guard(() => this.#prepare(sql).all(parameters) as Row[]);
  }

  /** The first row, or null. */
  first<Row extends SqlRow>(sql: string, parameters: readonly SqlValue[] = []): Row | null {
    return this.guard(() => (this.#prepare(sql).get(parameters) as Row | undefined) ?? null);
  }

  /** Runs a statement that writes; the number of rows that it changed. */
  run(sql: string, parameters: readonly SqlValue[] = []): number {
    return this.guard(() => this.#prepare(sql).run(parameters).changes);
  }

  /** Inserts one row and returns its integer key. */
  insert(sql: string, parameters: readonly SqlValue[]): number {
    return this.guard(() => Number(this.#prepare(sql).run(parameters).lastInsertRowid));
  }

  /** The same for a statement that may find the row there already: null then. */
  insertNew(sql: string, parameters: readonly SqlValue[]): number | null {
    const { changes, lastInsertRowid } = this.guard(() => this.#prepare(sql).run(parameters));
    return changes === 0 ? null : Number(lastInsertRowid);
  }

  /** Runs `work` in one transaction that has the right to write from its start, waiting for other writers. */
  transaction<T>(work: () => T): T {
    return this.guard(() => this.database.transaction(work).immediate());
  }

  /** Runs `work`; what the disk or another process does to it becomes a `UserError`. */
  guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeFailure(error, this.path);
    }
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      if (statement.reader) statement.raw(true).safeIntegers(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function openDatabase(path: string, readonly: boolean): Database.Database {
  const options = { readonly, fileMustExist: true, timeout: BUSY_TIMEOUT_MS };
  const database = new sqlite(path, options);
  try {
    database.pragma(`cache_size = -${CACHE_KIB}`);
    database.function('holds', { deterministic: true }, holds);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The connection behind a `Store`. */
export function connectionOf(store: { readonly path: string }): Connection {
  if (store instanceof Connection) return store;
  throw new TypeError('not a store that openStore made');
}

/** SQL function: whether a text column contains `word`, which is in lower case. Unlike LIKE it folds the case of all scripts. */
function holds(column: SqlText | null, word: SqlText): number {
  return column !== null && fromSqlText(column).toLowerCase().includes(fromSqlText(word)) ? 1 : 0;
}
