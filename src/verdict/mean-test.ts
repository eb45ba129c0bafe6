import { normalAbove } from './normal-distribution.ts';

/** From so many values a side a mean is near enough to normal, also of shares of which most are 0 or 1. */
const ENOUGH = 20;

/**
 * How likely two means differ so by chance, two-sided: Welch's test, in the normal approximation. Of mixed samples, where a part changes much
 * and most do not, a rank test sees nothing and the mean does. With fewer than 20 values a side `leastP` is 1: there is no telling.
 */
export function meanTest(
  base: Float64Array,
  current: Float64Array,
): { readonly p: number; readonly leastP: number } {
  if (base.length < ENOUGH || current.length < ENOUGH) return { p: 1, leastP: 1 };
  const [left, right] = [momentsOf(base), momentsOf(current)];
  const difference = Math.abs(right.mean - left.mean);
  if (difference === 0) return { p: 1, leastP: 0 };
  const deviation = Math.sqrt(left.variance / base.length + right.variance / current.length);
  return { p: Math.min(1, 2 * normalAbove(difference / deviation)), leastP: 0 };
}

function momentsOf(values: Float64Array) {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, variance: squares / (values.length - 1) };
}
