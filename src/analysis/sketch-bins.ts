/**
 * The bins of a DDSketch with a relative error of 1 % for every duration up to 2^63 ns. With γ = 1.01 / 0.99 = 101/99, bin k holds
 * the whole numbers in (γ^(k−1), γ^k] and stands for 2γ^k / (γ + 1), which is at most 1 % away from all of them.
 *
 * Edges and values come from whole-number arithmetic on γ^k = 101^k / 99^k. `Math.log` may differ in the last digit from one engine
 * to the next; here it only guesses where to look, so that every machine puts a duration into the same bin.
 *
 * Source: Masson, Rim, Lee: DDSketch, VLDB 2019, https://www.vldb.org/pvldb/vol12/p2195-masson.pdf
 */
export const SKETCH_RELATIVE_ERROR = 0.01;

const GAMMA = { numerator: 101n, denominator: 99n };
const LOG_GAMMA = Math.log(101 / 99);
const LARGEST = 2n ** 63n;

interface Bins {
  /** The largest whole number of each bin. */
  readonly edges: Float64Array;
  /** What a bin stands for, rounded half up to a whole number. */
  readonly values: Float64Array;
}

let bins: Bins | null = null;

/** Worked out on first use: it takes some milliseconds. */
function allBins(): Bins {
  bins ??= computeBins();
  return bins;
}

function computeBins(): Bins {
  const edges: number[] = [];
  const values: number[] = [];
  let [above, below] = [1n, 1n];
  for (let edge = 0n; edge < LARGEST; ) {
    edge = above / below;
    edges.push(Number(edge));
    // 2γ^k / (γ + 1) = γ^k · 99/100
    values.push(Number((above * 99n * 2n + below * 100n) / (below * 200n)));
    above *= GAMMA.numerator;
    below *= GAMMA.denominator;
  }
  return { edges: Float64Array.from(edges), values: Float64Array.from(values) };
}

/** The bin of a whole number from 1. */
export function sketchBin(ns: number): number {
  const { edges } = allBins();
  const last = edges.length - 1;
  let bin = Math.min(last, Math.max(0, Math.ceil(Math.log(ns) / LOG_GAMMA)));
  while (bin < last && (edges[bin] ?? 0) < ns) bin++;
  while (bin > 0 && (edges[bin - 1] ?? 0) >= ns) bin--;
  return bin;
}

/** What a bin stands for, in whole nanoseconds: below 100 ns rounding may take it half a nanosecond past the 1 %. */
export function sketchValue(bin: number): number {
  return allBins().values[bin] ?? 0;
}
