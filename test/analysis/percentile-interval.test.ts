import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseQuantile } from '../../src/analysis/nearest-rank.ts';
import { percentileInterval } from '../../src/analysis/percentile-interval.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';

test.each([
  ['p50', 100, 40, 61],
  ['p95', 100, 90, 100],
  ['p99', 100, 97, null],
  ['p99', 1000, 983, 997],
  ['p50', 5, null, null],
  ['p50', 0, null, null],
] as const)('%s of %i values lies between the ranks %s and %s', (name, count, low, high) => {
  expect(percentileInterval(parseQuantile(name), count)).toEqual({ low, high });
});

test('the extremes have no interval', () => {
  expect(percentileInterval(parseQuantile('p0'), 50)).toEqual({ low: null, high: null });
  expect(percentileInterval(parseQuantile('p100'), 50)).toEqual({ low: null, high: null });
});

test('a million values bound the p99 to a few ranks in a thousand', () => {
  const { low, high } = percentileInterval(parseQuantile('p99'), 1_000_000);
  expect(low).toBeGreaterThan(989_790);
  expect(high).toBeLessThan(990_210);
});

interface Interval {
  readonly n: number;
  readonly q: number;
  readonly lo_rank: number | null;
  readonly hi_rank: number | null;
}

corpusTest("agrees with scipy's binomial distribution", () => {
  const file = path.join(CORPUS ?? '', 'cases/semantics/stats_vectors.json');
  const vectors: Interval[] = JSON.parse(readFileSync(file, 'utf8')).quantile_order_statistic_ci;
  expect(vectors.length).toBe(40);
  for (const { n, q, lo_rank, hi_rank } of vectors) {
    const interval = percentileInterval(parseQuantile(String(q)), n);
    expect({ n, q, ...interval }).toEqual({ n, q, low: lo_rank, high: hi_rank });
  }
});
