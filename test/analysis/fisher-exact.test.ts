import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fisherExact } from '../../src/analysis/fisher-exact.ts';
import { logFactorial } from '../../src/analysis/log-factorial.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';

/** The definition in whole numbers: the tables at most as likely as the observed one, among all with its margins. */
function byCounting(withLeft: number, left: number, withRight: number, right: number): number {
  const any = withLeft + withRight;
  const tables = Array.from(
    { length: any + 1 },
    (_, x) => choose(left, x) * choose(right, any - x),
  );
  const observed = tables[withLeft] ?? 0n;
  const beyond = tables.filter((ways) => ways <= observed).reduce((sum, ways) => sum + ways, 0n);
  return Number((beyond * 10n ** 15n) / choose(left + right, any)) / 1e15;
}

function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let ways = 1n;
  for (let i = 0; i < k; i++) ways = (ways * BigInt(n - i)) / BigInt(i + 1);
  return ways;
}

test('agrees with counting all tables', () => {
  const side = fc.nat(30).chain((all) => fc.tuple(fc.nat(all), fc.constant(all)));
  fc.assert(
    fc.property(side, side, ([withLeft, left], [withRight, right]) => {
      const expected = byCounting(withLeft, left, withRight, right);
      expect(fisherExact({ withLeft, left, withRight, right })).toBeCloseTo(expected, 11);
    }),
  );
});

test('an empty side, none and all show nothing', () => {
  expect(fisherExact({ withLeft: 0, left: 0, withRight: 3, right: 9 })).toBe(1);
  expect(fisherExact({ withLeft: 0, left: 5, withRight: 0, right: 9 })).toBe(1);
  expect(fisherExact({ withLeft: 5, left: 5, withRight: 9, right: 9 })).toBe(1);
});

test('a very unlikely table of many traces has a very small chance, not none', () => {
  const chance = fisherExact({ withLeft: 150, left: 2500, withRight: 10, right: 47_500 });
  expect(chance).toBeGreaterThan(0);
  expect(chance).toBeLessThan(1e-100);
});

test('the factorials beyond the table continue those of the table', () => {
  expect(logFactorial(256) - logFactorial(255)).toBeCloseTo(Math.log(256), 11);
  expect(logFactorial(100_000) - logFactorial(99_999)).toBeCloseTo(Math.log(100_000), 8);
});

interface Proportions {
  readonly base_errors: number;
  readonly base_calls: number;
  readonly cur_errors: number;
  readonly cur_calls: number;
  readonly fisher_two_sided_p: number;
}

corpusTest("agrees with scipy's fisher_exact", () => {
  const file = path.join(CORPUS ?? '', 'cases/semantics/stats_vectors.json');
  const { proportions }: { proportions: Proportions[] } = JSON.parse(readFileSync(file, 'utf8'));
  expect(proportions.length).toBeGreaterThan(5);
  for (const vector of proportions) {
    const chance = fisherExact({
      withLeft: vector.base_errors,
      left: vector.base_calls,
      withRight: vector.cur_errors,
      right: vector.cur_calls,
    });
    expect(Math.abs(chance / vector.fisher_two_sided_p - 1)).toBeLessThan(1e-9);
  }
});
