import { UserError } from '../model/user-error.ts';

/**
 * A quantile as an exact fraction of whole numbers, 0 ≤ numerator ≤ denominator, e.g. 999/1000 for p99.9.
 * A double cannot hold most of them: `0.07 * 100` is 7.000000000000001, whose ceiling is the wrong rank.
 */
export interface Quantile {
  readonly numerator: number;
  readonly denominator: number;
}

/** Digits after the decimal point that still leave `numerator` and `denominator` exact. */
const MAX_DECIMALS = 12;

const PERCENTILE = /^p(\d{1,3})(?:\.(\d+))?$/;
const FRACTION = /^([01])(?:\.(\d+))?$/;

/**
 * The quantile that a text names: a percentile (`p50`, `p99.9`) or a decimal fraction (`0.999`, `1`).
 * Throws a `UserError` for anything else, and outside p0…p100.
 */
export function parseQuantile(text: string): Quantile {
  const quantile = decimal(PERCENTILE.exec(text), 100) ?? decimal(FRACTION.exec(text), 1);
  if (quantile === null || quantile.numerator > quantile.denominator) {
    throw new UserError('usage', `"${text}" is not a percentile`, {
      fix: 'write it as p50, p99 or p99.9 (p0 to p100)',
    });
  }
  return quantile;
}

function decimal(match: RegExpExecArray | null, whole: number): Quantile | null {
  if (match === null) return null;
  const [, integer = '', decimals = ''] = match;
  if (decimals.length > MAX_DECIMALS) return null;
  return {
    numerator: Number(integer + decimals),
    denominator: whole * 10 ** decimals.length,
  };
}

/**
 * The nearest rank: max(1, ⌈q · count⌉), counting from 1; 0 for an empty sample.
 * Whole-number arithmetic throughout, in bigints once the product is past 2^53.
 */
export function nearestRank(quantile: Quantile, count: number): number {
  const { numerator, denominator } = quantile;
  if (count === 0) return 0;
  const product = numerator * count;
  if (product > Number.MAX_SAFE_INTEGER) {
    const divisor = BigInt(denominator);
    return Number((BigInt(numerator) * BigInt(count) + divisor - 1n) / divisor);
  }
  const remainder = product % denominator;
  const floor = (product - remainder) / denominator;
  return Math.max(1, remainder === 0 ? floor : floor + 1);
}

/**
 * The percentile of a sample sorted ascending: the smallest value with at least the share q of the sample at or below it.
 * Always an observed value, never interpolated; q = 0 is the minimum, q = 1 the maximum; null for an empty sample.
 * Numbers are exact up to 2^53; past that (104 days in nanoseconds) pass bigints.
 *
 * Known as Hyndman–Fan type 1, `percentile_disc` in the SQL standard and `inverted_cdf` in numpy. SQLite's `percentile_disc`
 * is another function.
 */
export function percentile<T extends number | bigint>(
  sorted: ArrayLike<T>,
  quantile: Quantile,
): T | null {
  return sorted[nearestRank(quantile, sorted.length) - 1] ?? null;
}

/** Whether `count` values are fewer than 1 / (1 − q), so that the percentile is nothing but the maximum (p99: below 100). */
export function isLowSample(quantile: Quantile, count: number): boolean {
  const { numerator, denominator } = quantile;
  return count * (denominator - numerator) < denominator;
}
