import { logFactorial } from '../analysis/log-factorial.ts';
import { normalAbove } from './normal-distribution.ts';

/** The result of the rank test of two samples. */
export interface MannWhitney {
  /** How many pairs have the value of the first sample above that of the second; ties count half. */
  readonly u: number;
  /** Two-sided: exact for small samples without ties, else the normal approximation with corrections for ties and continuity. */
  readonly p: number;
  /** Share of pairs in which the second is larger minus the share in which it is smaller (Cliff's delta). */
  readonly delta: number;
}

/** Up to so many values a side the distribution is counted exactly. */
const EXACT = 20;

/**
 * The Mann–Whitney U test of two samples sorted ascending: whether values of one tend to be larger. p is 1 for an empty sample, and
 * where all values are equal. Linear in the sizes.
 */
export function mannWhitney(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  method: 'auto' | 'asymptotic' = 'auto',
): MannWhitney {
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) return { u: 0, p: 1, delta: 0 };
  const { u, ties } = rankPairs(first, second);
  const delta = 1 - (2 * u) / (n * m);
  const isExact = method === 'auto' && ties === 0 && n <= EXACT && m <= EXACT;
  return { u, p: isExact ? exactP(u, n, m) : asymptoticP({ u, n, m, ties }), delta };
}

/** The pairs won by the first, and Σ (t³ − t) over groups of t equal values. */
function rankPairs(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): { readonly u: number; readonly ties: number } {
  let u = 0;
  let ties = 0;
  let i = 0;
  let j = 0;
  while (i < first.length || j < second.length) {
    const value = Math.min(
      first[i] ?? Number.POSITIVE_INFINITY,
      second[j] ?? Number.POSITIVE_INFINITY,
    );
    const below = j;
    const [fromI, fromJ] = [i, j];
    while (first[i] === value) i++;
    while (second[j] === value) j++;
    const [inFirst, inSecond] = [i - fromI, j - fromJ];
    u += inFirst * (below + inSecond / 2);
    const tied = inFirst + inSecond;
    ties += tied ** 3 - tied;
  }
  return { u, ties };
}

interface RankSum {
  readonly u: number;
  readonly n: number;
  readonly m: number;
  readonly ties: number;
}

function asymptoticP({ u, n, m, ties }: RankSum): number {
  const all = n + m;
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  if (!(variance > 0)) return 1;
  const distance = Math.max(u, n * m - u) - (n * m) / 2 - 0.5;
  return Math.min(1, 2 * normalAbove(distance / Math.sqrt(variance)));
}

/** Counts the arrangements with at most the smaller u, by the recurrence over how many of each sample are placed. */
function exactP(u: number, n: number, m: number): number {
  const limit = Math.min(u, n * m - u);
  /** ways[j][k]: arrangements of i values of the first and j of the second with u = k. */
  let ways = Array.from({ length: m + 1 }, () => startRow(limit));
  for (let i = 1; i <= n; i++) {
    const next: Float64Array[] = [startRow(limit)];
    for (let j = 1; j <= m; j++) {
      const row = new Float64Array(limit + 1);
      const without = next[j - 1] ?? row;
      const withIt = ways[j] ?? row;
      for (let k = 0; k <= limit; k++) {
        row[k] = (without[k] ?? 0) + (k >= j ? (withIt[k - j] ?? 0) : 0);
      }
      next.push(row);
    }
    ways = next;
  }
  const few = (ways[m] ?? new Float64Array(0)).reduce((sum, count) => sum + count, 0);
  return Math.min(1, 2 * few * leastOneSided(n, m));
}

function startRow(limit: number): Float64Array {
  const row = new Float64Array(limit + 1);
  row[0] = 1;
  return row;
}

/** One arrangement of all. */
function leastOneSided(n: number, m: number): number {
  return Math.exp(logFactorial(n) + logFactorial(m) - logFactorial(n + m));
}

/** The smallest p that samples of these sizes can ever have: all values of one above all of the other. */
export function leastMannWhitneyP(n: number, m: number): number {
  return Math.min(1, 2 * leastOneSided(n, m));
}
