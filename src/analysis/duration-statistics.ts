import { type Nanos, nanos } from '../model/time.ts';
import { isLowSample, parseQuantile, percentile, type Quantile } from './nearest-rank.ts';

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

/** The distribution of a sample of durations. Percentiles are nearest ranks, so that each is a duration that occurred. */
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
  /** Exact up to 2^53 ns, beyond it rounded to the nearest double. */
  readonly total: Nanos;
  /** How the percentiles were computed. */
  readonly method: 'exact';
  /** Percentiles that are nothing but the maximum, because the sample is smaller than 1 / (1 − q). */
  readonly lowSample: readonly PercentileName[];
}

/** The statistics of durations sorted ascending; null for an empty sample. */
export function durationStatistics(sorted: Float64Array): DurationStatistics | null {
  const min = sorted[0];
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return null;
  const at = (name: PercentileName) => nanos(percentile(sorted, PERCENTILES[name]) ?? max);
  const sum = exactSum(sorted);
  return {
    min: nanos(min),
    mean: nanos(Number(divideHalfEven(sum, BigInt(sorted.length)))),
    p50: at('p50'),
    p75: at('p75'),
    p90: at('p90'),
    p95: at('p95'),
    p99: at('p99'),
    p999: at('p999'),
    max: nanos(max),
    total: nanos(Number(sum)),
    method: 'exact',
    lowSample: PERCENTILE_NAMES.filter((name) => isLowSample(PERCENTILES[name], sorted.length)),
  };
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
