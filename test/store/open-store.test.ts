import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/user-error.ts';
import { checkStore } from '../../src/store/check-store.ts';
import { countTraces } from '../../src/store/find-traces.ts';
import { SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { openStore, openTemporaryStore } from '../../src/store/open-store.ts';
import { scanTraces } from '../../src/store/read-spans.ts';
import { sqlite } from '../../src/store/sqlite.ts';
import { refreshSummaries } from '../../src/store/trace-summaries.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { spanOf } from '../helpers/span-of.ts';
import { importSpans } from '../helpers/store-with.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder();
afterEach(() => folder.empty());

function failure(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

function makeStore(file: string): void {
  const store = openStore(file, 'write');
  importSpans(
    store,
    Array.from({ length: 500 }, (_, i) => spanOf({ traceId: `${i + 1}` })),
  );
  store.close();
}

describe('files', () => {
  test('a new store has a write-ahead log as soon as it is closed, even when somebody else opened it meanwhile', () => {
    const file = folder.file('new.db');
    const store = openStore(file, 'write');
    const writer = beginImport(store, { dump: 'a', format: 'test', sizeBytes: null });
    writer.write([spanOf()]);
    const reader = openStore(file, 'read');
    writer.write([spanOf({ spanId: '2' })]);
    refreshSummaries(store);
    expect(countTraces(reader, {})).toBe(1);
    store.close();
    reader.close();
    const database = new sqlite(file);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
    expect(readdirSync(path.dirname(file)).filter((name) => name.startsWith('new.db'))).toEqual([
      'new.db',
    ]);
  });

  test('folders and files of a new store are readable by their owner alone', () => {
    const file = folder.file('deep/er/store.db');
    openStore(file, 'write').close();
    const store = openStore(file, 'write');
    beginImport(store, { dump: 'a', format: 'test', sizeBytes: null }).write([spanOf()]);
    const modes = readdirSync(path.dirname(file)).map((name) => {
      const { mode } = statSync(path.join(path.dirname(file), name));
      return [name, (mode & 0o777).toString(8)];
    });
    expect(modes).toEqual([
      ['store.db', '600'],
      ['store.db-shm', '600'],
      ['store.db-wal', '600'],
    ]);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(statSync(path.dirname(path.dirname(file))).mode & 0o777).toBe(0o700);
    store.close();
    expect(readdirSync(path.dirname(file))).toEqual(['store.db']);
  });

  test('the mode of a folder that exists is left alone', () => {
    const parent = folder.file('mine');
    mkdirSync(parent, { recursive: true });
    chmodSync(parent, 0o755);
    openStore(path.join(parent, 'store.db'), 'write').close();
    expect(statSync(parent).mode & 0o777).toBe(0o755);
  });

  test('closing a temporary store removes it, and closing twice is fine', () => {
    const store = openTemporaryStore();
    importSpans(store, [spanOf()]);
    expect(path.dirname(path.dirname(store.path))).toBe(os.tmpdir());
    expect(statSync(path.dirname(store.path)).mode & 0o777).toBe(0o700);
    expect(statSync(store.path).mode & 0o777).toBe(0o600);
    store.close();
    store.close();
    expect(existsSync(path.dirname(store.path))).toBe(false);
  });
});

describe('refusals', () => {
  test('reading a store that is not there says how to make one, and makes none', () => {
    const file = folder.file('none.db');
    const error = failure(() => openStore(file, 'read'));
    expect(error.kind).toBe('input');
    expect(error.what).toBe(`there is no store at ${file}`);
    expect(error.fix).toContain('tracecli import');
    expect(existsSync(file)).toBe(false);
  });

  test('an empty file is no store yet, and becomes one when it is written', () => {
    const file = folder.file('empty.db');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '');
    expect(failure(() => openStore(file, 'read')).what).toBe(`there is no store at ${file}`);
    makeStore(file);
    const store = openStore(file, 'read');
    expect(countTraces(store, {})).toBe(500);
    store.close();
  });

  test.each(['read', 'write'] as const)(
    'a store from before the first release is refused (%s)',
    (mode) => {
      const file = folder.file('early.db');
      makeStore(file);
      const database = new sqlite(file);
      database.pragma('user_version = 2');
      database.close();
      expect(failure(() => openStore(file, mode))).toMatchObject({
        kind: 'input',
        what: `the store ${file} was written by an early tracecli, before its first release`,
      });
    },
  );

  test('a store from before there were checksums opens, and what is imported from then on has them', () => {
    const file = folder.file('old.db');
    makeStore(file);
    const database = new sqlite(file);
    database.exec(`
      ALTER TABLE span_chunks DROP COLUMN checksum;
      ALTER TABLE chunk_digests DROP COLUMN checksum;
      ALTER TABLE chunk_filters DROP COLUMN checksum;
      ALTER TABLE result_rows DROP COLUMN checksum;
      DROP INDEX import_rows_again;
      DROP INDEX bookmark_rows_again;
      PRAGMA user_version = 6;`);
    database.close();
    const store = openStore(file, 'write');
    importSpans(store, [spanOf({ traceId: '1', spanId: 'f' })]);
    const checks = checkStore(store);
    expect(checks.flatMap(({ problems }) => problems)).toEqual([]);
    expect(checks.flatMap(({ notes }) => notes)).toEqual([
      expect.stringMatching(/^2 chunks were written by an earlier tracecli, without a checksum/),
    ]);
    store.close();
  });

  test.each(['read', 'write'] as const)('a store of a newer version is refused (%s)', (mode) => {
    const file = folder.file('newer.db');
    makeStore(file);
    const database = new sqlite(file);
    database.pragma('user_version = 999');
    database.close();
    const error = failure(() => openStore(file, mode));
    expect(error.what).toBe(`the store ${file} was written by a newer tracecli`);
    expect(error.where).toEqual([
      `its schema is version 999, this tracecli knows ${SCHEMA_VERSION}`,
    ]);
    expect(error.kind).toBe('input');
  });

  test.each(['read', 'write'] as const)(
    'a database of another program is refused and not touched (%s)',
    (mode) => {
      const file = folder.file('other.db');
      mkdirSync(path.dirname(file), { recursive: true });
      const database = new sqlite(file);
      database.exec('CREATE TABLE bookmarks (url TEXT)');
      database.close();
      const before = readFileSync(file);
      const error = failure(() => openStore(file, mode));
      expect(error.what).toBe(`${file} is not a tracecli store`);
      expect(error.where).toEqual(['it is an SQLite database of another program']);
      expect(readFileSync(file).equals(before)).toBe(true);
    },
  );

  test.each(['read', 'write'] as const)('a file that is no database is refused (%s)', (mode) => {
    const file = folder.file('dump.json');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '{"resourceSpans":[]}'.repeat(1000));
    const error = failure(() => openStore(file, mode));
    expect(error.what).toBe(`${file} is not a tracecli store`);
    expect(error.where).toEqual(['SQLite: file is not a database (SQLITE_NOTADB)']);
    expect(readFileSync(file, 'utf8')).toContain('{"resourceSpans":[]}{');
  });

  test('a store whose pages are overwritten is called damaged, not crashed on', () => {
    const file = folder.file('damaged.db');
    makeStore(file);
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096);
    writeFileSync(file, bytes);
    const error = failure(() => {
      const store = openStore(file, 'read');
      try {
        return [...scanTraces(store)];
      } finally {
        store.close();
      }
    });
    expect(error.what).toBe(`the store ${file} is damaged`);
    expect(error.kind).toBe('input');
    expect(error.fix).toContain('import the dumps again');
  });

  test('a path that leads through a file, and a folder as a store, are refused', () => {
    const file = folder.file('plain');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'text');
    const through = path.join(file, 'store.db');
    expect(failure(() => openStore(through, 'write')).what).toBe(
      `cannot write the store ${through}`,
    );
    expect(failure(() => openStore(folder.path, 'write')).what).toBe(
      `cannot write the store ${folder.path}`,
    );
    expect(failure(() => openStore(folder.path, 'read')).what).toBe(
      `there is no store at ${folder.path}`,
    );
  });
});

test('a read-only store does not let anything be written', () => {
  const file = folder.file('store.db');
  makeStore(file);
  const store = openStore(file, 'read');
  const dump = { dump: 'a', format: 'test', sizeBytes: null };
  expect(failure(() => beginImport(store, dump)).what).toBe(`cannot open the store ${file}`);
  store.close();
});

test('readers see a store while an import writes to it', () => {
  const file = folder.file('store.db');
  makeStore(file);
  const writing = openStore(file, 'write');
  const writer = beginImport(writing, { dump: 'a', format: 'test', sizeBytes: null });
  writer.write([spanOf({ traceId: 'abc' })]);
  const reading = openStore(file, 'read');
  expect(countTraces(reading, {})).toBe(501);
  writer.write([spanOf({ traceId: 'abd' })]);
  expect(countTraces(reading, {})).toBe(501);
  refreshSummaries(writing);
  expect(countTraces(reading, {})).toBe(502);
  reading.close();
  writing.close();
});

test('processes that create one store at once all succeed', async () => {
  const file = folder.file('store.db');
  mkdirSync(path.dirname(file), { recursive: true });
  const stores = Array.from({ length: 4 }, () => openStore(file, 'write'));
  expect(stores.map((store) => countTraces(store, {}))).toEqual([0, 0, 0, 0]);
  for (const store of stores) store.close();
});

test('the file says that it is a tracecli store', () => {
  const file = folder.file('store.db');
  makeStore(file);
  expect(readFileSync(file).subarray(68, 72).toString('latin1')).toBe('TRCE');
});

test('what a process killed while it changed the schema left half done is taken back, for a reader too', () => {
  const file = folder.file('store.db');
  makeStore(file);
  const database = new sqlite(file);
  database.pragma('journal_mode = DELETE');
  database.pragma('cache_size = 5');
  database.exec('BEGIN; DELETE FROM span_chunks; DELETE FROM trace_summaries');
  const killed = folder.file('killed.db');
  for (const suffix of ['', '-journal']) copyFileSync(file + suffix, killed + suffix);
  database.exec('ROLLBACK');
  database.close();
  const store = openStore(killed, 'read');
  expect(countTraces(store, {})).toBe(500);
  expect(checkStore(store).flatMap(({ problems }) => problems)).toEqual([]);
  store.close();
});
