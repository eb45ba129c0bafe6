import { spanIdOfWords } from '../model/span-id-words.ts';
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
  readonly #spans = new Map<number, SpanPlace>();
  #longest: SpanPlace | null = null;

  add(span: MeasuredSpan): void {
    const { durationNs } = span;
    const previousMax = this.#durations.maxNs ?? -1;
    const isTie = durationNs === previousMax && this.#longest;
    this.#durations.add(durationNs);
    this.#selfs.add(span.selfNs);
    this.#histogram.add(durationNs);
    if (durationNs > previousMax || (isTie && precedes(span, isTie))) this.#longest = placeOf(span);
    const bin = durationNs === 0 ? ZERO : sketchBin(durationNs);
    const known = this.#spans.get(bin);
    if (!known || precedes(span, known)) this.#spans.set(bin, placeOf(span));
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
    if (rank === this.#durations.count) return this.longest();
    return referenceTo(this.#spans.get(this.#durations.binAt(rank) ?? ZERO) ?? null);
  }

  longest(): SpanReference | null {
    return referenceTo(this.#longest);
  }
}

type SpanPlace = Pick<MeasuredSpan, 'traceId' | 'idHigh' | 'idLow'>;

function placeOf({ traceId, idHigh, idLow }: MeasuredSpan): SpanPlace {
  return { traceId, idHigh, idLow };
}

function referenceTo(place: SpanPlace | null): SpanReference | null {
  if (place === null) return null;
  return { traceId: place.traceId, spanId: spanIdOfWords(place.idHigh, place.idLow) };
}

function precedes(span: SpanPlace, other: SpanPlace): boolean {
  if (span.traceId !== other.traceId) return span.traceId < other.traceId;
  const high = span.idHigh - other.idHigh;
  return high === 0 ? span.idLow < other.idLow : high < 0;
}
