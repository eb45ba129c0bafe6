import type { Bookmark } from '../model/bookmark.ts';
import type { TraceId } from '../model/ids.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import { UserError } from '../model/user-error.ts';
import type { StoreAnalysis } from './store-analysis.ts';
import { TraceList } from './trace-list.ts';
import type {
  AnalyzeOptions,
  CompleteQuery,
  QueryCompletion,
  TracePoints,
  TraceQuery,
  TraceSource,
} from './trace-source.ts';
import { TraceView } from './trace-view.ts';

/** Something that takes a while to get, or that could not be got. */
export type Loaded<T> =
  | { readonly status: 'loading'; readonly progress?: Progress }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly lines: readonly string[] };

/** How far it is. */
interface Progress {
  readonly done: number;
  readonly total: number;
  readonly of: 'traces' | 'steps';
}

const LOADING = { status: 'loading' } as const;
/** Lists and traces kept for going back to them; a trace of 100,000 spans takes some 30 MB. */
const KEPT_LISTS = 3;
const KEPT_TRACES = 2;
const KEPT_ANALYSES = 3;

/** What the screens show: read from the source once and kept while a screen may come back to it. */
export class AppData {
  readonly source: TraceSource;
  readonly #lists = new Map<string, Loaded<TraceList>>();
  readonly #traces = new Map<TraceId, Loaded<TraceView>>();
  readonly #analyses = new Map<string, Loaded<StoreAnalysis>>();
  #words: CompleteQuery | 'asked' | null = null;
  #bookmarks: readonly Bookmark[] | null = null;
  readonly #points = new Map<string, Loaded<TracePoints>>();

  constructor(source: TraceSource) {
    this.source = source;
  }

  list(query: TraceQuery): Loaded<TraceList> {
    const key = textOf(query);
    const known = this.#lists.get(key);
    if (known) return known;
    const list = attempt(() => new TraceList(this.source, query));
    remember(this.#lists, key, list, KEPT_LISTS);
    return list;
  }

  /** The trace if it has been loaded. */
  trace(traceId: TraceId): Loaded<TraceView> {
    return this.#traces.get(traceId) ?? LOADING;
  }

  /** Whether it is there, is being read, or could not be read. */
  hasTrace(traceId: TraceId): boolean {
    return this.#traces.has(traceId);
  }

  /** Reads a trace; a small one is there when this returns. Until then `onChange` is called whenever there is more to show. */
  async loadTrace(traceId: TraceId, signal: AbortSignal, onChange: () => void): Promise<void> {
    if (this.#traces.has(traceId)) return;
    const keep = (trace: Loaded<TraceView>) => remember(this.#traces, traceId, trace, KEPT_TRACES);
    keep(LOADING);
    const onProgress = (done: number, total: number) => {
      if (signal.aborted) return;
      keep({ status: 'loading', progress: { done, total, of: 'steps' } });
      onChange();
    };
    try {
      const read = this.source.readTrace(traceId, { signal, onProgress });
      const packed = read instanceof Promise ? await read : read;
      keep({ status: 'ready', value: new TraceView(packed) });
    } catch (error) {
      if (signal.aborted) this.#traces.delete(traceId);
      else keep(failure(error));
    }
  }

  /** What is known of the traces that `filter` lets through, if it has been worked out. */
  analysis(filter: TraceFilter): Loaded<StoreAnalysis> {
    return this.#analyses.get(textOf(filter)) ?? LOADING;
  }

  /** Whether somebody asked for it and it was not stopped. */
  isAnalyzed(filter: TraceFilter): boolean {
    return this.#analyses.has(textOf(filter));
  }

  /** Read once, and again when one was kept or dropped. */
  bookmarks(): readonly Bookmark[] {
    this.#bookmarks ??= this.source.listBookmarks();
    return this.#bookmarks;
  }

  keepBookmark(bookmark: Bookmark): void {
    this.source.keepBookmark(bookmark);
    this.#bookmarks = null;
  }

  dropBookmark(bookmark: Bookmark): void {
    this.source.dropBookmark(bookmark);
    this.#bookmarks = null;
  }

  /** Forgets what was worked out, so that it is asked for again. */
  forgetAnalysis(filter: TraceFilter): void {
    this.#analyses.delete(textOf(filter));
  }

  /** Works it out; `onChange` is called whenever there is more to show. */
  async analyze(
    filter: TraceFilter,
    { signal, stop }: Pick<AnalyzeOptions, 'signal' | 'stop'>,
    onChange: () => void,
  ): Promise<void> {
    const key = textOf(filter);
    if (this.#analyses.get(key)?.status === 'ready') return;
    remember(this.#analyses, key, LOADING, KEPT_ANALYSES);
    const onProgress = (done: number, total: number) => {
      if (signal.aborted) return;
      this.#analyses.set(key, { status: 'loading', progress: { done, total, of: 'traces' } });
      onChange();
    };
    try {
      const value = await this.source.analyze(filter, {
        signal,
        ...(stop && { stop }),
        onProgress,
      });
      this.#analyses.set(key, { status: 'ready', value });
    } catch (error) {
      if (signal.aborted) this.#analyses.set(key, STOPPED);
      else this.#analyses.set(key, failure(error));
    }
    onChange();
  }

  /** What may stand at the end of a query; nothing while no words are known. */
  completion(text: string): QueryCompletion {
    return typeof this.#words === 'function' ? this.#words(text) : NO_COMPLETION;
  }

  /** Learns the words of queries, once. */
  async loadWords(signal: AbortSignal): Promise<void> {
    if (this.#words !== null) return;
    this.#words = 'asked';
    try {
      this.#words = await this.source.readWords(signal);
    } catch (error) {
      // Queries can be typed without.
      if (!signal.aborted && !(error instanceof UserError)) throw error;
    }
  }

  points(filter: TraceFilter): Loaded<TracePoints> {
    return this.#points.get(textOf(filter)) ?? LOADING;
  }

  hasPoints(filter: TraceFilter): boolean {
    return this.#points.has(textOf(filter));
  }

  async loadPoints(filter: TraceFilter, signal: AbortSignal): Promise<void> {
    const key = textOf(filter);
    if (this.#points.get(key)?.status === 'ready') return;
    remember(this.#points, key, LOADING, KEPT_LISTS);
    try {
      const value = await this.source.readPoints(filter, signal);
      this.#points.set(key, { status: 'ready', value });
    } catch (error) {
      if (!signal.aborted) this.#points.set(key, failure(error));
    }
  }
}

const NO_COMPLETION: QueryCompletion = { from: 0, candidates: [] };
const STOPPED = { status: 'failed', lines: ['stopped', 'R starts again'] } as const;

/** Equal questions have equal texts. */
function textOf(question: unknown): string {
  return JSON.stringify(question, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function attempt<T>(read: () => T): Loaded<T> {
  try {
    return { status: 'ready', value: read() };
  } catch (error) {
    return failure(error);
  }
}

/** The user's errors are shown where the data would be; bugs go on to end the program with a stack. */
function failure(error: unknown): { readonly status: 'failed'; readonly lines: readonly string[] } {
  if (!(error instanceof UserError)) throw error;
  const fix = error.fix === null ? [] : [`try: ${error.fix}`];
  return { status: 'failed', lines: [error.what, ...error.where, ...fix] };
}

function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}
