import type { SpanId, TraceId } from '../model/ids.ts';

/** A span that shows something. */
export interface SpanEvidence {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
}

const MAX_EVIDENCE = 3;

/** Keeps the few spans that show most; ties by trace and span id, so that the order of the traces does not matter. */
export class Evidence {
  readonly #kept: {
    readonly weight: number;
    readonly traceId: TraceId;
    readonly spanId: SpanId;
  }[] = [];

  /** Whether a span of that weight may be kept. */
  wants(weight: number): boolean {
    const last = this.#kept[MAX_EVIDENCE - 1];
    return last === undefined || weight >= last.weight;
  }

  add(weight: number, { traceId, spanId }: SpanEvidence): void {
    if (!this.wants(weight)) return;
    this.#kept.push({ weight, traceId, spanId });
    this.#kept.sort(
      (a, b) => b.weight - a.weight || compare(a.traceId, b.traceId) || compare(a.spanId, b.spanId),
    );
    this.#kept.length = Math.min(this.#kept.length, MAX_EVIDENCE);
  }

  list(): readonly SpanEvidence[] {
    return this.#kept.map(({ traceId, spanId }) => ({ traceId, spanId }));
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
