import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import type { Span } from '../../src/model/span.ts';
import type { SpanTree } from '../../src/model/span-tree.ts';
import type { Trace } from '../../src/model/trace.ts';
import { readTrace } from '../../src/store/read-spans.ts';
import { type StoredTrace, scanTrees } from '../../src/store/read-trees.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';
import { LARGE_SHAPES, largeSpans } from '../helpers/large-spans.ts';
import { messySpans } from '../helpers/messy-spans.ts';
import { readDump } from '../helpers/read-dump.ts';
import { spanOf, traceIdOf } from '../helpers/span-of.ts';
import { importSpans, storeWith } from '../helpers/store-with.ts';

/** A tree without what depends on the vocabulary's order and on what the columns held before. */
function plainTree({ size, vocabulary, missingParents, addresses, ...columns }: SpanTree) {
  const { operation, resource, capacity: _, ...numbers } = { capacity: 0, ...columns };
  const cut = Object.entries(numbers).map(([name, column]) => [
    name,
    Array.from(column.subarray(0, size)),
  ]);
  const resources = Array.from(resource.subarray(0, size), (number) => [
    ...(vocabulary.resources[number]?.attributes ?? []),
  ]);
  const operations = Array.from(operation.subarray(0, size), (number) => ({
    ...vocabulary.operations[number],
    service: vocabulary.serviceOf(number),
  }));
  return { ...Object.fromEntries(cut), size, missingParents, addresses, operations, resources };
}

/** Whether a trace's spans could be put in place by their numbers; then they must be where `buildTrace` puts them. */
function expectSame({ timed, traceId }: StoredTrace, spans: readonly Span[]): boolean {
  if (timed === null) return false;
  const trace: Trace = buildTrace(spans);
  expect(plainTree(timed.tree)).toEqual(plainTree(trace.tree));
  expect([traceId, timed.startUnixNano, timed.durationNs]).toEqual([
    trace.traceId,
    trace.startUnixNano,
    trace.durationNs,
  ]);
  return true;
}

function inTrace(spans: readonly Span[], number: number, hasLinks: boolean): Span[] {
  const traceId = traceIdOf(number.toString(16));
  return spans.map((span) => ({ ...span, traceId, links: hasLinks ? span.links : [] }));
}

test('the tree of numbers is that of the whole spans', () => {
  let counts = [0, 0];
  const traces = fc.array(fc.tuple(messySpans, fc.boolean()), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(traces, fc.integer({ min: 1, max: 40 }), (all, batchSize) => {
      const spans = all.flatMap(([some, hasLinks], i) => inTrace(some, i + 1, hasLinks));
      const store = storeWith([]);
      try {
        importSpans(store, spans, batchSize);
        for (const trace of scanTrees(store, {}, 'numbers')) {
          const isPlain = expectSame(trace, readTrace(store, trace.traceId));
          counts = counts.map((count, i) => count + Number(isPlain === (i === 0)));
        }
      } finally {
        store.close();
      }
    }),
    { numRuns: 150 },
  );
  // Else it would show nothing.
  expect(Math.min(...counts)).toBeGreaterThan(20);
});

const SHAPES = Object.keys(LARGE_SHAPES) as (keyof typeof LARGE_SHAPES)[];

test.each(SHAPES)('the tree of 3,000 spans, %s', (shape) => {
  const store = storeWith(largeSpans(shape, 3_000));
  try {
    const [trace] = [...scanTrees(store, {}, 'numbers')];
    expect(trace && expectSame(trace, trace.spans())).toBe(true);
  } finally {
    store.close();
  }
});

const CHILD = { spanId: '2', parentSpanId: '1' };

test.each([
  ['ids that occur twice', [spanOf({}), spanOf({ name: 'other' })], false],
  ['a loop of parents', [spanOf({ parentSpanId: '2' }), spanOf(CHILD)], false],
  [
    'a link, which may be a parent',
    [spanOf({}), spanOf({ ...CHILD, links: [linkTo('1')] })],
    false,
  ],
  ['a start of 0', [spanOf({}), spanOf({ ...CHILD, startUnixNano: 0n })], false],
  ['an end that is missing', [spanOf({}), spanOf({ ...CHILD, timeFlags: 2 })], false],
  ['a parent that is missing', [spanOf({ parentSpanId: '9' }), spanOf(CHILD)], true],
  ['a service that is inherited', [spanOf({}), spanOf({ ...CHILD, service: '' })], true],
  ['a span that lasts 100 days', [spanOf({ durationNs: 86_400e9 * 100 })], false],
  [
    'a negative offset',
    [spanOf({}), spanOf({ ...CHILD, startUnixNano: 1_600_000_000_000_000_000n })],
    false,
  ],
])('%s', (_, spans, isPlain) => {
  const store = storeWith(spans);
  try {
    const found = [...scanTrees(store, {}, 'all')].map((trace) => expectSame(trace, trace.spans()));
    expect(found).toEqual([isPlain]);
  } finally {
    store.close();
  }
});

test('names that hold values do not pile up in a vocabulary', () => {
  const spans = Array.from({ length: 60_000 }, (_, i) =>
    spanOf({
      traceId: (Math.floor(i / 100) + 1).toString(16),
      spanId: (i + 1).toString(16),
      name: `op ${i}`,
    }),
  );
  const store = storeWith(spans);
  try {
    let most = 0;
    let named = 0;
    for (const { timed, vocabulary } of scanTrees(store, {}, 'numbers')) {
      most = Math.max(most, vocabulary.operations.length);
      for (const operation of timed?.tree.operation.subarray(0, timed.tree.size) ?? []) {
        named += Number(vocabulary.operations[operation]?.name.startsWith('op '));
      }
    }
    expect(named).toBe(60_000);
    expect(most).toBeLessThan(60_000);
  } finally {
    store.close();
  }
});

/** Larger dumps would show the same again. */
const MAX_BYTES = 2_000_000;

corpusTest.each(['jaeger', 'otlp', 'zipkin-v2'])('traces of %s dumps', async (folder) => {
  const dumps = path.join(CORPUS ?? '', 'traces', folder);
  let compared = 0;
  for (const name of readdirSync(dumps)) {
    const file = path.join(dumps, name);
    const { size } = statSync(file);
    if (size > MAX_BYTES || !/\.jsonl?$/.test(name)) continue;
    const store = storeWith(await readDump(file));
    for (const trace of scanTrees(store, {}, 'all')) {
      expectSame(trace, trace.spans());
      compared += 1;
    }
    store.close();
  }
  expect(compared).toBeGreaterThan(5);
});

function linkTo(spanId: string): Span['links'][number] {
  const { traceId } = spanOf({});
  return {
    traceId,
    spanId: spanOf({ spanId }).spanId,
    traceState: '',
    attributes: new Map([['opentracing.ref_type', 'child_of']]),
    flags: 0,
    droppedAttributes: 0,
  };
}
