import type { Nanos } from '../model/time.ts';
import { type DurationStatistics, PERCENTILES } from './duration-statistics.ts';
import type { LatencyGroup } from './latency-percentiles.ts';
import type { SpanReference } from './latency-rows.ts';
import type { LatencySketch } from './latency-sketch.ts';
import { percentileInterval } from './percentile-interval.ts';

/** A span for each figure. */
export interface LatencyExemplars {
  readonly p50: SpanReference;
  readonly p95: SpanReference;
  readonly p99: SpanReference;
  readonly max: SpanReference;
}

/** Distribution-free intervals by order statistics. */
export interface LatencyIntervals {
  readonly p50: DurationInterval;
  readonly p95: DurationInterval;
  readonly p99: DurationInterval;
}

/** Null where the sample is too small to bound the percentile on that side. */
interface DurationInterval {
  readonly lowNs: Nanos | null;
  readonly highNs: Nanos | null;
}

type Figures = Pick<
  LatencyGroup,
  'durationNs' | 'selfNs' | 'histogram' | 'intervals' | 'exemplars'
>;

/** Of a group of `count` known durations that is too large to be kept. */
export function sketchedFigures(sketch: LatencySketch, count: number): Figures {
  const { p50, p95, p99 } = PERCENTILES;
  const spans = [...[p50, p95, p99].map((q) => sketch.spanAt(q)), sketch.longest()];
  return {
    durationNs: sketch.durations(),
    selfNs: sketch.selfTimes(),
    histogram: sketch.histogram(),
    intervals: intervalsOf(count, (rank) => sketch.valueAt(rank)),
    exemplars: exemplarsOf(spans.filter((span) => span !== null)),
  };
}

/** Of `count` durations, of which `valueAt` gives the one of a rank from 1; null for none. */
export function intervalsOf(
  count: number,
  valueAt: (rank: number) => Nanos | null,
): LatencyIntervals | null {
  if (count === 0) return null;
  const interval = (name: keyof LatencyIntervals): DurationInterval => {
    const { low, high } = percentileInterval(PERCENTILES[name], count);
    return {
      lowNs: low === null ? null : valueAt(low),
      highNs: high === null ? null : valueAt(high),
    };
  };
  return { p50: interval('p50'), p95: interval('p95'), p99: interval('p99') };
}

/** Which durations to find spans for, in the order that `exemplarsOf` takes them; none without statistics. */
export function exemplarDurations(statistics: DurationStatistics | null): Float64Array {
  if (statistics === null) return new Float64Array(0);
  const { p50, p95, p99, max } = statistics;
  return Float64Array.of(p50, p95, p99, max);
}

/** Null unless there is a span for each. */
export function exemplarsOf([
  p50,
  p95,
  p99,
  max,
]: readonly SpanReference[]): LatencyExemplars | null {
  if (p50 === undefined || p95 === undefined || p99 === undefined || max === undefined) return null;
  return { p50, p95, p99, max };
}
