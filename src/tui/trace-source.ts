import type { ServiceDependencies } from '../analysis/service-dependencies.ts';
import type { TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import type { TraceFilter, TraceSort, TraceSummary } from '../model/trace-summary.ts';

/** Which traces the list shows, and in what order. */
export interface TraceQuery {
  readonly sort: TraceSort;
  readonly descending: boolean;
  readonly filter: TraceFilter;
}

/** Where a page begins or ends in a query's order. */
export type PagePosition =
  | { readonly at: 'first' }
  | { readonly at: 'last' }
  | { readonly at: 'after'; readonly trace: TraceSummary }
  | { readonly at: 'before'; readonly trace: TraceSummary };

/**
 * Where the explorer's data comes from. Reads are synchronous and must be quick: pages by key, one trace at a time. What takes
 * long is asynchronous and gives way to keys now and then. Failures are thrown and shown on the screen that asked.
 */
export interface TraceSource {
  /** What is being explored, for the title: the store's path, or the dumps' names. */
  readonly label: string;
  /** How many traces `filter` lets through. */
  readonly countTraces: (filter: TraceFilter) => number;
  /** At most `limit` neighbouring traces, always in the query's order, also when read backwards from `last` or `before`. */
  readonly listTraces: (
    query: TraceQuery,
    position: PagePosition,
    limit: number,
  ) => readonly TraceSummary[];
  /** All spans of one trace, in any order. */
  readonly readTrace: (traceId: TraceId) => readonly Span[];
  /** The service dependencies of the whole store. Stops early and rejects when `signal` is aborted. */
  readonly readDependencies: (signal: AbortSignal) => Promise<ServiceDependencies>;
}
