import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationHistogram } from '../../src/analysis/duration-histogram.ts';

test('a duration at an edge opens the bucket', () => {
  expect(durationHistogram([1_000_000, 1_999_999, 5_000_000])).toEqual([
    { fromNs: 1_000_000, toNs: 2_000_000, count: 2 },
    { fromNs: 2_000_000, toNs: 5_000_000, count: 0 },
    { fromNs: 5_000_000, toNs: 10_000_000, count: 1 },
  ]);
});

test('zero has a bucket of its own, and nothing has none', () => {
  expect(durationHistogram([0])).toEqual([{ fromNs: 0, toNs: 1, count: 1 }]);
  expect(durationHistogram([])).toEqual([]);
});

test('counts add up, buckets touch, and each duration lies in one', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat(), { minLength: 1 }), (values) => {
      const buckets = durationHistogram(values);
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
      for (const [i, { fromNs, toNs, count }] of buckets.entries()) {
        const inside = values.filter((value) => fromNs <= value && value < toNs);
        if (i + 1 < buckets.length) expect(buckets[i + 1]?.fromNs).toBe(toNs);
        if (toNs < 5e15) expect(count).toBe(inside.length);
      }
    }),
  );
});
