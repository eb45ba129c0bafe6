import type { TraceId } from './ids.ts';
import type { Nanos, UnixNano } from './time.ts';

/** One line of a list of traces: what the store knows of a trace without reading its spans. */
export interface TraceSummary {
  readonly traceId: TraceId;
  /** The id as its dump spells it, null when it equals the canonical one. */
  readonly traceIdRaw: string | null;
  /** Earliest start of a span that has one; 0 when none has. */
  readonly startUnixNano: UnixNano;
  /** Latest end − earliest start. */
  readonly durationNs: Nanos;
  /** Stored spans. */
  readonly spans: number;
  /** Spans with status `error`. */
  readonly errors: number;
  /** Names of all services, sorted by code unit. */
  readonly services: readonly string[];
  /** The earliest span without a parent id; null when every span names a parent. */
  readonly root: { readonly service: string; readonly operation: string } | null;
  /** Spans whose parent id no span of the trace has. */
  readonly orphans: number;
}

/** Which traces to list or analyse. Absent means no restriction; all given ones must hold. */
export interface TraceFilter {
  /** Each must occur in a service name, the root operation or the raw trace id, whatever its case, or begin the trace id. */
  readonly words?: readonly string[];
  /** Only traces with a span of this service, exact. */
  readonly service?: string;
  /** Only traces with at least one error span. */
  readonly withErrors?: boolean;
  readonly minDurationNs?: Nanos;
  readonly maxDurationNs?: Nanos;
  /** Trace start at or after. */
  readonly since?: UnixNano;
  /** Trace start before. */
  readonly until?: UnixNano;
  /** Only traces of at most so many spans. */
  readonly maxSpans?: number;
  /** Only traces that a query found. */
  readonly found?: FoundTraces;
}

/** The traces of a store that a query found when it was asked. */
export interface FoundTraces {
  /** The query in its canonical form, which tells what was asked. */
  readonly query: string;
  /** The store's own keys, ascending. */
  readonly traceKeys: readonly number[];
}

/**
 * Order of a list of traces: descending, ties are broken by start, newest first, then trace id; ascending is the exact reverse.
 */
export const TRACE_SORTS = ['start', 'duration', 'spans', 'errors'] as const;
export type TraceSort = (typeof TRACE_SORTS)[number];
