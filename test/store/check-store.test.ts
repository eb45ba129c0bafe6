import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { checkStore } from '../../src/store/check-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { sqlite } from '../../src/store/sqlite.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { importSpans } from '../helpers/store-with.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { numberedSpans } from './numbered-spans.ts';

const folder = temporaryFolder();
afterEach(() => folder.empty());

function madeStore(): string {
  const file = folder.file('store.db');
  const store = openStore(file, 'write');
  importSpans(store, numberedSpans(0, 1000));
  store.close();
  return file;
}

/** What is found, by check. */
function problems(file: string): Record<string, readonly string[]> {
  const store = openStore(file, 'read');
  const found = checkStore(store).filter((check) => check.problems.length > 0);
  store.close();
  return Object.fromEntries(found.map(({ name, problems: list }) => [name, list]));
}

function tamper(file: string, sql: string): void {
  const database = new sqlite(file);
  database.exec(sql);
  database.close();
}

test('a store as it was written has no problems', () => {
  expect(problems(madeStore())).toEqual({});
});

test('a store into which another import is writing has no problems', () => {
  const file = madeStore();
  const store = openStore(file, 'write');
  beginImport(store, { dump: 'b', format: 'test', sizeBytes: null }).write(numberedSpans(950, 100));
  expect(checkStore(store).flatMap((check) => check.problems)).toEqual([]);
  store.close();
});

const NOT_MADE = {
  references: ['not checked, because the spans are damaged'],
  summaries: ['not checked, because the spans are damaged'],
  views: ['not checked, because the spans are damaged'],
};

test.each([
  [
    'DELETE FROM service_rows WHERE service_key = 1',
    {
      references: ['1 rows of operation_rows name a service_key that service_rows does not have'],
      views: ['400 spans are missing in the view of spans'],
    },
  ],
  [
    'UPDATE trace_summaries SET errors = errors + 1 WHERE trace_key < 3',
    { summaries: ['2 traces are listed with other numbers than their spans have'] },
  ],
  [
    'DELETE FROM trace_summaries WHERE trace_key = 7',
    { summaries: ['1 traces are listed with other numbers than their spans have'] },
  ],
  [
    "UPDATE trace_summaries SET services = ',1,' WHERE trace_key = 7",
    { summaries: ['1 traces are listed with other numbers than their spans have'] },
  ],
  [
    'DELETE FROM trace_chunks WHERE trace_key = 7',
    {
      spans: [
        'the chunk 1 of spans is not listed as its traces say',
        '990 spans are listed, 1000 are stored',
      ],
      ...NOT_MADE,
    },
  ],
  [
    'UPDATE span_chunks SET words = substr(words, 37) WHERE chunk_key = 2',
    { spans: ['the chunk 2 of spans cannot be read'], ...NOT_MADE },
  ],
  [
    "UPDATE span_chunks SET texts = CAST(replace(CAST(texts AS TEXT), '{', '[') AS BLOB) WHERE chunk_key = 1",
    { spans: ['the chunk 1 of spans has 256 spans with texts that cannot be read'], ...NOT_MADE },
  ],
  [
    `UPDATE span_chunks SET rare = '{"1":' WHERE chunk_key = 1`,
    { spans: ['the chunk 1 of spans cannot be read'], ...NOT_MADE },
  ],
])('after %s it says so', (sql, expected) => {
  const file = madeStore();
  tamper(file, sql);
  expect(problems(file)).toEqual(expected);
});

test('pages that were overwritten are found', () => {
  const file = madeStore();
  const descriptor = openSync(file, 'r+');
  const pages = Math.floor(statSync(file).size / 4096);
  for (let page = Math.floor(pages / 2); page < pages; page += 7) {
    writeSync(descriptor, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
  }
  closeSync(descriptor);
  const found = problems(file);
  expect(found['structure']?.length).toBeGreaterThan(0);
});
