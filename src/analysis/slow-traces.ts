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

/** Which traces are slow for what they do. */
export interface SlowTraces {
  /** Root operations with enough traces to say. */
  readonly operations: number;
  isSlow(trace: Trace): boolean;
}

/** Collects traces; each must be added once. The result does not depend on their order. */
export interface SlowTracesAccumulator {
  add(trace: Trace): void;
  /** Of the traces so far. */
  result(): SlowTraces;
}

/**
 * Finds traces whose main root took at least the p95 of its operation, and longer than the median, so that nothing is slow where
 * everything takes the same time. Operations with fewer than 20 traces have no slow ones. Keeps 8 bytes a trace.
 */
export function slowTraces(): SlowTracesAccumulator {
  const samples = new Map<string, DurationSamples>();
  return {
    add(trace) {
      const root = mainRoot(trace);
      if (root === null) return;
      const id = operationOf(root);
      const sample = samples.get(id) ?? new DurationSamples();
      samples.set(id, sample);
      sample.push(root.span.durationNs);
    },
    result() {
      const limits = new Map<string, Nanos>();
      for (const [id, sample] of samples) {
        if (sample.count >= MIN_TRACES) limits.set(id, slowFrom(sample.sorted()));
      }
      return {
        operations: limits.size,
        isSlow(trace) {
          const root = mainRoot(trace);
          const limit = root ? limits.get(operationOf(root)) : undefined;
          return limit !== undefined && root !== null && root.span.durationNs >= limit;
        },
      };
    },
  };
}

function operationOf({ service, span }: TraceNode): string {
  return groupId({ service, name: span.name });
}

/** The shortest duration that is slow. */
function slowFrom(sorted: Float64Array): Nanos {
  const p50 = percentile(sorted, PERCENTILES.p50) ?? 0;
  const p95 = percentile(sorted, PERCENTILES.p95) ?? 0;
  return nanos(Math.max(p95, p50 + 1));
}
