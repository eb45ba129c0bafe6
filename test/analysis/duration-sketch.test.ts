import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DurationSketch } from '../../src/analysis/duration-sketch.ts';
import { parseQuantile, percentile } from '../../src/analysis/nearest-rank.ts';
import { sketchBin, sketchValue } from '../../src/analysis/sketch-bins.ts';
import { nanos } from '../../src/model/time.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';

const QUANTILES = ['0', '0.01', '0.07', '0.5', '0.9', '0.95', '0.99', '0.999', '1'];

function sketchOf(values: Iterable<number>): DurationSketch {
  const sketch = new DurationSketch();
  for (const value of values) sketch.add(nanos(value));
  return sketch;
}

const durations = fc.array(
  fc.oneof(
    fc.nat(1000),
    fc.maxSafeNat(),
    fc.nat(10).map((k) => 10 ** k),
  ),
  { minLength: 1, maxLength: 200 },
);

test('every percentile is at most 1 % away from the exact one, and half a nanosecond for rounding', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const sketch = sketchOf(values);
      const sorted = Float64Array.from(values).sort();
      for (const q of QUANTILES.map(parseQuantile)) {
        const exact = percentile(sorted, q) ?? 0;
        const estimate = sketch.percentile(q) ?? -1;
        expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(0.01 * exact + 0.5);
      }
    }),
  );
});

test('merging sketches of parts in any order gives the sketch of the whole', () => {
  fc.assert(
    fc.property(durations, durations, (a, b) => {
      const whole = sketchOf([...a, ...b]);
      const merged = sketchOf(b.toReversed());
      merged.merge(sketchOf(a));
      const figures = (sketch: DurationSketch) => [
        sketch.count,
        sketch.sumNs,
        sketch.minNs,
        sketch.maxNs,
        ...QUANTILES.map((q) => sketch.percentile(parseQuantile(q))),
      ];
      expect(figures(merged)).toEqual(figures(whole));
    }),
  );
});

test('an empty sketch has no percentiles, one of zeros has only zeros', () => {
  expect(sketchOf([]).percentile(parseQuantile('p50'))).toBeNull();
  expect(sketchOf([]).maxNs).toBeNull();
  expect(sketchOf([0, 0, 0]).percentile(parseQuantile('p50'))).toBe(0);
});

test('a bin ends just where a whole power of 101/99 does', () => {
  for (const k of [0, 35, 200, 1000, 1837]) {
    const edge = Number(101n ** BigInt(k) / 99n ** BigInt(k));
    expect(sketchBin(edge)).toBeLessThanOrEqual(k);
    if (edge >= 100) expect([sketchBin(edge), sketchBin(edge + 1)]).toEqual([k, k + 1]);
  }
  expect(sketchBin(1)).toBe(0);
  expect(sketchBin(2 ** 63)).toBe(2184);
});

test('bins and values grow together', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 1 }), (ns) => {
      expect(sketchBin(ns + 1)).toBeGreaterThanOrEqual(sketchBin(ns));
      expect(Math.abs(sketchValue(sketchBin(ns)) - ns)).toBeLessThanOrEqual(0.01 * ns + 0.5);
    }),
  );
});

corpusTest('the large samples of the corpus stay within 1 %', () => {
  for (const name of ['lognormal_1000', 'bimodal_10000', 'pareto_5000']) {
    const file = path.join(CORPUS ?? '', 'cases/semantics', `percentiles_${name}_ns.txt`);
    const values = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    expect(values.length).toBe(Number(name.split('_')[1]));
    const sketch = sketchOf(values);
    const sorted = Float64Array.from(values).sort();
    for (let rank = 1; rank <= sorted.length; rank++) {
      const exact = sorted[rank - 1] ?? 0;
      expect(Math.abs((sketch.valueAt(rank) ?? 0) - exact) / exact).toBeLessThanOrEqual(0.01);
    }
  }
});

interface Vector {
  readonly name: string;
  readonly values: readonly string[] | null;
  readonly quantiles: Readonly<Record<string, { readonly tracecli_nearest_rank: string }>>;
}

corpusTest('the vectors of the corpus stay within 1 %', () => {
  const file = path.join(CORPUS ?? '', 'cases/semantics/percentiles_vectors.json');
  const { vectors }: { vectors: Vector[] } = JSON.parse(readFileSync(file, 'utf8'));
  let checked = 0;
  for (const { values, quantiles } of vectors) {
    if (values === null) continue;
    const sketch = sketchOf(values.map(Number));
    for (const [q, expected] of Object.entries(quantiles)) {
      const exact = Number(expected.tracecli_nearest_rank);
      const estimate = sketch.percentile(parseQuantile(q)) ?? -1;
      expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(0.01 * exact + 0.5);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(100);
});
