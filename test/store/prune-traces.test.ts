import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type Span, TIME_FLAGS } from '../../src/model/span.ts';
import { unixNano } from '../../src/model/time.ts';
import { checkStore } from '../../src/store/check-store.ts';
import { findTraces } from '../../src/store/find-traces.ts';
import { openStore, openTemporaryStore, type Store } from '../../src/store/open-store.ts';
import { type PruneLimits, planPrune, pruneTraces } from '../../src/store/prune-traces.ts';
import { scanTraces } from '../../src/store/read-spans.ts';
import { listServices } from '../../src/store/store-info.ts';
import { storeSizeBytes } from '../../src/store/store-size.ts';
import { vacuumStore } from '../../src/store/vacuum-store.ts';
import { plainSpan } from '../helpers/plain-span.ts';
import { spanOf } from '../helpers/span-of.ts';
import { importSpans } from '../helpers/store-with.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder();
afterEach(() => folder.empty());

/** A trace of `count` spans that starts at `start`, of a service of its own. */
function trace(number: number, start: number, count: number): Span[] {
  return Array.from({ length: count }, (_, i) =>
    spanOf({
      traceId: number.toString(16),
      spanId: (i + 1).toString(16),
      startUnixNano: BigInt(start),
      service: `svc ${number}`,
      attributes: { text: `${number} ${'x'.repeat(300)}` },
    }),
  );
}

function traceIds(store: Store): string[] {
  const { traces } = findTraces(store, {}, { sort: 'start', descending: false, limit: 1000 });
  return traces.map(({ traceId }) => traceId.replace(/^0+/, ''));
}

function prunedStore(spans: readonly Span[], limits: PruneLimits) {
  const store = openTemporaryStore();
  importSpans(store, spans);
  const planned = planPrune(store, limits);
  const removed = pruneTraces(store, limits);
  return { store, planned, removed };
}

const FIVE = [trace(1, 30, 2), trace(2, 10, 3), trace(3, 20, 1), trace(4, 30, 4), trace(5, 40, 5)];

describe('whole traces go, oldest first', () => {
  test.each<[{ before?: number; keep?: number }, string[]]>([
    [{}, ['2', '3', '4', '1', '5']],
    [{ keep: 5 }, ['2', '3', '4', '1', '5']],
    [{ keep: 2 }, ['1', '5']],
    [{ keep: 0 }, []],
    [{ before: 30 }, ['4', '1', '5']],
    [{ before: 20, keep: 2 }, ['1', '5']],
    [{ before: 40, keep: 4 }, ['5']],
  ])('%j leaves %j', ({ before, keep }, left) => {
    const limits = {
      ...(before !== undefined && { startsBefore: unixNano(BigInt(before)) }),
      ...(keep !== undefined && { keep }),
    };
    const { store, planned, removed } = prunedStore(FIVE.flat(), limits);
    expect(traceIds(store)).toEqual(left);
    expect(planned).toEqual(removed);
    expect(removed.traces).toBe(5 - left.length);
    expect(listServices(store)).toEqual(left.map((id) => `svc ${id}`).sort());
    store.close();
  });

  test('traces without a start are the oldest', () => {
    const undated = trace(9, 0, 1).map((span) => ({ ...span, timeFlags: TIME_FLAGS.noStart }));
    const { store } = prunedStore([...FIVE.flat(), ...undated], { keep: 5 });
    expect(traceIds(store)).toEqual(['2', '3', '4', '1', '5']);
    store.close();
  });

  test('what stays is as if nothing else had ever been imported', () => {
    const traces = fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 6 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(traces, fc.nat(12), (list, keep) => {
        const all = list.map(([start, count], i) => trace(i + 1, start + 1, count));
        const { store } = prunedStore(all.flat(), { keep });
        const kept = new Set(traceIds(store));
        const expected = openTemporaryStore();
        importSpans(
          expected,
          all.flat().filter((s) => kept.has(s.traceId.replace(/^0+/, ''))),
        );
        const content = (of: Store) => [...scanTraces(of)].map((spans) => spans.map(plainSpan));
        expect(kept.size).toBe(Math.min(keep, all.length));
        expect(content(store)).toEqual(content(expected));
        expect(checkStore(store).flatMap(({ problems }) => problems)).toEqual([]);
        store.close();
        expected.close();
      }),
      { numRuns: 30 },
    );
  });
});

test('more traces than fit into one transaction', () => {
  const spans = Array.from({ length: 2500 }, (_, i) => trace(i + 1, i + 1, 1)).flat();
  const { store, removed } = prunedStore(spans, { keep: 3 });
  expect(removed).toEqual({ traces: 2497, spans: 2497 });
  expect(traceIds(store)).toEqual(['9c2', '9c3', '9c4']);
  store.close();
});

describe('by size', () => {
  const many = Array.from({ length: 2000 }, (_, i) => trace(i + 1, i + 1, 2)).flat();

  test('the file is as small as asked for, with as many traces as fit', () => {
    const file = folder.file('store.db');
    const store = openStore(file, 'write');
    importSpans(store, many);
    const size = storeSizeBytes(file);
    const maxBytes = Math.round(size / 3);
    const planned = planPrune(store, { maxBytes });
    const removed = pruneTraces(store, { maxBytes });
    expect(storeSizeBytes(file)).toBeLessThanOrEqual(maxBytes);
    expect(storeSizeBytes(file)).toBeGreaterThan(maxBytes * 0.85);
    expect(Math.abs(planned.traces - removed.traces)).toBeLessThan(200);
    expect(traceIds(store).at(-1)).toBe((2000).toString(16));
    expect(checkStore(store).flatMap(({ problems }) => problems)).toEqual([]);
    store.close();
  });

  test('a store that is small enough keeps everything', () => {
    const { store, removed } = prunedStore(FIVE.flat(), { maxBytes: 1e9 });
    expect(removed).toEqual({ traces: 0, spans: 0 });
    store.close();
  });

  test('a size that no store can have is refused, and nothing is removed', () => {
    const { store } = prunedStore(FIVE.flat(), { maxBytes: 1e9 });
    expect(() => pruneTraces(store, { maxBytes: 1 })).toThrow('no store is as small as 1 bytes');
    expect(traceIds(store)).toHaveLength(5);
    store.close();
  });
});

test('vacuum gives back the room of what was removed', () => {
  const file = folder.file('store.db');
  const store = openStore(file, 'write');
  importSpans(store, Array.from({ length: 2000 }, (_, i) => trace(i + 1, i + 1, 8)).flat());
  pruneTraces(store, { keep: 100 });
  const before = storeSizeBytes(file);
  vacuumStore(store);
  expect(storeSizeBytes(file)).toBeLessThan(before / 4);
  expect(traceIds(store).length).toBe(100);
  store.close();
});
