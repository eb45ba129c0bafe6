/** A test among others. */
interface FamilyTest {
  readonly p: number;
  /** The smallest p that it could have had with these amounts of data. */
  readonly leastP: number;
}

/** What many tests say together. */
export interface TestFamily {
  /** By position: p after Holm's correction; null for a test that could not have become significant whatever the data said. */
  readonly adjusted: readonly (number | null)[];
  /** What the first test to be significant must be below: alpha / the number of tests that count. */
  readonly firstLimit: number;
}

/**
 * Corrects p values for their number, so that with probability 1 − alpha no test of the family is significant by chance. Tests whose
 * least attainable p is too large to matter do not count (Tarone 1990): which those are depends on the amounts of data alone, so
 * that leaving them out is no choice after the fact. Holm's step-down procedure for the others.
 */
export function testFamily(tests: readonly FamilyTest[], alpha: number): TestFamily {
  const firstLimit = alpha / countOfAttainable(tests, alpha);
  const counted = tests
    .map(({ p, leastP }, index) => ({ p, leastP, index }))
    .filter(({ leastP }) => leastP <= firstLimit)
    .sort((a, b) => a.p - b.p || a.index - b.index);
  const adjusted = tests.map((): number | null => null);
  let largest = 0;
  for (const [rank, { p, index }] of counted.entries()) {
    largest = Math.max(largest, Math.min(1, p * (counted.length - rank)));
    adjusted[index] = largest;
  }
  return { adjusted, firstLimit };
}

/** The smallest k such that no more than k tests can reach alpha / k; at least 1. */
function countOfAttainable(tests: readonly FamilyTest[], alpha: number): number {
  const least = tests.map(({ leastP }) => leastP).sort((a, b) => a - b);
  let k = 1;
  // Ever fewer reach the limit as k grows, so that one way down the list is enough.
  let reaching = least.length;
  for (;;) {
    while (reaching > 0 && (least[reaching - 1] ?? 0) > alpha / k) reaching--;
    if (reaching <= k) return k;
    k += 1;
  }
}
