import type { Bookmark } from '../model/bookmark.ts';
import type { TraceId } from '../model/ids.ts';
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
  /** Learns the names and values that queries may have, for completing them; looks at a part of the traces. */
  readonly readWords: (signal: AbortSignal) => Promise<CompleteQuery>;
}

/** What may stand at the end of a query, TraceQL or its short form. Quick. */
export type CompleteQuery = (text: string) => QueryCompletion;

/** Each candidate may stand instead of the text from `from` on. */
export interface QueryCompletion {
  readonly from: number;
  readonly candidates: readonly string[];
}

export interface AnalyzeOptions {
  readonly signal: AbortSignal;
  /** When this is aborted, what is known by then will do. */
  readonly stop?: AbortSignal;
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
