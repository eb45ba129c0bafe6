const SQRT_PI = Math.sqrt(Math.PI);
/** Where the continued fraction begins to converge faster than the series. */
const SERIES_END = 2;

/**
 * The probability that a standard normal variable is above `z`. Relative error below 1e-13 as far as a double reaches: a series for
 * erf near zero, the continued fraction of erfc beyond (Abramowitz & Stegun 7.1.6, 7.1.14).
 */
export function normalAbove(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const tail = (x < SERIES_END ? 1 - erfSeries(x) : erfcFraction(x)) / 2;
  return z < 0 ? 1 - tail : tail;
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / SQRT_PI) * Math.exp(-x * x) * sum;
}

/** Evaluated from the inside out; 200 steps are enough for every x from 2. */
function erfcFraction(x: number): number {
  let fraction = x;
  for (let n = 200; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / SQRT_PI / fraction;
}

/** The z that a standard normal variable exceeds with probability `above`, 0 < above < 1. */
export function normalQuantile(above: number): number {
  let low = -40;
  let high = 40;
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (normalAbove(middle) > above) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
