import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Span } from '../../src/model/span.ts';
import { checkStore } from '../../src/store/check-store.ts';
import { type BegunDump, listImports } from '../../src/store/import-log.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { pruneTraces } from '../../src/store/prune-traces.ts';
import { scanTraces } from '../../src/store/read-spans.ts';
import { refreshSummaries } from '../../src/store/trace-summaries.ts';
import { beginImport, type ImportWriter } from '../../src/store/write-spans.ts';
import { plainSpan } from '../helpers/plain-span.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { numberedSpans } from './numbered-spans.ts';

const DUMP = { dump: 'a.json', format: 'test', sizeBytes: 10, fingerprint: 'as it is now' };
const REPORT = { format: 'test', records: 500, split: 0, issues: [] };
const BATCHES = [0, 1, 2, 3, 4].map((batch) => numberedSpans(batch * 100, 100));

const folder = temporaryFolder();
let store: Store;
beforeEach(() => {
  store = openStore(folder.file('store.db'), 'write');
});
afterEach(() => {
  store.close();
  folder.empty();
});

function writeAll(writer: ImportWriter, batches: readonly (readonly Span[])[]): void {
  for (const batch of batches) writer.write(batch);
}

/** An import that was stopped after so many batches. */
function stopAfter(batches: number, dump: BegunDump = DUMP): void {
  writeAll(beginImport(store, dump), BATCHES.slice(0, batches));
}

function namesIn(of: Store): string[] {
  refreshSummaries(of);
  return [...scanTraces(of)].flat().map(({ name }) => name);
}

/** The same spans by other names, so that the store would take them for others. */
function renamed(batch: readonly Span[]): Span[] {
  return batch.map((span) => ({ ...span, name: 'renamed' }));
}

test('what a stopped import wrote is passed over, the rest is written, and the end is as if nobody had stopped it', () => {
  stopAfter(2);
  const writer = beginImport(store, DUMP);
  // Passed over without a look.
  writeAll(writer, BATCHES.slice(0, 2).map(renamed));
  writeAll(writer, BATCHES.slice(2));
  expect(writer.finish(REPORT)).toEqual({ spansAdded: 300, spansDuplicate: 200, traces: 50 });
  refreshSummaries(store);
  const undisturbed = openStore(folder.file('undisturbed.db'), 'write');
  const whole = beginImport(undisturbed, DUMP);
  writeAll(whole, BATCHES);
  expect(whole.finish(REPORT)).toEqual({ spansAdded: 500, spansDuplicate: 0, traces: 50 });
  refreshSummaries(undisturbed);
  const spansOf = (of: Store) => [...scanTraces(of)].map((spans) => spans.map(plainSpan));
  expect(spansOf(store)).toEqual(spansOf(undisturbed));
  undisturbed.close();
  expect(checkStore(store).flatMap(({ problems }) => problems)).toEqual([]);
  expect(listImports(store).at(-1)).toMatchObject({
    completed: true,
    spansAdded: 300,
    spansDuplicate: 200,
    traces: 50,
  });
});

test('of several stopped imports the one that came farthest counts, also one that only passed over', () => {
  stopAfter(1);
  stopAfter(3);
  stopAfter(2);
  const writer = beginImport(store, DUMP);
  writeAll(writer, BATCHES.map(renamed));
  expect(writer.finish(REPORT)).toMatchObject({ spansAdded: 200, spansDuplicate: 300 });
});

test('a batch that ends behind what was written is written, as are all after it', () => {
  stopAfter(2);
  const writer = beginImport(store, DUMP);
  writer.write(BATCHES[0] ?? []);
  writer.write([...(BATCHES[1] ?? []), ...(BATCHES[2] ?? [])]);
  expect(writer.finish(REPORT)).toMatchObject({ spansAdded: 100, spansDuplicate: 200 });
});

test.each([
  ['a file that has changed', { ...DUMP, fingerprint: 'as it was' }],
  ['a pipe', { ...DUMP, fingerprint: null }],
])('of %s everything is written', (_what, dump) => {
  stopAfter(2, dump);
  const writer = beginImport(store, DUMP);
  writeAll(writer, BATCHES.slice(0, 2).map(renamed));
  expect(writer.finish(REPORT)).toMatchObject({ spansAdded: 200 });
  expect(namesIn(store)).toContain('renamed');
});

test('a file that was imported to its end is not passed over', () => {
  const first = beginImport(store, DUMP);
  writeAll(first, BATCHES);
  first.finish(REPORT);
  const again = beginImport(store, DUMP);
  writeAll(again, BATCHES.map(renamed));
  expect(again.finish(REPORT)).toMatchObject({ spansAdded: 500 });
});

test('traces that were removed since then are written again', () => {
  stopAfter(2);
  refreshSummaries(store);
  expect(pruneTraces(store, { keep: 3 }).traces).toBe(17);
  const writer = beginImport(store, DUMP);
  writeAll(writer, BATCHES);
  writer.finish(REPORT);
  expect(namesIn(store)).toHaveLength(500);
});
