import type { BatchKeys } from './batch-keys.ts';
import type { Connection } from './connection.ts';
import { KnownSpans } from './known-spans.ts';
import { eachTraceRun } from './span-chunks.ts';
import { type SpanColumns, type SpanRange, selectSpans } from './span-columns.ts';
import { SpanSet } from './span-set.ts';
import { StoredTraces } from './stored-traces.ts';
import type { TraceEntry } from './trace-keys.ts';

/** Tells the spans of an import that the store does not have yet. Lives as long as the import. */
export class NewSpans {
  readonly #connection: Connection;
  /** Made when the import comes to a trace that the store has spans of: most small dumps never do. */
  #known: KnownSpans | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Those of the spans of a batch, by trace, that neither the store nor an earlier one of them has. Afterwards they count as stored.
   */
  select(columns: SpanColumns, { traces }: BatchKeys): SpanColumns {
    const stored = this.#storedSpans(columns, traces);
    const seen = new SpanSet(stored.reduce((sum, { count }) => sum + count, columns.length));
    for (const range of stored) addAll(seen, range);
    const added = addAll(seen, { columns, first: 0, count: columns.length });
    const selected = added.length === columns.length ? columns : selectSpans(columns, added);
    if (this.#known !== null) this.#known.addAll(selected, 0, selected.length);
    for (const entry of traces) entry.stored = this.#known === null ? 'unknown' : 'known';
    return selected;
  }

  /** The stored spans of every trace of which the batch may have one. */
  #storedSpans(columns: SpanColumns, entries: readonly TraceEntry[]): readonly SpanRange[] {
    if (entries.every(({ stored }) => stored === 'none')) return [];
    this.#known ??= new KnownSpans();
    const known = this.#known;
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    const traces = new StoredTraces(this.#connection, 'numbers');
    const found: SpanRange[] = [];
    eachTraceRun(columns, 0, columns.length, (trace, first, count) => {
      const state = byKey.get(trace)?.stored;
      if (state === 'none') return;
      if (state === 'known' && !known.mayHaveOneOf(columns, first, first + count)) return;
      const ranges = traces.ranges(trace);
      found.push(...ranges);
      if (state === 'known') return;
      for (const range of ranges) {
        known.addAll(range.columns, range.first, range.first + range.count);
      }
    });
    return found;
  }
}

/** Adds the spans of a range and returns the indexes of those that were not there. */
function addAll(seen: SpanSet, { columns, first, count }: SpanRange): number[] {
  const added: number[] = [];
  for (let span = first; span < first + count; span++) {
    if (seen.add(columns, span)) added.push(span);
  }
  return added;
}
