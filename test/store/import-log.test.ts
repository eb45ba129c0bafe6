import { expect, test } from 'vitest';
import { listImports } from '../../src/store/import-log.ts';
import { openTemporaryStore } from '../../src/store/open-store.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { spanOf } from '../helpers/span-of.ts';

test('the log tells of each import what it read, what it did and what was wrong', () => {
  const store = openTemporaryStore();
  const issue = {
    code: 'bad-field',
    severity: 'repaired',
    count: 3,
    firstAt: { byte: 12, line: 1 },
    example: 'flags: "\ud800"',
  };
  const first = beginImport(store, { dump: 'b.json', format: 'auto', sizeBytes: 1234 });
  first.write([spanOf(), spanOf(), spanOf({ traceId: '2' })]);
  first.finish({ format: 'zipkin-v1', records: 2, split: 1, issues: [issue] });
  beginImport(store, { dump: 'a\ud800', format: 'otlp-json', sizeBytes: null });
  expect(listImports(store)).toEqual([
    {
      dump: 'b.json',
      format: 'zipkin-v1',
      sizeBytes: 1234,
      importedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      completed: true,
      completedLater: false,
      spansAdded: 2,
      spansDuplicate: 1,
      traces: 2,
      records: 2,
      split: 1,
      issues: [issue],
    },
    expect.objectContaining({ dump: 'a\ud800', sizeBytes: null, completed: false, issues: [] }),
  ]);
  store.close();
});

test('an import that was stopped is not called incomplete after the same dump was imported again', () => {
  const store = openTemporaryStore();
  const dump = { dump: 'a.json', format: 'auto', sizeBytes: 99 };
  beginImport(store, dump).write([spanOf()]);
  beginImport(store, { ...dump, sizeBytes: 98 }).write([spanOf()]);
  expect(listImports(store).map(({ completedLater }) => completedLater)).toEqual([false, false]);
  beginImport(store, dump).finish({ format: 'zipkin-v1', records: 1, split: 0, issues: [] });
  expect(
    listImports(store).map(({ completed, completedLater }) => [completed, completedLater]),
  ).toEqual([
    [false, true],
    [false, false],
    [true, false],
  ]);
  store.close();
});
