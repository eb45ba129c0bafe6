import { logFactorial } from './log-factorial.ts';
import type { Quantile } from './nearest-rank.ts';

/** Ranks from 1 of a sorted sample; null where the sample is too small to bound the percentile on that side. */
export interface RankInterval {
  readonly low: number | null;
  readonly high: number | null;
}

/** Half of what a 95 % interval leaves out. */
const TAIL = 0.025;

/**
 * The ranks between which the true percentile lies in 95 of 100 samples, whatever the distribution: the number of values below it
 * is binomial, and each tail keeps at most 2.5 %. low is the largest l with P(B ≤ l − 1) ≤ 2.5 %, high the smallest u with
 * P(B ≤ u − 1) ≥ 97.5 %. Costs about the square root of `count`.
 */
export function percentileInterval(
  { numerator, denominator }: Quantile,
  count: number,
): RankInterval {
  const q = numerator / denominator;
  if (count === 0 || q <= 0 || q >= 1) return { low: null, high: null };
  const { first, chances } = likelyChances(count, q);
  let below = 0;
  let low: number | null = null;
  for (const [index, chance] of chances.entries()) {
    below += chance;
    const rank = first + index + 1;
    if (below <= TAIL) low = rank;
    if (below >= 1 - TAIL) return { low, high: rank <= count ? rank : null };
  }
  return { low, high: null };
}

/** The chances of the binomial distribution from `first` on, where they are not negligible. */
function likelyChances(count: number, q: number): { first: number; chances: number[] } {
  const mode = Math.min(count, Math.floor((count + 1) * q));
  const odds = q / (1 - q);
  const highest = Math.exp(
    logFactorial(count) -
      logFactorial(mode) -
      logFactorial(count - mode) +
      mode * Math.log(q) +
      (count - mode) * Math.log1p(-q),
  );
  const down: number[] = [];
  let first = mode;
  for (let chance = highest; first > 0 && chance > NEGLIGIBLE; first--) {
    chance *= first / (count - first + 1) / odds;
    down.push(chance);
  }
  const up = [highest];
  let chance = highest;
  for (let x = mode; x < count && chance > NEGLIGIBLE; x++) {
    chance *= ((count - x) / (x + 1)) * odds;
    up.push(chance);
  }
  return { first, chances: [...down.reverse(), ...up] };
}

const NEGLIGIBLE = 1e-18;
