import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { checkStore } from '../../src/store/check-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readTrace } from '../../src/store/read-spans.ts';
import { sqlite } from '../../src/store/sqlite.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { traceIdOf } from '../helpers/span-of.ts';
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
    `UPDATE resource_rows SET attributes = replace(attributes, 'svc 1', 'svc 7')`,
    { structure: ['1 rows of resource_rows are not as they were written'] },
  ],
  [
    "UPDATE scope_rows SET version = '2'",
    { structure: ['1 rows of scope_rows are not as they were written'] },
  ],
  [
    'DELETE FROM span_numbers WHERE span = 255',
    {
      structure: ['the numbers of span_numbers are not as they were written'],
      views: ['3 spans are missing in the view of spans'],
    },
  ],
  [
    'UPDATE sqlite_sequence SET seq = 1',
    { structure: ['the counter of chunks is not as it was written'] },
  ],
  [
    `DROP VIEW links; CREATE VIEW links AS SELECT 1 AS trace_id`,
    { structure: ['the view links is not as it was made'] },
  ],
  [
    `INSERT INTO result_rows (question, content, result, checksum) VALUES ('a', 'b', 'c', 1);
     INSERT INTO chunk_digests (chunk_key, groups, checksum) VALUES (1, 'c', 1)`,
    {
      structure: [
        '1 rows of chunk_digests are not as they were written',
        '1 rows of result_rows are not as they were written',
      ],
    },
  ],
])('after %s it says so', (sql, expected) => {
  const file = madeStore();
  tamper(file, sql);
  expect(problems(file)).toEqual(expected);
});

const FIRST_CHUNK =
  '26 traces have spans there: 00000000000000000000000000000001, 00000000000000000000000000000002, 00000000000000000000000000000003, 00000000000000000000000000000004, 00000000000000000000000000000005 and 21 more';

test.each([
  [
    'a byte of a text that is still JSON',
    'UPDATE span_chunks SET texts = CAST(replace(CAST(texts AS TEXT), \'"n":12,\', \'"n":13,\') AS BLOB) WHERE chunk_key = 1',
  ],
  ['a time', 'UPDATE span_chunks SET times = zeroblob(length(times)) WHERE chunk_key = 1'],
  ['an id', "UPDATE span_chunks SET ids = x'00' || substr(ids, 2) WHERE chunk_key = 1"],
  ['a hash', "UPDATE span_chunks SET hashes = x'00' || substr(hashes, 2) WHERE chunk_key = 1"],
  ['a key', "UPDATE span_chunks SET words = x'07' || substr(words, 2) WHERE chunk_key = 1"],
  ['the source', 'UPDATE span_chunks SET source_key = 2 WHERE chunk_key = 1'],
  ['what few spans have', `UPDATE span_chunks SET rare = '{"1":{}}' WHERE chunk_key = 1`],
  ['the checksum', 'UPDATE span_chunks SET checksum = 1 WHERE chunk_key = 1'],
])('a chunk in which %s has changed is found, with its traces', (_, sql) => {
  const file = madeStore();
  tamper(file, sql);
  expect(problems(file)).toEqual({
    spans: ['the chunk 1 of spans is not as it was written', FIRST_CHUNK],
    ...NOT_MADE,
  });
});

describe('a store from before there were checksums', () => {
  test.each([
    [
      'DELETE FROM trace_chunks WHERE trace_key < 26',
      [
        'the chunk 1 of spans is not listed as its traces say',
        '1 traces have spans there: 0000000000000000000000000000001a',
        '750 spans are listed, 1000 are stored',
      ],
    ],
    [
      'UPDATE span_chunks SET words = substr(words, 37) WHERE chunk_key = 1',
      ['the chunk 1 of spans cannot be read', FIRST_CHUNK],
    ],
    [
      "UPDATE span_chunks SET texts = CAST(replace(CAST(texts AS TEXT), '{', '[') AS BLOB) WHERE chunk_key = 1",
      ['the chunk 1 of spans has 256 spans with texts that cannot be read', FIRST_CHUNK],
    ],
    [
      `UPDATE span_chunks SET rare = '{"1":' WHERE chunk_key = 1`,
      ['the chunk 1 of spans cannot be read', FIRST_CHUNK],
    ],
  ])('after %s it says so', (sql, spans) => {
    const file = madeStore();
    tamper(file, `UPDATE span_chunks SET checksum = NULL; ${sql}`);
    expect(problems(file)).toEqual({ spans, ...NOT_MADE });
  });

  test('is sound, and what could not be checked is said', () => {
    const file = madeStore();
    tamper(file, 'UPDATE span_chunks SET checksum = NULL WHERE chunk_key < 3');
    const store = openStore(file, 'read');
    expect(checkStore(store)).toContainEqual({
      name: 'spans',
      problems: [],
      notes: [
        '2 chunks were written by an earlier tracecli, without a checksum: bytes that changed in their texts may go unnoticed',
      ],
    });
    store.close();
  });
});

test('a trace in a damaged chunk is not shown, and others are', () => {
  const file = madeStore();
  tamper(file, 'UPDATE span_chunks SET checksum = 1 WHERE chunk_key = 1');
  const store = openStore(file, 'read');
  expect(() => readTrace(store, traceIdOf('1'))).toThrow(`the store ${file} is damaged`);
  expect(readTrace(store, traceIdOf('60'))).toHaveLength(10);
  store.close();
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
