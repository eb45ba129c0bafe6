import type { Bookmark } from '../model/bookmark.ts';
import type { TraceId } from '../model/ids.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import type { FoundTraces, TraceFilter, TraceSort, TraceSummary } from '../model/trace-summary.ts';
import type { PackedView } from './packed-view.ts';
import type { StoreAnalysis } from './store-analysis.ts';

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
  /** One trace with what its screens need: a small one at once, a large one beside the keys, as `analyze`. */
  readonly readTrace: (
    traceId: TraceId,
    options: AnalyzeOptions,
  ) => PackedView | Promise<PackedView>;
  /**
   * Everything about the traces that `filter` lets through, worked out beside the keys. Tells how far it is, and rejects soon
   * after `signal` is aborted.
   */
  readonly analyze: (filter: TraceFilter, options: AnalyzeOptions) => Promise<StoreAnalysis>;
  /** Which of the traces that `filter` lets through a query finds: TraceQL, or the short form that stands for it. */
  readonly find: (text: string, filter: TraceFilter, signal: AbortSignal) => Promise<FoundTraces>;
  /** The user's bookmarks, the last one first. */
  readonly listBookmarks: () => readonly Bookmark[];
  readonly keepBookmark: (bookmark: Bookmark) => void;
  readonly dropBookmark: (bookmark: Bookmark) => void;
  /** When and how long the traces were, in no order, for charts; at most some million. */
  readonly readPoints: (filter: TraceFilter, signal: AbortSignal) => Promise<TracePoints>;
  /** TraceQL and its short form; absent where the source has no such thing, or not yet. */
  readonly queries?: ExplorerQueries | undefined;
}

/** What may be asked about queries that somebody types. */
export interface ExplorerQueries {
  /** Reads a query. Quick: no trace is looked at. */
  readonly compileFilter: (text: string) => CompiledFilter | { readonly problem: QueryProblem };
  /** What may stand at `cursor`; a few milliseconds, the first time some more. */
  readonly complete: (text: string, cursor: number) => QueryCompletion;
}

/** A query that can be run. */
export interface CompiledFilter {
  /** The TraceQL that was typed, or that the words stand for. */
  readonly traceql: string;
  /** Finds the query's traces among those that `filter` lets through, as a filter for lists. Takes up to seconds in a large store. */
  readonly find: (filter: TraceFilter) => TraceFilter;
  /** The spans of a trace that the query is about; none when it does not match. */
  readonly matches: (trace: Trace) => ReadonlySet<TraceNode>;
}

/** What is wrong with a query. */
export interface QueryProblem {
  readonly what: string;
  /** Offsets in the text, where the problem has a place. */
  readonly at: { readonly at: number; readonly end: number } | null;
  readonly fix: string | null;
}

/** Each candidate may replace the text from `from` to `to`. */
export interface QueryCompletion {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly string[];
}

export interface AnalyzeOptions {
  readonly signal: AbortSignal;
  /** `done` of `total` traces, or steps on the way to one, are behind us. */
  readonly onProgress: (done: number, total: number) => void;
}

/** One number per trace in each column. */
export interface TracePoints {
  /** Milliseconds since 1970; 0 where the start is unknown. */
  readonly startMs: Float64Array;
  readonly durationNs: Float64Array;
  /** 1 for traces with an error. */
  readonly isFailed: Uint8Array;
  /** Positions in `roots`. */
  readonly root: Uint32Array;
  /** Services and operations of root spans; "" for traces without one. */
  readonly roots: readonly { readonly service: string; readonly operation: string }[];
}
