import type { TraceId } from '../model/ids.ts';
import type { SpanTree } from '../model/span-tree.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { DurationSamples } from './duration-samples.ts';
import { PERCENTILES } from './duration-statistics.ts';
import { percentile } from './nearest-rank.ts';
import { groupId } from './span-grouping.ts';

/** Below 20 traces a p95 is nothing but the maximum, and every operation's slowest trace would count as slow. */
const MIN_TRACES = 20;

/** The span that a trace is about: the first root, or the first orphan where the root was lost. */
export function mainRoot({ roots }: Trace): TraceNode | null {
  return roots.find(({ missingParent }) => missingParent === null) ?? roots[0] ?? null;
}

/** The same by number; −1 where there is none. */
export function mainRootOf({ size, parent, missingParents }: SpanTree): number {
  let first = -1;
  for (let span = 0; span < size; span++) {
    if (parent[span] !== -1) continue;
    if (!missingParents.has(span)) return span;
    if (first === -1) first = span;
  }
  return first;
}

/** Which traces are slow for what they do. */
export interface SlowTraces {
  /** Those of one root operation after those of another. */
  readonly traces: readonly TraceId[];
}

/** Collects traces; each must be added once. The result does not depend on their order. */
export interface SlowTracesAccumulator {
  add(trace: Trace): void;
  /** Of the traces so far. */
  result(): SlowTraces;
}

/**
 * Finds traces whose main root took at least the p95 of its operation, and longer than the median, so that nothing is slow where
 * everything takes the same time. Operations with fewer than 20 traces have no slow ones. Keeps the duration and the id of each trace.
 */
export function slowTraces(): SlowTracesAccumulator {
  const samples = new Map<string, OperationTraces>();
  return {
    add(trace) {
      const root = mainRootOf(trace.tree);
      if (root === -1) return;
      const id = operationOf(trace.tree, root);
      const sample = samples.get(id) ?? { durations: new DurationSamples(), traces: [] };
      samples.set(id, sample);
      sample.durations.push(nanos(trace.tree.duration[root] ?? 0));
      sample.traces.push(trace.traceId);
    },
    result() {
      const slow: TraceId[] = [];
      for (const { durations, traces } of samples.values()) {
        if (durations.count < MIN_TRACES) continue;
        const limit = slowFrom(durations.sorted());
        for (const [i, id] of traces.entries()) if (durations.at(i) >= limit) slow.push(id);
      }
      return { traces: slow };
    },
  };
}

interface OperationTraces {
  readonly durations: DurationSamples;
  readonly traces: TraceId[];
}

function operationOf({ vocabulary, operation }: SpanTree, span: number): string {
  const number = operation[span] ?? -1;
  return groupId({
    service: vocabulary.serviceOf(number),
    name: vocabulary.operations[number]?.name ?? '',
  });
}

/** The shortest duration that is slow. */
function slowFrom(sorted: Float64Array): Nanos {
  const p50 = percentile(sorted, PERCENTILES.p50) ?? 0;
  const p95 = percentile(sorted, PERCENTILES.p95) ?? 0;
  return nanos(Math.max(p95, p50 + 1));
}
