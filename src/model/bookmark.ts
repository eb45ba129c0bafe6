import type { SpanId, TraceId } from './ids.ts';

/** A span that somebody wants to find again. */
export interface Bookmark {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  /** What there is to remember about it; may be empty. */
  readonly note: string;
}
