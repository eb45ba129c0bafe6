import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentileRank } from '../../src/analysis/percentile-rank.ts';

const SAMPLE = Float64Array.of(5, 5, 5, 8, 100);

test.each([
  [1, { below: 0, equal: 0, share: 0.2 }],
  [5, { below: 0, equal: 3, share: 0.2 }],
  [8, { below: 3, equal: 1, share: 0.8 }],
  [50, { below: 4, equal: 0, share: 1 }],
  [100, { below: 4, equal: 1, share: 1 }],
  [101, { below: 5, equal: 0, share: 1 }],
])('the rank of %i in 5 5 5 8 100', (duration, rank) => {
  expect(percentileRank(SAMPLE, duration)).toEqual(rank);
});

test('nothing has a rank in an empty sample', () => {
  expect(percentileRank(new Float64Array(0), 5)).toEqual({ below: 0, equal: 0, share: 0 });
});

test('counts what is below and equal', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(20), (values, duration) => {
      const { below, equal } = percentileRank(Float64Array.from(values).sort(), duration);
      expect(below).toBe(values.filter((value) => value < duration).length);
      expect(equal).toBe(values.filter((value) => value === duration).length);
    }),
  );
});
