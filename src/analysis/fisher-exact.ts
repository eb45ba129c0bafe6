import { logFactorial } from './log-factorial.ts';

/** Of two sides, how many there are and how many of them have the property. */
export interface TwoShares {
  readonly withLeft: number;
  readonly left: number;
  readonly withRight: number;
  readonly right: number;
}

/** Tables as likely as the observed one, give or take rounding, count as at least as extreme. */
const TIE = 1 + 1e-7;
/** Terms this much smaller than the largest cannot change a double. */
const NEGLIGIBLE = 1e-18;

/**
 * Fisher's exact test, two-sided: the probability, if the property had nothing to do with the side, of a table at most as likely
 * as this one. 1 when a side is empty, or when all or none have the property; 0
 * below what a double can hold. Costs about the square root of the counts.
 */
export function fisherExact({ withLeft, left, withRight, right }: TwoShares): number {
  const withAny = withLeft + withRight;
  const lowest = Math.max(0, withAny - right);
  const highest = Math.min(withAny, left);
  if (lowest === highest) return 1;
  const table = { left, right, withAny };
  const mode = Math.min(
    highest,
    Math.max(lowest, Math.floor(((withAny + 1) * (left + 1)) / (left + right + 2))),
  );
  const modeChance = Math.exp(logChance(table, mode));
  const limit = Math.exp(logChance(table, withLeft)) * TIE;
  const isBeyond = (chance: number) => chance <= limit;
  const upper = tail(mode, highest, modeChance, isBeyond, (x) => ratioUp(table, x));
  const lower = tail(-mode, -lowest, modeChance, isBeyond, (x) => 1 / ratioUp(table, -x - 1));
  const beyond = upper + lower + (isBeyond(modeChance) ? modeChance : 0);
  return Math.min(1, beyond);
}

interface Margins {
  readonly left: number;
  readonly right: number;
  readonly withAny: number;
}

/** Sums the chances that are at most the limit, walking away from the mode, where they only become smaller. */
function tail(
  from: number,
  to: number,
  modeChance: number,
  isBeyond: (chance: number) => boolean,
  ratio: (x: number) => number,
): number {
  let chance = modeChance;
  let sum = 0;
  for (let x = from; x < to; x++) {
    chance *= ratio(x);
    if (isBeyond(chance)) sum += chance;
    if (chance < sum * NEGLIGIBLE || chance === 0) break;
  }
  return sum;
}

/** How much more likely x + 1 is than x. */
function ratioUp({ left, right, withAny }: Margins, x: number): number {
  return ((withAny - x) * (left - x)) / ((x + 1) * (right - withAny + x + 1));
}

/** The hypergeometric distribution: ln of the chance that x of `left` are among the `withAny`. */
function logChance({ left, right, withAny }: Margins, x: number): number {
  return logChoose(left, x) + logChoose(right, withAny - x) - logChoose(left + right, withAny);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
