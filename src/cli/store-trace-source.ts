import type { FoundTraces, TraceSummary } from '../model/trace-summary.ts';
import { dropBookmark, keepBookmark, listBookmarks } from '../store/bookmarks.ts';
import { countTraces, cursorAt, findTraces } from '../store/find-traces.ts';
import type { Store } from '../store/open-store.ts';
import { readTrace } from '../store/read-spans.ts';
import type { StoreAnalysis } from '../tui/store-analysis.ts';
import type { PagePosition, TracePoints, TraceQuery, TraceSource } from '../tui/trace-source.ts';
import { explorerQueries } from './explorer-queries.ts';
import { askStore } from './explorer-thread.ts';

/** The explorer's view of a store. */
export function storeTraceSource(store: Store, label: string): TraceSource {
  return {
    label,
    queries: explorerQueries(store),
    countTraces: (filter) => countTraces(store, filter),
    listTraces: (query, position, limit) => listTraces(store, query, position, limit),
    readTrace: (traceId) => readTrace(store, traceId),
    listBookmarks: () => listBookmarks(store),
    keepBookmark: (bookmark) => keepBookmark(store, bookmark),
    dropBookmark: ({ traceId, spanId }) => dropBookmark(store, traceId, spanId),
    // Our own thread's answers are what was asked for.
    analyze: async (filter, options) =>
      (await askStore(store, { kind: 'analysis', filter }, options)) as StoreAnalysis,
    find: async (text, filter, signal) =>
      (await askStore(store, { kind: 'query', text, filter }, { signal })) as FoundTraces,
    readPoints: async (filter, signal) =>
      (await askStore(store, { kind: 'points', filter }, { signal })) as TracePoints,
  };
}

/** Backwards is forwards in the reverse order, turned round. */
function listTraces(
  store: Store,
  { sort, descending, filter }: TraceQuery,
  position: PagePosition,
  limit: number,
): readonly TraceSummary[] {
  const isBackwards = position.at === 'last' || position.at === 'before';
  const after = 'trace' in position ? cursorAt(position.trace, sort) : undefined;
  const { traces } = findTraces(store, filter, {
    sort,
    descending: descending !== isBackwards,
    limit,
    ...(after && { after }),
  });
  return isBackwards ? traces.toReversed() : traces;
}
