import { afterAll, expect, test } from 'vitest';
import { nanos } from '../../src/model/time.ts';
import { openTemporaryStore } from '../../src/store/open-store.ts';
import { pruneTraces } from '../../src/store/prune-traces.ts';
import { readTrace, scanTraces } from '../../src/store/read-spans.ts';
import { spanOf, traceIdOf } from '../helpers/span-of.ts';
import { importSpans } from '../helpers/store-with.ts';

const TRACES = 1300;
const store = openTemporaryStore();
afterAll(() => store.close());
importSpans(
  store,
  Array.from({ length: TRACES * 2 }, (_, i) => {
    const trace = (i % TRACES) + 1;
    return spanOf({
      traceId: trace.toString(16),
      spanId: `${Math.floor(i / TRACES) + 1}`,
      // Seven starts for all traces, the highest trace ids first.
      startUnixNano: 1_700_000_000_000_000_000n - BigInt(trace % 7),
      durationNs: trace,
    });
  }),
);

test('a scan gives every trace once, whole, by start and then id', () => {
  const seen = [...scanTraces(store)].map((spans) => {
    expect(spans.map((span) => span.spanId)).toEqual(['0000000000000001', '0000000000000002']);
    const [first] = spans;
    expect(spans.every((span) => span.traceId === first?.traceId)).toBe(true);
    return `${first?.startUnixNano} ${first?.traceId}`;
  });
  expect(seen).toHaveLength(TRACES);
  expect(new Set(seen).size).toBe(TRACES);
  expect(seen).toEqual(seen.toSorted());
});

test('a scan obeys a filter', () => {
  const filter = { minDurationNs: nanos(101), maxDurationNs: nanos(700) };
  const durations = [...scanTraces(store, filter)].map(([span]) => Number(span?.durationNs));
  expect(durations.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 600 }, (_, i) => i + 101),
  );
});

test('a scan that is left early leaves the store usable', () => {
  for (const _ of scanTraces(store)) break;
  expect(importSpans(store, [spanOf({ traceId: 'f00d' })]).spansAdded).toBe(1);
});

test('spans of one resource and scope share the objects', () => {
  const [a, b] = readTrace(store, traceIdOf('1'));
  expect(a?.resource).toBe(b?.resource);
  expect(a?.scope).toBe(b?.scope);
  expect(a?.origin).toBe(b?.origin);
});

test('a trace that is not there has no spans', () => {
  expect(readTrace(store, traceIdOf('dead'))).toEqual([]);
});

test('a scan goes over traces that are pruned under it', () => {
  const pruned = openTemporaryStore();
  importSpans(
    pruned,
    [1, 2, 3].map((n) => spanOf({ traceId: `${n}`, startUnixNano: BigInt(n) })),
  );
  const scan = scanTraces(pruned);
  expect(scan.next().value?.[0]?.traceId).toBe(traceIdOf('1'));
  pruneTraces(pruned, { keep: 1 });
  // What was in memory may still come.
  expect([...scan].at(-1)?.map(({ traceId }) => traceId)).toEqual([traceIdOf('3')]);
  pruned.close();
});

test('more names than are kept at a time are each their own, in a scan and one trace at a time', () => {
  // Every tenth span has a name that comes again and again.
  const named = (i: number) => (i % 10 === 0 ? `again ${i % 70}` : `GET /cart/${i}`);
  const spans = Array.from({ length: 24_000 }, (_, i) =>
    spanOf({
      traceId: (Math.floor(i / 8) + 1).toString(16),
      spanId: `${(i % 8) + 1}`,
      name: named(i),
      startUnixNano: 1_700_000_000_000_000_000n + BigInt(i),
    }),
  );
  const many = openTemporaryStore();
  try {
    importSpans(many, spans);
    const scanned = [...scanTraces(many)].flat().map(({ name }) => name);
    expect(scanned).toEqual(spans.map(({ name }) => name));
    const trace = readTrace(many, traceIdOf('9'));
    expect(trace.map(({ name }) => name)).toEqual(
      Array.from({ length: 8 }, (_, i) => named(64 + i)),
    );
  } finally {
    many.close();
  }
});
