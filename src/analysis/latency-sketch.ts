import type { SpanId, TraceId } from '../model/ids.ts';
import type { Nanos } from '../model/time.ts';
import { DurationHistogram, type HistogramBucket } from './duration-histogram.ts';
import { DurationSketch } from './duration-sketch.ts';
import { type DurationStatistics, sketchStatistics } from './duration-statistics.ts';
import type { MeasuredSpan, SpanReference } from './latency-rows.ts';
import { nearestRank, type Quantile } from './nearest-rank.ts';
import { sketchBin } from './sketch-bins.ts';

/** The bin of spans without length. */
const ZERO = -1;

/** The durations of a large group: a sketch of them, and for each of its bins one span to look at. A few hundred kilobytes at most. */
export class LatencySketch {
  readonly #durations = new DurationSketch();
  readonly #selfs = new DurationSketch();
  readonly #histogram = new DurationHistogram();
  /** By bin, the span with the smallest ids. */
  readonly #spans = new Map<number, SpanReference>();
  #longest: SpanReference | null = null;

  add({ durationNs, selfNs, traceId, spanId }: MeasuredSpan): void {
    const previousMax = this.#durations.maxNs ?? -1;
    const isTie = durationNs === previousMax && this.#longest;
    this.#durations.add(durationNs);
    this.#selfs.add(selfNs);
    this.#histogram.add(durationNs);
    if (durationNs > previousMax || (isTie && precedes(traceId, spanId, isTie))) {
      this.#longest = { traceId, spanId };
    }
    const bin = durationNs === 0 ? ZERO : sketchBin(durationNs);
    const known = this.#spans.get(bin);
    if (!known || precedes(traceId, spanId, known)) this.#spans.set(bin, { traceId, spanId });
  }

  durations(): DurationStatistics | null {
    return sketchStatistics(this.#durations);
  }

  selfTimes(): DurationStatistics | null {
    return sketchStatistics(this.#selfs);
  }

  histogram(): HistogramBucket[] {
    return this.#histogram.buckets();
  }

  /** The duration of a rank from 1, at most 1 % off. */
  valueAt(rank: number): Nanos | null {
    return this.#durations.valueAt(rank);
  }

  /** A span about as long as the percentile says: of the same bin. */
  spanAt(quantile: Quantile): SpanReference | null {
    const rank = nearestRank(quantile, this.#durations.count);
    if (rank === this.#durations.count) return this.#longest;
    return this.#spans.get(this.#durations.binAt(rank) ?? ZERO) ?? null;
  }

  longest(): SpanReference | null {
    return this.#longest;
  }
}

function precedes(traceId: TraceId, spanId: SpanId, other: SpanReference): boolean {
  return traceId === other.traceId ? spanId < other.spanId : traceId < other.traceId;
}
