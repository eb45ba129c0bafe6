import type { Span } from '../model/span.ts';
import { type UnixNano, unixNano } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';

/** What was analysed, in numbers. */
export interface Dataset {
  readonly traces: number;
  /** As stored; a trace's tree may have more (Zipkin ids shared by two halves) or fewer (fragments of one span). */
  readonly spans: number;
  /** By code unit. */
  readonly services: readonly string[];
  /** Start of the first span; null when no span has one. */
  readonly start: UnixNano | null;
  /** Latest end of a trace that has a start. */
  readonly end: UnixNano | null;
  /** Spans with status `error`. */
  readonly errors: number;
  /** Spans whose parent is not in their trace. */
  readonly orphans: number;
  /** Spans with the id of another span of their trace: often the same trace from two dumps that spell it differently. */
  readonly sharedIds: number;
}

/** Collects traces; each must be added once. The result does not depend on their order. */
export interface DatasetAccumulator {
  /** `spans` are what `trace` was built from. */
  add(trace: Trace, spans: readonly Span[]): void;
  /** Of the traces so far. */
  result(): Dataset;
}

/** Counts traces, spans, services, errors and orphans, and finds the time that they cover. */
export function datasetFacts(): DatasetAccumulator {
  let traces = 0;
  let spanCount = 0;
  let errors = 0;
  let orphans = 0;
  let sharedIds = 0;
  let start: UnixNano | null = null;
  let end: UnixNano | null = null;
  const services = new Set<string>();
  return {
    add(trace, spans) {
      traces += 1;
      spanCount += spans.length;
      for (const { statusCode } of spans) errors += Number(statusCode === 'error');
      for (const { service, missingParent } of trace.nodes) {
        services.add(service);
        orphans += Number(missingParent !== null);
      }
      sharedIds += countOfSharedIds(trace);
      const from = trace.startUnixNano;
      if (from === 0n) return;
      const to = unixNano(from + BigInt(trace.durationNs));
      if (start === null || from < start) start = from;
      if (end === null || to > end) end = to;
    },
    result: () => ({
      traces,
      spans: spanCount,
      services: [...services].sort(),
      start,
      end,
      errors,
      orphans,
      sharedIds,
    }),
  };
}

function countOfSharedIds({ warnings }: Trace): number {
  return warnings.find(({ code }) => code === 'duplicate-span-id')?.count ?? 0;
}
