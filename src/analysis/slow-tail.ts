import { type Nanos, nanos } from '../model/time.ts';
import { nearestRank, type Quantile } from './nearest-rank.ts';

/** What the slow traces spend more time on than the ordinary ones. */
export interface SlowTail<K> {
  /** Traces that took at least the p95 of all. */
  readonly tailTraces: number;
  readonly tailFromNs: Nanos;
  /** Traces that took from the p40 to the p60 of all. */
  readonly middleTraces: number;
  readonly middleFromNs: Nanos;
  readonly middleToNs: Nanos;
  /** Largest difference first, then by key. Groups that own no time in either are not listed. */
  readonly groups: readonly SlowTailGroup<K>[];
}

export interface SlowTailGroup<K> {
  readonly key: K;
  /** Mean of the group's part over the traces of the tail, zeros included; rounded. */
  readonly tailMeanNs: Nanos;
  readonly middleMeanNs: Nanos;
  /** Tail − middle: the differences of all groups add up to how much longer a slow trace takes. Negative: it takes less there. */
  readonly deltaNs: number;
}

/** A group's part in each of the traces in which it owns time, by the trace's number. */
export interface TailParts<K> {
  readonly key: K;
  readonly parts: Iterable<{ readonly ns: number; readonly trace: number }>;
}

const P40: Quantile = { numerator: 40, denominator: 100 };
const P60: Quantile = { numerator: 60, denominator: 100 };
const P95: Quantile = { numerator: 95, denominator: 100 };

/**
 * Sets the slow traces against those in the middle, by the groups' mean parts. `durations` are those of the traces by number. Null where all
 * slow traces take as long as those in the middle, so that there is nothing to explain.
 */
export function slowTail<K>(
  durations: ArrayLike<number>,
  groups: readonly TailParts<K>[],
  compareKeys: (a: K, b: K) => number,
): SlowTail<K> | null {
  const sorted = Float64Array.from(durations).sort();
  const at = (q: Quantile) => sorted[nearestRank(q, sorted.length) - 1] ?? 0;
  const [from, to, tailFrom] = [at(P40), at(P60), at(P95)];
  if (tailFrom <= to) return null;
  const isMiddle = (ns: number) => from <= ns && ns <= to;
  const middleTraces = sorted.filter(isMiddle).length;
  const tailTraces = sorted.filter((ns) => ns >= tailFrom).length;
  const compared = groups.map(({ key, parts }) => {
    let [middle, tail] = [0, 0];
    for (const { ns, trace } of parts) {
      const duration = durations[trace] ?? 0;
      if (duration >= tailFrom) tail += ns;
      else if (isMiddle(duration)) middle += ns;
    }
    const [tailMean, middleMean] = [tail / tailTraces, middle / middleTraces];
    return {
      key,
      tailMeanNs: nanos(Math.round(tailMean)),
      middleMeanNs: nanos(Math.round(middleMean)),
      deltaNs: Math.round(tailMean - middleMean),
    };
  });
  return {
    tailTraces,
    tailFromNs: nanos(tailFrom),
    middleTraces,
    middleFromNs: nanos(from),
    middleToNs: nanos(to),
    groups: compared
      .filter(({ tailMeanNs, middleMeanNs }) => tailMeanNs > 0 || middleMeanNs > 0)
      .sort((a, b) => b.deltaNs - a.deltaNs || compareKeys(a.key, b.key)),
  };
}
