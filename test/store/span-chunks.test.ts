import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Span } from '../../src/model/span.ts';
import { checkStore } from '../../src/store/check-store.ts';
import { connectionOf } from '../../src/store/connection.ts';
import { findTraces } from '../../src/store/find-traces.ts';
import type { Store } from '../../src/store/open-store.ts';
import { pruneTraces } from '../../src/store/prune-traces.ts';
import { readTrace, scanTraces } from '../../src/store/read-spans.ts';
import { CHUNK_SPANS } from '../../src/store/span-chunks.ts';
import { plainSpan } from '../helpers/plain-span.ts';
import { spanOf, traceIdOf } from '../helpers/span-of.ts';
import { importSpans, storeWith } from '../helpers/store-with.ts';

/** `count` spans of one trace. */
function spansOf(count: number, traceId = '1', text = ''): Span[] {
  return Array.from({ length: count }, (_, i) =>
    spanOf({
      traceId,
      spanId: (i + 1).toString(16),
      parentSpanId: i === 0 ? null : i.toString(16),
      startUnixNano: 1_700_000_000_000_000_000n + BigInt(i),
      attributes: { n: BigInt(i), text },
    }),
  );
}

function chunkSizes(store: Store): number[] {
  return connectionOf(store)
    .all<readonly [bigint]>('SELECT spans FROM span_chunks ORDER BY chunk_key')
    .map(([spans]) => Number(spans));
}

function problems(store: Store): readonly string[] {
  return checkStore(store).flatMap((check) => check.problems);
}

test('a trace that is larger than a chunk comes back whole, with right totals', () => {
  const spans = spansOf(CHUNK_SPANS * 2 + 7);
  const store = storeWith(spans);
  expect(chunkSizes(store)).toEqual([CHUNK_SPANS, CHUNK_SPANS, 7]);
  expect(readTrace(store, traceIdOf('1')).map(plainSpan)).toEqual(spans.map(plainSpan));
  const { traces } = findTraces(store, {}, { sort: 'start', descending: true, limit: 9 });
  expect(traces).toMatchObject([{ spans: spans.length, orphans: 0 }]);
  expect(problems(store)).toEqual([]);
  store.close();
});

test('spans with much text share a chunk with few others, or with none', () => {
  const spans = [...spansOf(3, '1', 'x'.repeat(300_000)), ...spansOf(4, '2', 'y'.repeat(100_000))];
  const store = storeWith(spans);
  expect(chunkSizes(store)).toEqual([1, 1, 1, 2, 2]);
  expect([...scanTraces(store)].flat()).toHaveLength(7);
  expect(problems(store)).toEqual([]);
  store.close();
});

test('flags keep all their bits', () => {
  const spans = [0, 1, 0x301, 2 ** 26 - 1, 2 ** 26, 2 ** 32 - 1].map((flags, i) => ({
    ...spanOf({ spanId: `${i + 1}`, timeFlags: 8, statusCode: 'error' }),
    flags,
  }));
  const store = storeWith(spans);
  expect(readTrace(store, traceIdOf('1')).map(plainSpan)).toEqual(spans.map(plainSpan));
  store.close();
});

test('times that are further apart than doubles are exact sum up exactly', () => {
  const first = spanOf({ spanId: '1', startUnixNano: 1n, durationNs: 5 });
  const last = spanOf({ spanId: '2', startUnixNano: 2n ** 62n + 1n, durationNs: 3 });
  const store = storeWith([first, last]);
  const { traces } = findTraces(store, {}, { sort: 'start', descending: true, limit: 9 });
  expect(traces).toMatchObject([{ startUnixNano: 1n, durationNs: 2 ** 62 }]);
  expect(problems(store)).toEqual([]);
  store.close();
});

test('pruning some traces of a chunk leaves the others as they were', () => {
  const traces = Array.from({ length: 40 }, (_, i) =>
    spansOf(1 + ((i * 7) % 20), `${i + 1}`, `t${i}`),
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(traces, { minLength: 40 }), fc.nat(40), (shuffled, keep) => {
      const store = storeWith([]);
      for (const part of [shuffled.slice(0, 20), shuffled.slice(20)])
        importSpans(store, part.flat());
      const before = new Map([...scanTraces(store)].map((spans) => [spans[0]?.traceId, spans]));
      pruneTraces(store, { keep });
      const after = [...scanTraces(store)];
      expect(after).toHaveLength(keep);
      for (const spans of after) {
        const expected = before.get(spans[0]?.traceId) ?? [];
        expect(spans.map(plainSpan)).toEqual(expected.map(plainSpan));
      }
      expect(problems(store)).toEqual([]);
      store.close();
    }),
    { numRuns: 20 },
  );
});

test('spans that come in any order, several times, are stored once', () => {
  const spans = [...spansOf(30, '1'), ...spansOf(30, '2'), ...spansOf(5, '3')];
  fc.assert(
    fc.property(
      fc.array(fc.shuffledSubarray(spans, { minLength: 1 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      (parts, batchSize) => {
        const store = storeWith([]);
        const result = importSpans(store, parts.flat(), batchSize);
        const distinct = new Set(parts.flat()).size;
        expect(result.spansAdded).toBe(distinct);
        expect([...scanTraces(store)].flat()).toHaveLength(distinct);
        expect(problems(store)).toEqual([]);
        store.close();
      },
    ),
    { numRuns: 40 },
  );
});
