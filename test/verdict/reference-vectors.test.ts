import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuantile } from '../../src/analysis/nearest-rank.ts';
import { hodgesLehmann } from '../../src/verdict/hodges-lehmann.ts';
import { leastMannWhitneyP, mannWhitney } from '../../src/verdict/mann-whitney.ts';
import { normalAbove, normalQuantile } from '../../src/verdict/normal-distribution.ts';
import { quantileTest } from '../../src/verdict/quantile-test.ts';
import { wilsonInterval } from '../../src/verdict/wilson-interval.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';
import { readCorpusJson } from '../helpers/reference-traces.ts';

interface TwoSamples {
  readonly name: string;
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly mwu_U_a: number;
  readonly mwu_p_asymptotic_cc: number;
  readonly mwu_p_exact?: number;
  readonly hodges_lehmann_shift_b_minus_a: number;
  readonly cliffs_delta_b_vs_a: number;
  readonly quantile_test: Readonly<
    Record<
      string,
      {
        readonly pooled_threshold: number;
        readonly base_above: number;
        readonly cur_above: number;
        readonly fisher_two_sided_p: number;
      }
    >
  >;
}

interface Vectors {
  readonly two_sample: readonly TwoSamples[];
  readonly proportions: readonly {
    readonly base_errors: number;
    readonly base_calls: number;
    readonly wilson95_base: readonly [number, number];
  }[];
}

const vectors: Vectors =
  CORPUS === null
    ? { two_sample: [], proportions: [] }
    : readCorpusJson<Vectors>('cases', 'semantics', 'stats_vectors.json');

function relativeError(actual: number, expected: number): number {
  return expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1);
}

const sorted = (values: readonly number[]) => Float64Array.from(values).sort();

corpusTest('there are vectors', () => {
  expect(vectors.two_sample.length).toBeGreaterThan(10);
  expect(vectors.proportions.length).toBeGreaterThan(5);
});

describe.each(vectors.two_sample)('scipy, $name', (vector) => {
  const [a, b] = [sorted(vector.a), sorted(vector.b)];

  test('Mann–Whitney', () => {
    const { u, p, delta } = mannWhitney(a, b, 'asymptotic');
    expect(u).toBe(vector.mwu_U_a);
    expect(relativeError(p, vector.mwu_p_asymptotic_cc)).toBeLessThan(1e-9);
    expect(delta).toBeCloseTo(vector.cliffs_delta_b_vs_a, 12);
    if (vector.mwu_p_exact !== undefined)
      expect(relativeError(mannWhitney(a, b).p, vector.mwu_p_exact)).toBeLessThan(1e-9);
  });

  test('Hodges–Lehmann', () => {
    expect(hodgesLehmann(a, b)?.shift).toBeCloseTo(vector.hodges_lehmann_shift_b_minus_a, 6);
  });

  test.each(Object.entries(vector.quantile_test))('quantile test at %s', (q, expected) => {
    const { threshold, baseAbove, currentAbove, p } = quantileTest(a, b, parseQuantile(q));
    expect([threshold, baseAbove, currentAbove]).toEqual([
      expected.pooled_threshold,
      expected.base_above,
      expected.cur_above,
    ]);
    expect(relativeError(p, expected.fisher_two_sided_p)).toBeLessThan(1e-9);
  });
});

describe.each(vectors.proportions)('scipy, $base_errors of $base_calls', (vector) => {
  test('Wilson', () => {
    const interval = wilsonInterval(vector.base_errors, vector.base_calls);
    expect(interval?.low).toBeCloseTo(vector.wilson95_base[0], 12);
    expect(interval?.high).toBeCloseTo(vector.wilson95_base[1], 12);
  });
});

test('three against three can never be significant, four against four can', () => {
  expect(mannWhitney([1, 2, 3], [4, 5, 6]).p).toBeCloseTo(0.1, 12);
  expect(leastMannWhitneyP(3, 3)).toBeCloseTo(0.1, 12);
  expect(mannWhitney([1, 2, 3, 4], [5, 6, 7, 8]).p).toBeCloseTo(2 / 70, 12);
});

test('equal values and empty samples show nothing', () => {
  expect(mannWhitney([7, 7, 7], [7, 7]).p).toBe(1);
  expect(mannWhitney([], [1, 2]).p).toBe(1);
  expect(hodgesLehmann(new Float64Array(0), Float64Array.of(1))).toBeNull();
  expect(quantileTest([], [1], parseQuantile('p50'))).toMatchObject({ p: 1, leastP: 1 });
});

test('the normal distribution, and back', () => {
  // Values of R's pnorm(z, lower.tail = FALSE).
  expect(relativeError(normalAbove(1.959963984540054), 0.025)).toBeLessThan(1e-12);
  expect(relativeError(normalAbove(5), 2.866515718791939e-7)).toBeLessThan(1e-12);
  expect(relativeError(normalAbove(-1), 0.8413447460685429)).toBeLessThan(1e-12);
  expect(normalQuantile(0.025)).toBeCloseTo(1.959963984540054, 9);
});

const sample = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 30 });

test('Hodges–Lehmann and its interval are differences that occur, at their ranks', () => {
  fc.assert(
    fc.property(sample, sample, (first, second) => {
      const found = hodgesLehmann(sorted(first), sorted(second));
      const differences = second.flatMap((b) => first.map((a) => b - a)).sort((a, b) => a - b);
      const at = (rank: number) => differences[rank - 1] ?? 0;
      const pairs = differences.length;
      const middle = Math.floor((pairs + 1) / 2);
      expect(found?.shift).toBe(pairs % 2 === 1 ? at(middle) : (at(middle) + at(middle + 1)) / 2);
      const rank = Math.floor(
        pairs / 2 -
          1.959963984540054 * Math.sqrt((pairs * (first.length + second.length + 1)) / 12),
      );
      expect(found?.low).toBe(rank < 1 ? null : at(rank));
      expect(found?.high).toBe(rank < 1 ? null : at(pairs + 1 - rank));
    }),
  );
});

test('Hodges–Lehmann of many equal values costs no more', () => {
  const coarse = (offset: number) =>
    Float64Array.from({ length: 50_000 }, (_, i) => Math.log(10 + ((i + offset) % 3))).sort();
  expect(hodgesLehmann(coarse(0), coarse(1))?.shift).toBe(0);
});

test('no p is below the least that the amounts of data allow', () => {
  fc.assert(
    fc.property(sample, sample, fc.constantFrom('p50', 'p90', 'p95'), (first, second, q) => {
      const { p, leastP } = quantileTest(sorted(first), sorted(second), parseQuantile(q));
      expect(p).toBeGreaterThanOrEqual(leastP * (1 - 1e-9));
      const rank = mannWhitney(sorted(first), sorted(second));
      expect(rank.p).toBeLessThanOrEqual(1);
      expect(rank.p).toBeGreaterThan(0);
    }),
  );
});
