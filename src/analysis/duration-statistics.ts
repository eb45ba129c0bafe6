import { type Nanos, nanos } from '../model/time.ts';
import type { DurationSketch } from './duration-sketch.ts';
import { isLowSample, parseQuantile, percentile, type Quantile } from './nearest-rank.ts';
import { SKETCH_RELATIVE_ERROR } from './sketch-bins.ts';

/** The percentiles that every duration table has. */
export const PERCENTILES = {
  p50: parseQuantile('p50'),
  p75: parseQuantile('p75'),
  p90: parseQuantile('p90'),
  p95: parseQuantile('p95'),
  p99: parseQuantile('p99'),
  p999: parseQuantile('p99.9'),
} as const satisfies Record<string, Quantile>;

export type PercentileName = keyof typeof PERCENTILES;

const PERCENTILE_NAMES = Object.keys(PERCENTILES).filter(
  (name): name is PercentileName => name in PERCENTILES,
);

/**
 * The distribution of a sample of durations. Percentiles are nearest ranks: exact, each is a duration that occurred; of a sketch, it is
 * at most 1 % away from one. Everything else is exact either way.
 */
export interface DurationStatistics {
  readonly min: Nanos;
  /** Exact sum / count, rounded half to even. */
  readonly mean: Nanos;
  readonly p50: Nanos;
  readonly p75: Nanos;
  readonly p90: Nanos;
  readonly p95: Nanos;
  readonly p99: Nanos;
  readonly p999: Nanos;
  readonly max: Nanos;
  /** The sum; past 2^53 ns rounded to the nearest double. */
  readonly total: Nanos;
  /** How the percentiles were computed: from all durations, or from a DDSketch of them. */
  readonly method: 'exact' | 'ddsketch';
  /** How far a percentile may be from the exact one, as a share of it; 0 for exact ones. */
  readonly relativeError: number;
  /** Percentiles that are nothing but the maximum, because the sample is smaller than 1 / (1 − q). */
  readonly lowSample: readonly PercentileName[];
}

/** The statistics of durations sorted ascending; null for an empty sample. */
export function durationStatistics(sorted: Float64Array): DurationStatistics | null {
  const min = sorted[0];
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return null;
  return {
    min: nanos(min),
    ...figuresOf(exactSum(sorted), sorted.length),
    ...percentilesOf((q) => nanos(percentile(sorted, q) ?? max)),
    max: nanos(max),
    method: 'exact',
    relativeError: 0,
  };
}

/** The statistics of the durations in a sketch; null for an empty one. */
export function sketchStatistics(sketch: DurationSketch): DurationStatistics | null {
  const { minNs, maxNs } = sketch;
  if (minNs === null || maxNs === null) return null;
  return {
    min: minNs,
    ...figuresOf(sketch.sumNs, sketch.count),
    ...percentilesOf((q) => sketch.percentile(q) ?? maxNs),
    max: maxNs,
    method: 'ddsketch',
    relativeError: SKETCH_RELATIVE_ERROR,
  };
}

function figuresOf(
  sum: bigint,
  count: number,
): Pick<DurationStatistics, 'mean' | 'total' | 'lowSample'> {
  return {
    mean: nanos(Number(divideHalfEven(sum, BigInt(count)))),
    total: nanos(Number(sum)),
    lowSample: PERCENTILE_NAMES.filter((name) => isLowSample(PERCENTILES[name], count)),
  };
}

function percentilesOf(at: (q: Quantile) => Nanos): Pick<DurationStatistics, PercentileName> {
  const { p50, p75, p90, p95, p99, p999 } = PERCENTILES;
  return { p50: at(p50), p75: at(p75), p90: at(p90), p95: at(p95), p99: at(p99), p999: at(p999) };
}

/** Adds in doubles as long as they are exact: a bigint per value would cost ten times as much. */
export function exactSum(values: Float64Array): bigint {
  let whole = 0n;
  let part = 0;
  for (const value of values) {
    if (part + value > Number.MAX_SAFE_INTEGER) {
      whole += BigInt(part);
      part = 0;
    }
    part += value;
  }
  return whole + BigInt(part);
}

/** `dividend / divisor` for non-negative whole numbers, a tie going to the even neighbour. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}
