import type { SpanId, TraceId } from '../../model/ids.ts';
import { type FindingExemplar, MAX_EXEMPLARS, MAX_SPANS } from './finding.ts';

interface RankedExemplar extends FindingExemplar {
  readonly rank: number;
}

/** The places to see a finding that rank highest, then by trace id and first span, whatever the order in which they come. */
export class BestExemplars {
  #kept: readonly RankedExemplar[] = [];

  /** Whether one of that rank may be kept; `add` need not be called otherwise. */
  isWanted(rank: number): boolean {
    const last = this.#kept[MAX_EXEMPLARS - 1];
    return last === undefined || last.rank <= rank;
  }

  /** Keeps the ids alone of the first spans. */
  add(rank: number, traceId: TraceId, spans: readonly { readonly spanId: SpanId }[]): void {
    const last = this.#kept[MAX_EXEMPLARS - 1];
    if (last !== undefined && isBehind(last, rank, traceId, spans[0]?.spanId ?? '')) return;
    const spanIds = spans.slice(0, MAX_SPANS).map(({ spanId }) => spanId);
    this.#kept = [...this.#kept, { rank, traceId, spanIds }]
      .sort(compareExemplars)
      .slice(0, MAX_EXEMPLARS);
  }

  list(): readonly FindingExemplar[] {
    return this.#kept.map(({ traceId, spanIds }) => ({ traceId, spanIds }));
  }
}

function compareExemplars(a: RankedExemplar, b: RankedExemplar): number {
  if (a.rank !== b.rank) return b.rank - a.rank;
  return compareText(a.traceId, b.traceId) || compareText(a.spanIds[0] ?? '', b.spanIds[0] ?? '');
}

/** Whether `compareExemplars` would put one of that rank and place behind `last`. */
function isBehind(last: RankedExemplar, rank: number, traceId: string, spanId: string): boolean {
  if (rank !== last.rank) return rank < last.rank;
  if (traceId !== last.traceId) return traceId > last.traceId;
  return spanId >= (last.spanIds[0] ?? '');
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
