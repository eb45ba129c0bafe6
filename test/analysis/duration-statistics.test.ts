import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DurationSamples } from '../../src/analysis/duration-samples.ts';
import {
  divideHalfEven,
  durationStatistics,
  exactSum,
} from '../../src/analysis/duration-statistics.ts';
import { nanos } from '../../src/model/time.ts';

function samplesOf(values: readonly number[]): DurationSamples {
  const samples = new DurationSamples();
  for (const value of values) samples.push(nanos(value));
  return samples;
}

test('statistics of one to a hundred', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(durationStatistics(samplesOf(hundred).sorted())).toEqual({
    min: 1,
    // 50.5 exactly: a tie goes to the even neighbour.
    mean: 50,
    p50: 50,
    p75: 75,
    p90: 90,
    p95: 95,
    p99: 99,
    p999: 100,
    max: 100,
    total: 5050,
    method: 'exact',
    relativeError: 0,
    lowSample: ['p999'],
  });
});

test('one value is every percentile, and all above the median are marked as the maximum', () => {
  const statistics = durationStatistics(samplesOf([42]).sorted());
  expect(statistics).toMatchObject({ min: 42, mean: 42, p50: 42, p999: 42, max: 42 });
  expect(statistics?.lowSample).toEqual(['p50', 'p75', 'p90', 'p95', 'p99', 'p999']);
});

test('an empty sample has no statistics', () => {
  expect(durationStatistics(new DurationSamples().sorted())).toBeNull();
});

test.each([
  [5n, 2n, 2n],
  [7n, 2n, 4n],
  [8n, 3n, 3n],
  [7n, 3n, 2n],
  [0n, 5n, 0n],
])('%d / %d is %d, half to even', (dividend, divisor, quotient) => {
  expect(divideHalfEven(dividend, divisor)).toBe(quotient);
});

test('a sum stays exact past 2^53', () => {
  const values = Float64Array.of(2 ** 53 - 1, 1, 2 ** 53 - 1, 1, 3);
  expect(exactSum(values)).toBe(2n ** 54n + 3n);
});

test('a sample of any size keeps every duration and does not depend on order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 100 }), (values) => {
      const expected = [...values].sort((a, b) => a - b);
      expect([...samplesOf(values).sorted()]).toEqual(expected);
      expect(samplesOf(values).count).toBe(values.length);
      expect(durationStatistics(samplesOf([...values].reverse()).sorted())).toEqual(
        durationStatistics(samplesOf(values).sorted()),
      );
    }),
  );
});

test('a sample can grow after it was looked at', () => {
  const samples = samplesOf([3, 1]);
  expect([...samples.sorted()]).toEqual([1, 3]);
  samples.push(nanos(2));
  expect([...samples.sorted()]).toEqual([1, 2, 3]);
});
