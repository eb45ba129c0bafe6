import { chmodSync } from 'node:fs';

import { expect, test, vi } from 'vitest';
import { emptyStore } from '../../src/store/empty-store.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { pruneTraces } from '../../src/store/prune-traces.ts';
import { remembered } from '../../src/store/remembered-results.ts';
import { sqlite } from '../../src/store/sqlite.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { spanOf } from '../helpers/span-of.ts';
import { importSpans, storeWith } from '../helpers/store-with.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const FOLDER = temporaryFolder();
let stores = 0;
const ANY_SIZE = { minSpans: 0 };
const SPANS = [spanOf(), spanOf({ traceId: '2' })];

/** Asks the same and says whether it was worked out anew. */
function isAnew(store: Store, question = 'how many?'): boolean {
  const work = vi.fn(() => 'two');
  expect(remembered(store, question, work, ANY_SIZE)).toBe('two');
  return work.mock.calls.length === 1;
}

function savedStore(): Store {
  const store = openStore(FOLDER.file(`${++stores}.db`), 'write');
  importSpans(store, SPANS);
  return store;
}

test('a result comes back as it was, from another connection too', () => {
  const store = savedStore();
  const result = {
    big: 2n ** 64n,
    none: null,
    list: [-0, Number.NaN, 'é\u0000'],
    map: new Map([['a', 1]]),
  };
  remembered(store, 'q', () => result, ANY_SIZE);
  const reader = openStore(store.path, 'read');
  const never = () => expect.fail('worked out again');
  expect(remembered(reader, 'q', never, ANY_SIZE)).toStrictEqual(result);
  reader.close();
  store.close();
});

test('another question is worked out, and the first is still known', () => {
  const store = savedStore();
  expect([isAnew(store, 'a'), isAnew(store, 'b'), isAnew(store, 'a')]).toEqual([true, true, false]);
  store.close();
});

test('whatever changes the spans makes the store forget', () => {
  const store = savedStore();
  expect([isAnew(store), isAnew(store)]).toEqual([true, false]);
  importSpans(store, [spanOf({ spanId: '7' })]);
  expect([isAnew(store), isAnew(store)]).toEqual([true, false]);
  pruneTraces(store, { keep: 1 });
  expect([isAnew(store), isAnew(store)]).toEqual([true, false]);
  emptyStore(store);
  importSpans(store, SPANS);
  expect([isAnew(store), isAnew(store)]).toEqual([true, false]);
  store.close();
});

test('nothing is remembered while an import runs, nor of what changed meanwhile', () => {
  const store = savedStore();
  const writer = beginImport(store, { dump: 'd', format: 'f', sizeBytes: null });
  writer.write([spanOf({ traceId: '3' })]);
  expect([isAnew(store), isAnew(store)]).toEqual([true, true]);
  store.close();
  const again = openStore(store.path, 'write');
  remembered(again, 'q', () => importSpans(again, [spanOf({ traceId: '4' })]).traces, ANY_SIZE);
  expect(remembered(again, 'q', () => 'new', ANY_SIZE)).toBe('new');
  again.close();
});

test('a store that another process writes to, or that is read-only, answers all the same', () => {
  const store = savedStore();
  const reader = openStore(store.path, 'read');
  const other = new sqlite(store.path);
  other.exec('BEGIN IMMEDIATE');
  expect([isAnew(reader), isAnew(reader)]).toEqual([true, true]);
  other.exec('ROLLBACK');
  other.close();
  reader.close();
  store.close();
  chmodSync(store.path, 0o400);
  const readOnly = openStore(store.path, 'read');
  expect(isAnew(readOnly)).toBe(true);
  readOnly.close();
});

test('a damaged result is worked out again', () => {
  const store = savedStore();
  isAnew(store);
  const other = new sqlite(store.path);
  other.exec("UPDATE result_rows SET result = x'00ff'");
  other.close();
  expect([isAnew(store), isAnew(store)]).toEqual([true, false]);
  store.close();
});

test('results take no more than 16 MiB of the file, the newest stay', () => {
  const store = savedStore();
  const large = 'x'.repeat(6 * 2 ** 20);
  for (const question of ['a', 'b', 'c']) remembered(store, question, () => large, ANY_SIZE);
  const work = vi.fn(() => large);
  for (const question of ['c', 'b']) remembered(store, question, work, ANY_SIZE);
  expect(work).not.toHaveBeenCalled();
  remembered(store, 'a', work, ANY_SIZE);
  expect(work).toHaveBeenCalledTimes(1);
  remembered(store, 'huge', () => large.repeat(3), ANY_SIZE);
  expect(remembered(store, 'huge', () => 'again', ANY_SIZE)).toBe('again');
  store.close();
});

test('a small store is not written to', () => {
  const store = storeWith(SPANS);
  const work = vi.fn(() => 1);
  remembered(store, 'q', work);
  remembered(store, 'q', work);
  expect(work).toHaveBeenCalledTimes(2);
  store.close();
});
