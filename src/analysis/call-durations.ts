import { type Nanos, nanos } from '../model/time.ts';
import { durationStatistics, type PercentileName } from './duration-statistics.ts';

/** How long one side of the calls took. The figures are null when no duration is known. */
export interface CallDurations {
  /** Spans with a known duration. */
  readonly count: number;
  readonly totalNs: Nanos;
  readonly meanNs: Nanos | null;
  readonly p50Ns: Nanos | null;
  readonly p90Ns: Nanos | null;
  readonly p95Ns: Nanos | null;
  readonly p99Ns: Nanos | null;
  readonly maxNs: Nanos | null;
  /** Percentiles that are nothing but the maximum. */
  readonly lowSample: readonly PercentileName[];
}

/** The percentiles of `CallDurations`, for marking those of too few samples. */
const SHOWN: ReadonlySet<PercentileName> = new Set(['p50', 'p90', 'p95', 'p99']);

/** Durations sorted ascending as the figures of one side of a dependency. */
export function callDurations(sorted: Float64Array): CallDurations {
  const statistics = durationStatistics(sorted);
  return {
    count: sorted.length,
    totalNs: statistics?.total ?? nanos(0),
    meanNs: statistics?.mean ?? null,
    p50Ns: statistics?.p50 ?? null,
    p90Ns: statistics?.p90 ?? null,
    p95Ns: statistics?.p95 ?? null,
    p99Ns: statistics?.p99 ?? null,
    maxNs: statistics?.max ?? null,
    lowSample: statistics?.lowSample.filter((name) => SHOWN.has(name)) ?? [],
  };
}
