import type { ServiceDependencies } from '../analysis/service-dependencies.ts';
import type { TraceId } from '../model/ids.ts';
import { UserError } from '../model/user-error.ts';
import { TraceList } from './trace-list.ts';
import type { TraceQuery, TraceSource } from './trace-source.ts';
import { TraceView } from './trace-view.ts';

/** Something that takes a while to get, or that could not be got. */
export type Loaded<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly lines: readonly string[] };

const LOADING = { status: 'loading' } as const;
/** Lists and traces kept for going back to them; a large trace takes some 100 MB. */
const KEPT_LISTS = 3;
const KEPT_TRACES = 2;

/** What the screens show: read from the source once and kept while a screen may come back to it. */
export class AppData {
  readonly source: TraceSource;
  readonly #lists = new Map<string, Loaded<TraceList>>();
  readonly #traces = new Map<TraceId, Loaded<TraceView>>();
  #dependencies: Loaded<ServiceDependencies> = LOADING;

  constructor(source: TraceSource) {
    this.source = source;
  }

  list(query: TraceQuery): Loaded<TraceList> {
    const key = JSON.stringify(query, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
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

  /** Reads and analyses a trace; takes about a second for 100,000 spans. */
  loadTrace(traceId: TraceId): void {
    if (this.trace(traceId).status === 'ready') return;
    const view = attempt(() => new TraceView(this.source.readTrace(traceId)));
    remember(this.#traces, traceId, view, KEPT_TRACES);
  }

  dependencies(): Loaded<ServiceDependencies> {
    return this.#dependencies;
  }

  async loadDependencies(signal: AbortSignal): Promise<void> {
    if (this.#dependencies.status === 'ready') return;
    this.#dependencies = LOADING;
    try {
      const value = await this.source.readDependencies(signal);
      this.#dependencies = { status: 'ready', value };
    } catch (error) {
      if (!signal.aborted) this.#dependencies = failure(error);
    }
  }
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
