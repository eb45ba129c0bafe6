import type { FoundTraces, TraceSummary } from '../model/trace-summary.ts';
import { dropBookmark, keepBookmark, listBookmarks } from '../store/bookmarks.ts';
import { countSpans, countTraces, cursorAt, findTraces } from '../store/find-traces.ts';
import type { Store } from '../store/open-store.ts';
import type { PackedView } from '../tui/packed-view.ts';
import type { StoreAnalysis } from '../tui/store-analysis.ts';
import type { PagePosition, TracePoints, TraceQuery, TraceSource } from '../tui/trace-source.ts';
import type { Asker, answerOf } from './explorer-answers.ts';
import { askStore } from './explorer-thread.ts';
import { type KnownWords, vocabularyOf } from './known-words.ts';

/** Traces of fewer spans are there before a thread would be. */
const LARGE_SPANS = 2000;

/** The explorer's view of a store. */
export function storeTraceSource(store: Store, label: string): TraceSource {
  const late: Late = { answerOf: null };
  // After the first frame, which needs none of it.
  setImmediate(() => void loadLate(late));
  return {
    label,
    countTraces: (filter) => countTraces(store, filter),
    listTraces: (query, position, limit) => listTraces(store, query, position, limit),
    // Our own answers are what was asked for.
    readTrace: (traceId, options) => {
      const question = { kind: 'trace', traceId } as const;
      const isSmall = countSpans(store, traceId) < LARGE_SPANS;
      return isSmall && late.answerOf
        ? (late.answerOf(store, question, UNTOLD) as PackedView)
        : (askStore(store, question, options) as Promise<PackedView>);
    },
    listBookmarks: () => listBookmarks(store),
    keepBookmark: (bookmark) => keepBookmark(store, bookmark),
    dropBookmark: ({ traceId, spanId }) => dropBookmark(store, traceId, spanId),
    analyze: async (filter, options) =>
      (await askStore(store, { kind: 'analysis', filter }, options)) as StoreAnalysis,
    find: async (text, filter, signal) =>
      (await askStore(store, { kind: 'query', text, filter }, { signal })) as FoundTraces,
    readWords: async (signal) => {
      const words = (await askStore(store, { kind: 'words' }, { signal })) as KnownWords;
      const { completeQuery } = await import('../traceql/complete-query.ts');
      const vocabulary = vocabularyOf(words);
      return (text) => completeQuery(text, text.length, vocabulary);
    },
    readPoints: async (filter, signal) =>
      (await askStore(store, { kind: 'points', filter }, { signal })) as TracePoints,
  };
}

/** Nobody is told how far it is, nor stops it: it is done before anybody could. */
const UNTOLD: Asker = { onProgress: () => {}, isStopped: () => false };

/** Code that is not there in the beginning. */
interface Late {
  answerOf: typeof answerOf | null;
}

async function loadLate(late: Late): Promise<void> {
  late.answerOf = (await import('./explorer-answers.ts')).answerOf;
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
