import { basename } from 'node:path';
import type { TraceId } from '../model/ids.ts';
import type { FoundTraces, TraceFilter, TraceSummary } from '../model/trace-summary.ts';
import { UserError } from '../model/user-error.ts';
import { countTraces, findTraces } from '../store/find-traces.ts';
import type { Store } from '../store/open-store.ts';
import { readTrace, scanTraces } from '../store/read-spans.ts';
import { remembered } from '../store/remembered-results.ts';
import { PACK_STEPS, packView } from '../tui/pack-view.ts';
import type { PackedView } from '../tui/packed-view.ts';
import { type StoreAnalysis, storeAnalyzer } from '../tui/store-analysis.ts';
import type { TracePoints } from '../tui/trace-source.ts';
import { dependenciesOf } from './dependencies.ts';
import { findByQuery } from './find-by-query.ts';
import { wordsOf } from './known-words.ts';
import { storeVocabulary } from './store-vocabulary.ts';
import { tracesThatFit } from './traces-that-fit.ts';
import { readQuery } from './typed-query.ts';
import { VERSION } from './version.ts';

/** What takes too long to work out between two keys. */
export type ExplorerQuestion =
  | { readonly kind: 'trace'; readonly traceId: TraceId }
  | { readonly kind: 'analysis'; readonly filter: TraceFilter }
  | { readonly kind: 'points'; readonly filter: TraceFilter }
  /** Names and values for completing queries. */
  | { readonly kind: 'words' }
  /** Which of the traces a query finds: TraceQL or its short form. */
  | { readonly kind: 'query'; readonly filter: TraceFilter; readonly text: string };

/** Who waits for an answer. */
export interface Asker {
  readonly onProgress: (done: number, total: number) => void;
  /** Whether he would rather have what is known by now. */
  readonly isStopped: () => boolean;
}

/** The name of a bundle ends in a hash of the code in it and below it, so that another build asks anew. */
const PROGRAM = [VERSION, basename(import.meta.url), process.version];
const TRACES_PER_REPORT = 500;
const TRACES_PER_PAGE = 2000;

/**
 * Everything about the traces that `filter` lets through; at once if the store has not changed since the last time. Of the oldest
 * ones only if it is stopped on the way.
 */
function analyzedStore(
  store: Store,
  asked: TraceFilter,
  { onProgress, isStopped }: Asker,
): StoreAnalysis {
  const { filter, leftOut } = tracesThatFit(store, asked);
  const question = JSON.stringify([PROGRAM, 'explorer', filter], (key, value: unknown) => {
    // The same query finds the same traces as long as the store has not changed.
    if (key === 'traceKeys') return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  });
  const work = () => {
    const analyzer = storeAnalyzer(dependenciesOf(store));
    const total = countTraces(store, filter);
    let done = 0;
    for (const spans of scanTraces(store, filter)) {
      analyzer.add(spans);
      if (++done % TRACES_PER_REPORT !== 0) continue;
      onProgress(done, total);
      if (isStopped()) break;
    }
    return analyzer.result({ unread: isStopped() ? Math.max(0, total - done) : 0, leftOut });
  };
  return remembered(store, question, work, { isWhole: ({ unread }) => unread === 0 });
}

/** When and how long the traces were that `filter` lets through, newest first. */
function tracePoints(store: Store, filter: TraceFilter): TracePoints {
  const total = countTraces(store, filter);
  const startMs = new Float64Array(total);
  const durationNs = new Float64Array(total);
  const isFailed = new Uint8Array(total);
  const root = new Uint32Array(total);
  const roots = new Map<string, { number: number; service: string; operation: string }>();
  let count = 0;
  for (const trace of summaries(store, filter)) {
    if (count >= total) break;
    const { service, operation } = trace.root ?? { service: '', operation: '' };
    const key = `${service}\n${operation}`;
    const known = roots.get(key) ?? { number: roots.size, service, operation };
    roots.set(key, known);
    startMs[count] = Number(trace.startUnixNano / 1000n) / 1000;
    durationNs[count] = trace.durationNs;
    isFailed[count] = Number(trace.errors > 0);
    root[count] = known.number;
    count++;
  }
  return {
    startMs: startMs.subarray(0, count),
    durationNs: durationNs.subarray(0, count),
    isFailed: isFailed.subarray(0, count),
    root: root.subarray(0, count),
    roots: [...roots.values()].map(({ service, operation }) => ({ service, operation })),
  };
}

function* summaries(store: Store, filter: TraceFilter): Generator<TraceSummary> {
  const request = { sort: 'start', descending: true, limit: TRACES_PER_PAGE } as const;
  let page = findTraces(store, filter, request);
  yield* page.traces;
  while (page.next !== null) {
    page = findTraces(store, filter, { ...request, after: page.next });
    yield* page.traces;
  }
}

/** The traces among those of `filter` that a query finds. Throws a usage error for what is no query of spans. */
function foundTraces(store: Store, filter: TraceFilter, typed: string): FoundTraces {
  const { query, text } = readQuery([typed]);
  if (query.kind !== 'spans') {
    throw new UserError('usage', 'this query gives series, not traces', { where: [text] });
  }
  const found = findByQuery(store, query.stages, filter);
  return { query: found.query, traceKeys: found.traceKeys };
}

/** A trace as its screens need it. Throws a UserError when the store does not have it any more. */
function traceView(store: Store, traceId: TraceId, { onProgress }: Asker): PackedView {
  let done = 0;
  const onStep = () => onProgress(++done, PACK_STEPS + 1);
  const spans = readTrace(store, traceId);
  if (spans.length === 0) throw new UserError('input', `the store has no trace ${traceId}`);
  onStep();
  return packView(spans, onStep);
}

/** The answer to any question. */
export function answerOf(store: Store, question: ExplorerQuestion, asker: Asker): unknown {
  switch (question.kind) {
    case 'trace':
      return traceView(store, question.traceId, asker);
    case 'analysis':
      return analyzedStore(store, question.filter, asker);
    case 'points':
      return tracePoints(store, question.filter);
    case 'words':
      return wordsOf(storeVocabulary(store));
    case 'query':
      return foundTraces(store, question.filter, question.text);
  }
}
