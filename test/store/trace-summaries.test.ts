import { afterEach, expect, test } from 'vitest';
import type { Span } from '../../src/model/span.ts';
import { findTraces } from '../../src/store/find-traces.ts';
import { openStore } from '../../src/store/open-store.ts';
import { sqlite } from '../../src/store/sqlite.ts';
import { refreshSummaries } from '../../src/store/trace-summaries.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { spanOf } from '../helpers/span-of.ts';
import { importSpans } from '../helpers/store-with.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder();
afterEach(() => folder.empty());

/** More than one chunk of the refresh. */
const MANY = 20_001;

function singleSpans(): Span[] {
  return Array.from({ length: MANY }, (_, i) =>
    spanOf({ traceId: (i + 1).toString(16), durationNs: (i * 7919) % 100_003 }),
  );
}

function indexes(file: string): unknown[] {
  const database = new sqlite(file, { readonly: true });
  const rows = database
    .prepare("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' ORDER BY name")
    .all();
  const columns = database
    .prepare(
      `SELECT s.name, x.seqno, x.name AS column FROM sqlite_schema s, pragma_index_info(s.name) x
       WHERE s.type = 'index' ORDER BY s.name, x.seqno`,
    )
    .all();
  database.close();
  return [rows, columns];
}

test('after many new traces at once the lists have the indexes of a new store, and every trace', () => {
  const file = folder.file('store.db');
  openStore(file, 'write').close();
  const before = indexes(file);
  const store = openStore(file, 'write');
  importSpans(store, singleSpans(), 5000);
  const { traces } = findTraces(store, {}, { sort: 'duration', descending: true, limit: MANY + 1 });
  store.close();
  expect(traces.length).toBe(MANY);
  expect(
    traces.every(({ durationNs }, i) => durationNs <= (traces[i - 1]?.durationNs ?? 1e9)),
  ).toBe(true);
  expect(indexes(file)).toEqual(before);
});

test('indexes that a killed refresh left out are made when the store is opened', () => {
  const file = folder.file('store.db');
  openStore(file, 'write').close();
  const before = indexes(file);
  const database = new sqlite(file);
  database.exec('DROP INDEX trace_summaries_by_spans; DROP INDEX trace_summaries_by_start');
  database.close();
  openStore(file, 'read').close();
  expect(indexes(file)).toEqual(before);
});

test('a refresh counts the spans of several imports, and changes nothing the second time', () => {
  const store = openStore(folder.file('store.db'), 'write');
  const list = () => findTraces(store, {}, { sort: 'start', descending: true, limit: 10 }).traces;
  for (const spanId of ['1', '2', '3']) {
    const writer = beginImport(store, { dump: spanId, format: 'test', sizeBytes: null });
    writer.write([spanOf({ spanId })]);
    writer.finish({ format: 'test', records: 1, split: 0, issues: [] });
  }
  expect(list()).toEqual([]);
  refreshSummaries(store);
  expect(list()).toMatchObject([{ spans: 3 }]);
  refreshSummaries(store);
  expect(list()).toMatchObject([{ spans: 3 }]);
  store.close();
});
