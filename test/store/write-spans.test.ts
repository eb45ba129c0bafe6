import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UINT32, UINT32_PER_ROW } from '../../src/encoding/span-batch.ts';
import { SpanBatchBuilder } from '../../src/encoding/span-batch-builder.ts';
import type { Span } from '../../src/model/span.ts';
import { countTraces, findTraces } from '../../src/store/find-traces.ts';
import { listImports } from '../../src/store/import-log.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { readTrace, scanTraces } from '../../src/store/read-spans.ts';
import { refreshSummaries } from '../../src/store/trace-summaries.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { plainSpan } from '../helpers/plain-span.ts';
import { resourceOf, spanOf, traceIdOf } from '../helpers/span-of.ts';
import { importSpans, storeWith } from '../helpers/store-with.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const DUMP = { dump: 'a.json', format: 'test', sizeBytes: 10 };
const NEWEST_FIRST = { sort: 'start', descending: true, limit: 1000 } as const;

const folder = temporaryFolder();
let file: string;
let store: Store;
beforeEach(() => {
  file = folder.file('store.db');
  store = openStore(file, 'write');
});
afterEach(() => {
  store.close();
  folder.empty();
});

/** `count` spans in `traces` traces, interleaved; each trace is a chain. */
function spansOf(count: number, traces = 3): Span[] {
  return Array.from({ length: count }, (_, i) => {
    const depth = Math.floor(i / traces);
    return spanOf({
      traceId: `${(i % traces) + 1}`,
      spanId: (depth + 1).toString(16),
      parentSpanId: depth === 0 ? null : depth.toString(16),
      name: `op ${i % 7}`,
      resource: resourceOf(`svc ${i % 2}`),
      startUnixNano: 1_700_000_000_000_000_000n + BigInt(i),
      durationNs: 1000,
      statusCode: i % 5 === 0 ? 'error' : 'unset',
    });
  });
}

function content(of: Store): unknown {
  return {
    traces: findTraces(of, {}, NEWEST_FIRST),
    spans: [...scanTraces(of)].map((spans) => spans.map(plainSpan)),
  };
}

test('importing a dump a second time changes nothing but the log', () => {
  const spans = spansOf(500);
  expect(importSpans(store, spans)).toEqual({ spansAdded: 500, spansDuplicate: 0, traces: 3 });
  const before = content(store);
  expect(importSpans(store, spans)).toEqual({ spansAdded: 0, spansDuplicate: 500, traces: 3 });
  expect(content(store)).toEqual(before);
  expect(listImports(store)).toHaveLength(2);
});

test('copies within one dump and within one batch are kept once', () => {
  const spans = spansOf(120);
  expect(importSpans(store, [...spans, ...spans, ...spans.slice(0, 7)])).toEqual({
    spansAdded: 120,
    spansDuplicate: 127,
    traces: 3,
  });
});

test('the store does not depend on the order of spans, on batches or on imports', () => {
  const spans = spansOf(60, 7);
  const expected = storeWith(spans);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(spans, { minLength: 60 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(60),
      (shuffled, batchSize, cut) => {
        const joined = storeWith([]);
        try {
          importSpans(joined, shuffled.slice(0, cut), batchSize);
          importSpans(joined, shuffled.slice(cut), batchSize);
          expect(content(joined)).toEqual(content(expected));
        } finally {
          joined.close();
        }
      },
    ),
    { numRuns: 30 },
  );
  expected.close();
});

test('a trace that arrives in pieces is one trace, and its parents stop being missing', () => {
  const [root, child, leaf] = [
    spanOf({ name: 'root', service: 'front', durationNs: 900 }),
    spanOf({
      spanId: '2',
      parentSpanId: '1',
      service: 'cart',
      statusCode: 'error',
      durationNs: 500,
    }),
    spanOf({ spanId: '3', parentSpanId: '2', service: 'db', durationNs: 2000 }),
  ];
  importSpans(store, [leaf]);
  const summary = () => findTraces(store, {}, NEWEST_FIRST).traces[0];
  expect(summary()).toMatchObject({ spans: 1, orphans: 1, root: null, services: ['db'] });
  importSpans(store, [root]);
  expect(summary()).toMatchObject({ spans: 2, orphans: 1, root: { service: 'front' } });
  importSpans(store, [child]);
  expect(summary()).toEqual({
    traceId: traceIdOf('1'),
    traceIdRaw: null,
    startUnixNano: root.startUnixNano,
    durationNs: 2000,
    spans: 3,
    errors: 1,
    services: ['cart', 'db', 'front'],
    root: { service: 'front', operation: 'root' },
    orphans: 0,
  });
});

test('an import that dies between batches leaves its committed spans, listed with right numbers', () => {
  const spans = spansOf(300);
  const writer = beginImport(store, DUMP);
  writer.write(spans.slice(0, 100));
  writer.write(spans.slice(100, 200));
  // The process dies here: nobody finishes, another process opens the file.
  const later = openStore(file, 'read');
  const expected = storeWith(spans.slice(0, 200));
  expect(content(later)).toEqual(content(expected));
  expect(listImports(later)).toMatchObject([{ completed: false, spansAdded: 200, traces: 3 }]);
  later.close();
  expected.close();
});

test('importing again after a dead import adds the rest and doubles nothing', () => {
  const spans = spansOf(300);
  beginImport(store, DUMP).write(spans.slice(0, 250));
  const again = openStore(file, 'write');
  expect(importSpans(again, spans)).toEqual({ spansAdded: 50, spansDuplicate: 250, traces: 3 });
  const expected = storeWith(spans);
  expect(content(again)).toEqual(content(expected));
  again.close();
  expected.close();
});

test('an abandoned import keeps and lists what it wrote, and its line in the log is incomplete', () => {
  beginImport(store, DUMP).write(spansOf(30));
  refreshSummaries(store);
  expect(countTraces(store, {})).toBe(3);
  expect(listImports(store)).toMatchObject([{ completed: false, spansAdded: 30 }]);
});

test('a batch that fails leaves nothing of itself, and the import can go on', () => {
  const writer = beginImport(store, DUMP);
  const spans = spansOf(80);
  const builder = new SpanBatchBuilder();
  for (const span of spans) builder.add(span);
  const bad = builder.take();
  bad.uint32[79 * UINT32_PER_ROW + UINT32.scope] = 99;
  expect(() => writer.writeBatch(bad)).toThrow(RangeError);
  expect(readTrace(store, traceIdOf('1'))).toEqual([]);
  writer.write(spans);
  expect(writer.finish({ format: 'test', records: 80, split: 0, issues: [] })).toEqual({
    spansAdded: 80,
    spansDuplicate: 0,
    traces: 3,
  });
  refreshSummaries(store);
  const expected = storeWith(spans);
  expect(content(store)).toEqual(content(expected));
  expected.close();
});

test('two imports into one file take turns and see each other', () => {
  const spans = spansOf(400, 5);
  const other = openStore(file, 'write');
  const [one, two] = [beginImport(store, DUMP), beginImport(other, { ...DUMP, dump: 'b.json' })];
  for (let at = 0; at < 400; at += 40) {
    one.write(spans.slice(at, at + 30));
    two.write(spans.slice(at + 20, at + 40));
  }
  const report = { format: 'test', records: 0, split: 0, issues: [] };
  const [first, second] = [one.finish(report), two.finish(report)];
  refreshSummaries(store);
  expect(first.spansAdded + second.spansAdded).toBe(400);
  expect(first.spansDuplicate + second.spansDuplicate).toBe(100);
  const expected = storeWith(spans);
  expect(content(other)).toEqual(content(expected));
  other.close();
  expected.close();
});
