import { setImmediate as nextTurn } from 'node:timers/promises';
import { buildTrace } from '../analysis/build-trace.ts';
import type { ServiceDependencies } from '../analysis/service-dependencies.ts';
import type { TraceSummary } from '../model/trace-summary.ts';
import { countTraces, cursorAt, findTraces } from '../store/find-traces.ts';
import type { Store } from '../store/open-store.ts';
import { readTrace, scanTraces } from '../store/read-spans.ts';
import type { PagePosition, TraceQuery, TraceSource } from '../tui/trace-source.ts';
import { dependenciesOf } from './dependencies.ts';

/** The explorer's view of a store. */
export function storeTraceSource(store: Store, label: string): TraceSource {
  return {
    label,
    countTraces: (filter) => countTraces(store, filter),
    listTraces: (query, position, limit) => listTraces(store, query, position, limit),
    readTrace: (traceId) => readTrace(store, traceId),
    readDependencies: (signal) => readDependencies(store, signal),
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

/** The explorer answers keys between this many traces. */
const TRACES_PER_TURN = 100;

async function readDependencies(store: Store, signal: AbortSignal): Promise<ServiceDependencies> {
  const dependencies = dependenciesOf(store);
  let count = 0;
  for (const spans of scanTraces(store)) {
    dependencies.add(buildTrace(spans));
    if (++count % TRACES_PER_TURN === 0) await nextTurn();
    signal.throwIfAborted();
  }
  return dependencies.result();
}
