import type { TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import type { SpanVocabulary } from '../model/span-vocabulary.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import { type Connection, connectionOf } from './connection.ts';
import { storedTraceId } from './find-traces.ts';
import { checkTraceSize } from './largest-trace.ts';
import type { Store } from './open-store.ts';
import { contextOfRow, scanTraceRows, type TraceRow } from './read-spans.ts';
import { SharedLookup } from './shared-lookup.ts';
import type { SpanRange } from './span-columns.ts';
import { StoredSpan } from './stored-span.ts';
import { spansOfTrace } from './stored-spans.ts';
import { StoredTraces, type WantedColumns } from './stored-traces.ts';
import { type TimedTree, TreeBuilder } from './tree-builder.ts';
import { TreeKeys } from './tree-keys.ts';

/** A trace while a scan is at it. */
export interface StoredTrace {
  readonly traceId: TraceId;
  /** Its spans as numbers; null where these cannot be told without looking at whole spans. Of no use once the scan goes on. */
  readonly timed: TimedTree | null;
  /** What the tree, and those that are made of the spans of this scan, refer to. */
  readonly vocabulary: SpanVocabulary;
  /**
   * Its spans in the order of the tree, or of `readTrace` where there is none. None when it is no more, or others than those of the tree
   * have come to it. To be asked for before the scan goes on.
   */
  readonly spans: () => readonly Span[];
}

/**
 * The traces that satisfy `filter` in the order of `scanTraces`, as trees of numbers. `wanted` says what is read of all of them: with
 * `numbers` those few of which somebody asks for the spans are read once more.
 */
export function* scanTrees(
  store: Store,
  filter: TraceFilter,
  wanted: WantedColumns,
): Generator<StoredTrace> {
  const connection = connectionOf(store);
  const traces = new StoredTraces(connection, wanted);
  const whole = wanted === 'all' ? traces : new StoredTraces(connection);
  const scan = new TreeScan(connection, traces, whole);
  for (const row of scanTraceRows(connection, filter, traces)) {
    const trace = scan.read(row);
    // Another process may have pruned the trace since it was listed.
    if (trace !== null) yield trace;
  }
}

class TreeScan {
  readonly #shared: SharedLookup;
  readonly #keys: TreeKeys;
  readonly #builder = new TreeBuilder();
  readonly #traces: StoredTraces;
  readonly #whole: StoredTraces;

  constructor(connection: Connection, traces: StoredTraces, whole: StoredTraces) {
    this.#shared = new SharedLookup(connection);
    this.#keys = new TreeKeys(this.#shared);
    this.#traces = traces;
    this.#whole = whole;
  }

  read(row: TraceRow): StoredTrace | null {
    const [key, id] = row;
    checkTraceSize(storedTraceId(id), this.#traces.countSpans(Number(key)));
    const ranges = this.#traces.ranges(Number(key));
    if (ranges.length === 0) return null;
    this.#keys.startTree();
    const timed = this.#builder.build(ranges, this.#keys);
    return {
      traceId: storedTraceId(id),
      timed,
      vocabulary: this.#keys.vocabulary,
      spans: () => this.#spans(row, timed, this.#wholeRanges(row, ranges)),
    };
  }

  #wholeRanges(row: TraceRow, ranges: readonly SpanRange[]): readonly SpanRange[] {
    return this.#whole === this.#traces ? ranges : this.#whole.ranges(Number(row[0]));
  }

  #spans(row: TraceRow, timed: TimedTree | null, ranges: readonly SpanRange[]): readonly Span[] {
    const context = contextOfRow(row, this.#shared);
    if (timed === null) return spansOfTrace(ranges, context);
    const rows: Span[] = [];
    for (const { columns, first, count } of ranges) {
      for (let at = first; at < first + count; at++)
        rows.push(new StoredSpan(columns, at, context));
    }
    const { size } = timed.tree;
    if (rows.length !== size) return [];
    const spans: Span[] = [];
    for (let span = 0; span < size; span++) {
      const found = rows[timed.rowOf[span] ?? -1];
      if (found !== undefined) spans.push(found);
    }
    return spans;
  }
}
