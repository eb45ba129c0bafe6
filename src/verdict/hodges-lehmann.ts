/** How far one sample is shifted against another. */
export interface Shift {
  /** The median of all differences between a value of the second sample and one of the first. */
  readonly shift: number;
  /** Bounds of the true shift in 95 of 100 pairs of samples; null where they are too small to bound it. */
  readonly low: number | null;
  readonly high: number | null;
}

/** The normal quantile of a 95 % interval. */
const Z = 1.959963984540054;
const MAX_STEPS = 200;
const MARGIN = 0.02;

/**
 * The Hodges–Lehmann estimate for two samples sorted ascending, and the interval that the rank test does not reject. Null when a
 * sample is empty. Looks at no pair twice: costs some fifty passes over the samples, whatever the number of pairs.
 */
export function hodgesLehmann(first: Float64Array, second: Float64Array): Shift | null {
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) return null;
  const pairs = n * m;
  const differences = new Differences(first, second);
  const middle = Math.floor((pairs + 1) / 2);
  const shift =
    pairs % 2 === 1
      ? differences.at(middle)
      : (differences.at(middle) + differences.at(middle + 1)) / 2;
  const rank = Math.floor(pairs / 2 - Z * Math.sqrt((pairs * (n + m + 1)) / 12));
  if (rank < 1) return { shift, low: null, high: null };
  return { shift, low: differences.at(rank), high: differences.at(pairs + 1 - rank) };
}

/**
 * Where to look next between two bounds that enclose so many differences, the wanted one being the `rank`-th: a little before and a little
 * behind where it should lie, which brings both bounds near it, and then in the middle, which helps however the differences lie.
 */
function shareOf(step: number, rank: number, enclosed: number): number {
  if (step % 3 === 2) return 0.5;
  const share = rank / enclosed + (step % 3 === 0 ? -MARGIN : MARGIN);
  return share > 0 && share < 1 ? share : 0.5;
}

/** All differences second − first of two sorted samples, by rank from 1, without making them. */
class Differences {
  readonly #first: Float64Array;
  readonly #second: Float64Array;

  constructor(first: Float64Array, second: Float64Array) {
    this.#first = first;
    this.#second = second;
  }

  at(rank: number): number {
    const [a, b] = [this.#first, this.#second];
    const few = a.length + b.length;
    /** `below` differences, fewer than `rank`, are ≤ low; `upTo`, at least `rank`, are ≤ high. */
    let low = (b[0] ?? 0) - (a.at(-1) ?? 0);
    let high = (b.at(-1) ?? 0) - (a[0] ?? 0);
    let below = this.#countUpTo(low);
    let upTo = a.length * b.length;
    if (below >= rank) return low;
    for (let step = 0; step < MAX_STEPS && upTo - below > few; step++) {
      const middle = low + (high - low) * shareOf(step, rank - below, upTo - below);
      // Between neighbouring doubles lie only equal differences.
      if (middle <= low || middle >= high) break;
      const count = this.#countUpTo(middle);
      if (count >= rank) [high, upTo] = [middle, count];
      else [low, below] = [middle, count];
    }
    // Many are still in a span that no doubles divide any more: they are equal.
    if (upTo - below > few) return this.#firstAbove(low);
    return this.#between(low, high)[rank - below - 1] ?? high;
  }

  /** The differences above `low` up to `high`, ascending. */
  #between(low: number, high: number): Float64Array {
    const [a, b] = [this.#first, this.#second];
    const found: number[] = [];
    let from = 0;
    for (const value of a) {
      while (from < b.length && (b[from] ?? 0) - value <= low) from++;
      for (let j = from; j < b.length && (b[j] ?? 0) - value <= high; j++)
        found.push((b[j] ?? 0) - value);
    }
    return Float64Array.from(found).sort();
  }

  /** How many differences are at most `limit`. */
  #countUpTo(limit: number): number {
    const [a, b] = [this.#first, this.#second];
    let count = 0;
    let j = 0;
    for (const value of a) {
      while (j < b.length && (b[j] ?? 0) - value <= limit) j++;
      count += j;
    }
    return count;
  }

  /** The smallest difference above `limit`. */
  #firstAbove(limit: number): number {
    const [a, b] = [this.#first, this.#second];
    let least = Number.POSITIVE_INFINITY;
    let j = 0;
    for (const value of a) {
      while (j < b.length && (b[j] ?? 0) - value <= limit) j++;
      if (j < b.length) least = Math.min(least, (b[j] ?? 0) - value);
    }
    return least;
  }
}
