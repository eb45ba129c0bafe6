import { buildTraceIn } from '../analysis/build-trace.ts';
import { LazyTrace } from '../analysis/lazy-trace.ts';
import type { Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { Store } from '../store/open-store.ts';
import { scanTrees } from '../store/read-trees.ts';
import type { WantedColumns } from '../store/stored-traces.ts';

export interface ScannedTrace {
  /** Its tree is of no use once the scan goes on; its nodes are, but must have been looked at by then. */
  readonly trace: Trace;
  /** The spans that the store has, where the tree has others: copies and fragments of one span are one there. Else null. */
  readonly stored: readonly Span[] | null;
}

/**
 * The traces of the store that satisfy `filter`, by start and then trace id, ready to be analysed. With `numbers`, spans that somebody
 * looks at are read once more: cheapest where nobody does.
 */
export function* scanStoredTraces(
  store: Store,
  filter: TraceFilter,
  wanted: WantedColumns,
): Generator<ScannedTrace> {
  for (const { traceId, timed, vocabulary, spans } of scanTrees(store, filter, wanted)) {
    if (timed !== null) {
      yield { trace: new LazyTrace({ traceId, ...timed }, spans), stored: null };
      continue;
    }
    const stored = spans();
    if (stored.length > 0) yield { trace: buildTraceIn(vocabulary, stored), stored };
  }
}
