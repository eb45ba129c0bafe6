import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isLowSample,
  nearestRank,
  parseQuantile,
  percentile,
} from '../../src/analysis/nearest-rank.ts';
import { UserError } from '../../src/model/user-error.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';

test.each([
  ['p50', 50, 100],
  ['p99.9', 999, 1000],
  ['p0', 0, 100],
  ['p100', 100, 100],
  ['0.07', 7, 100],
  ['0.999', 999, 1000],
  ['0', 0, 1],
  ['1', 1, 1],
])('%s is %d/%d exactly', (text, numerator, denominator) => {
  expect(parseQuantile(text)).toEqual({ numerator, denominator });
});

test.each(['p101', 'p100.1', '1.5', 'p', '99', 'p-1', 'p99.', 'P99', '', 'p0.0000000000001'])(
  '"%s" is not a percentile',
  (text) => {
    expect(() => parseQuantile(text)).toThrow(UserError);
  },
);

test.each([
  // 0.07 * 100 is 7.000000000000001 in doubles.
  ['p7', 100, 7],
  ['p0', 100, 1],
  ['p100', 100, 100],
  ['p50', 4, 2],
  ['p50', 5, 3],
  ['p99', 99, 99],
  ['p99', 100, 99],
  ['p99', 101, 100],
  ['p99.9', 1000, 999],
  ['p50', 0, 0],
  // The product is past 2^53.
  ['p99.9', 9_007_199_254_740_991, 8_998_192_055_486_251],
])('rank of %s among %d is %d', (quantile, count, rank) => {
  expect(nearestRank(parseQuantile(quantile), count)).toBe(rank);
});

test('an empty sample has no percentile', () => {
  expect(percentile(new Float64Array(0), parseQuantile('p50'))).toBeNull();
});

test.each([
  ['p90', 9, true],
  ['p90', 10, false],
  ['p95', 19, true],
  ['p95', 20, false],
  ['p99', 99, true],
  ['p99', 100, false],
  ['p99.9', 999, true],
  ['p99.9', 1000, false],
  ['p100', 1_000_000, true],
])('%s of %d values is low on samples: %s', (quantile, count, low) => {
  expect(isLowSample(parseQuantile(quantile), count)).toBe(low);
});

describe('properties', () => {
  const samples = fc.array(fc.nat(), { minLength: 1, maxLength: 200 });
  const quantiles = fc
    .integer({ min: 0, max: 1000 })
    .map((numerator) => ({ numerator, denominator: 1000 }));

  test('a percentile is a value of the sample with at least its share at or below, and less than it below', () => {
    fc.assert(
      fc.property(samples, quantiles, (sample, quantile) => {
        const value = percentile(Float64Array.from(sample).sort(), quantile) ?? -1;
        expect(sample).toContain(value);
        const atOrBelow = sample.filter((x) => x <= value).length;
        const below = sample.filter((x) => x < value).length;
        const share = quantile.numerator * sample.length;
        expect(atOrBelow * quantile.denominator).toBeGreaterThanOrEqual(share);
        expect(below === 0 || below * quantile.denominator < share).toBe(true);
      }),
    );
  });

  test('a percentile does not fall as its quantile grows', () => {
    fc.assert(
      fc.property(samples, quantiles, quantiles, (sample, a, b) => {
        const sorted = Float64Array.from(sample).sort();
        const [low, high] = a.numerator <= b.numerator ? [a, b] : [b, a];
        expect(percentile(sorted, low)).toBeLessThanOrEqual(percentile(sorted, high) ?? -1);
      }),
    );
  });
});

interface Vector {
  readonly name: string;
  readonly values: readonly string[];
  readonly quantiles: Readonly<Record<string, string>>;
}

const SMALL: { readonly vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/cases/percentiles.json', import.meta.url), 'utf8'),
);

describe.each(SMALL.vectors)('vector $name', ({ values, quantiles }) => {
  test.each(Object.entries(quantiles))('quantile %s is %s', (quantile, expected) => {
    const sorted = values.map(BigInt);
    expect(percentile(sorted, parseQuantile(quantile))).toBe(BigInt(expected));
  });
});

interface LargeVector {
  readonly values_file?: string;
  readonly quantiles: Readonly<Record<string, { readonly tracecli_nearest_rank: string }>>;
}

corpusTest('large samples: log-normal, bimodal and Pareto durations', () => {
  const folder = path.join(CORPUS ?? '', 'cases/semantics');
  const { vectors }: { vectors: readonly LargeVector[] } = JSON.parse(
    readFileSync(path.join(folder, 'percentiles_vectors.json'), 'utf8'),
  );
  let checked = 0;
  for (const { values_file: file, quantiles } of vectors) {
    if (file === undefined) continue;
    const lines = readFileSync(path.join(folder, file), 'utf8').trim().split('\n');
    const sorted = Float64Array.from(lines, Number).sort();
    for (const [quantile, expected] of Object.entries(quantiles)) {
      expect(percentile(sorted, parseQuantile(quantile))).toBe(
        Number(expected.tracecli_nearest_rank),
      );
      checked++;
    }
  }
  expect(checked).toBe(39);
});
