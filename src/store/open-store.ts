import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';
import { Connection } from './connection.ts';
import {
  APPLICATION_ID,
  isForgotten,
  migrate,
  SCHEMA_VERSION,
  schemaVersion,
} from './migrations.ts';
import { makePrivateFile } from './private-file.ts';
import { isBusy } from './store-failure.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { hasStaleSummaries, refreshSummaries } from './trace-summaries.ts';

/** A store of traces. Hand it to the functions of this folder; each answers one question. */
export interface Store {
  /** The SQLite file, as it was given. */
  readonly path: string;
  /** Closes the file; a temporary store is removed. Closing twice is fine. */
  close(): void;
}

/**
 * Opens the store at `path`. For `write` it is created if it is not there, readable by its owner alone, as are the folders above it
 * that do not exist yet; its schema is brought up to date. For `read`, and for `change`, which writes too, it must be there. In all
 * modes the lists of traces are correct when it returns, also after an import that was killed.
 * Throws a `UserError` of kind `input` for a store that is missing, newer than this program, damaged, not a store, or out of reach.
 */
export function openStore(path: string, mode: 'read' | 'change' | 'write'): Store {
  if (mode !== 'write') mustExist(path);
  return mode === 'read' ? openForReading(path) : openForWriting(path);
}

/** A new store in the system's folder for temporary files, readable by its owner alone. `close()` removes it. */
export function openTemporaryStore(): Store {
  const folder = makeTemporaryFolder();
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const file = path.join(folder, 'store.db');
    createFile(file);
    const connection = new Connection(file, { readonly: false, afterClose: remove });
    // Nobody else opens it and a crash loses nothing of worth.
    connection.database.pragma('journal_mode = MEMORY');
    connection.database.pragma('synchronous = OFF');
    migrate(connection.database);
    return connection;
  } catch (error) {
    remove();
    throw error;
  }
}

function openForWriting(file: string): Store {
  createFile(file);
  const connection = new Connection(file, { readonly: false });
  return orClose(connection, () => {
    checkIdentity(connection);
    // Heeded only before the first table is made. Larger pages cost less time than SQLite's 4096, but more room: chunks end in half-empty ones.
    connection.database.pragma('page_size = 8192');
    const isNew = schemaVersion(connection.database) === 0;
    migrate(connection.database);
    // Pages; at the default of 1000 each batch of an import would be copied into the file, and synced, by itself.
    connection.database.pragma('wal_autocheckpoint = 8000');
    if (isNew) fillFast(connection);
    else keepSafe(connection);
    refreshSummaries(connection);
  });
}

/**
 * A new store has nothing in it that is not in its dumps: until it is closed nothing is written twice, and nobody waits for the disk. A
 * crash of the process loses nothing that was committed; after a power failure before it is closed the dumps have to be imported again.
 */
function fillFast(connection: Connection): void {
  connection.database.pragma('synchronous = OFF');
  connection.beforeClose(() => keepSafe(connection));
}

/**
 * Readers go on while an import writes, into a write-ahead log. What was committed survives a crash of the process; the last batches may
 * not survive a power failure, but the file stays sound.
 */
function keepSafe({ database }: Connection): void {
  database.pragma('synchronous = NORMAL');
  try {
    database.pragma('journal_mode = WAL');
  } catch (error) {
    // Others use the new store at this moment. All goes on without the log; who opens it next makes it.
    if (!isBusy(error)) throw error;
  }
}

function openForReading(file: string): Store {
  rollBack(file);
  const connection = new Connection(file, { readonly: true });
  return orClose(connection, () => {
    checkIdentity(connection);
    const version = schemaVersion(connection.database);
    if (version === 0) throw noStore(file);
    if (version < SCHEMA_VERSION || hasStaleSummaries(connection)) openForWriting(file).close();
  });
}

/** Takes back what a process that was killed while it made or updated the schema left half done, which a reader may not. */
function rollBack(file: string): void {
  if (!existsSync(`${file}-journal`)) return;
  const connection = new Connection(file, { readonly: false });
  try {
    connection.guard(() => schemaVersion(connection.database));
  } finally {
    connection.close();
  }
}

function mustExist(file: string): void {
  if (!existsSync(file) || !statSync(file).isFile()) throw noStore(file);
}

function orClose(connection: Connection, prepare: () => void): Connection {
  try {
    connection.guard(prepare);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Before anything is written: the file is ours or empty, and not of a later version. */
function checkIdentity(connection: Connection): void {
  const { database, path } = connection;
  // One transaction: another process may be making the store at this moment.
  const read = database.transaction(() => ({
    applicationId: database.pragma('application_id', { simple: true }),
    isEmpty: connection.first('SELECT 1 FROM sqlite_schema LIMIT 1') === null,
    version: schemaVersion(database),
  }));
  const { applicationId, isEmpty, version } = read.deferred();
  if (applicationId !== APPLICATION_ID && !isEmpty) {
    throw new UserError('input', `${path} is not a tracecli store`, {
      where: ['it is an SQLite database of another program'],
      fix: 'choose another file with --store PATH',
    });
  }
  if (isForgotten(version)) {
    throw new UserError(
      'input',
      `the store ${path} was written by an early tracecli, before its first release`,
      {
        where: [`its schema is version ${version}, this tracecli reads ${SCHEMA_VERSION}`],
        fix: 'import the dumps again into another file with --store PATH',
      },
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new UserError('input', `the store ${path} was written by a newer tracecli`, {
      where: [`its schema is version ${version}, this tracecli knows ${SCHEMA_VERSION}`],
      fix: 'update tracecli, or choose another file with --store PATH',
    });
  }
}

/** Makes an empty file with mode 0600 if there is none; SQLite gives its journals the same mode. */
function createFile(file: string): void {
  try {
    makeFolder(path.dirname(path.resolve(file)));
    makePrivateFile(file);
  } catch (error) {
    throw new UserError('input', `cannot write the store ${file}`, {
      where: [error instanceof Error ? error.message : String(error)],
      fix: 'choose a file in a folder that you may write to with --store PATH',
      cause: error,
    });
  }
}

/**
 * Makes a folder and those above it that are missing, for the owner alone. Step by step: Node's recursive way never returns where the
 * system says that a folder is missing whatever one makes (below /proc).
 */
function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = path.dirname(at)) missing.push(at);
  for (const each of missing.reverse()) makeOne(each);
}

/** Another process may be making it at this moment. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    // The umask may have taken rights away from the owner, too.
    chmodSync(folder, 0o700);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function noStore(file: string): UserError {
  return new UserError('input', `there is no store at ${file}`, {
    fix: 'import a dump first: tracecli import <dump…>',
  });
}
