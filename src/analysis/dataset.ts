import { type Span, STATUS_CODES } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import type { SpanVocabulary } from '../model/span-vocabulary.ts';
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
  /** `spans` are what `trace` was built from; null where its tree has just these, without copies or fragments of one. */
  add(trace: Trace, spans: readonly Span[] | null): void;
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
  const services = new SeenServices();
  return {
    add(trace, spans) {
      traces += 1;
      spanCount += spans?.length ?? trace.tree.size;
      errors += spans === null ? countOfErrors(trace.tree) : countOfFailed(spans);
      services.add(trace.tree);
      orphans += trace.tree.missingParents.size;
      if (spans !== null) sharedIds += countOfSharedIds(trace);
      const from = trace.startUnixNano;
      if (from === 0n) return;
      const to = unixNano(from + BigInt(trace.durationNs));
      if (start === null || from < start) start = from;
      if (end === null || to > end) end = to;
    },
    result: () => ({
      traces,
      spans: spanCount,
      services: services.names(),
      start,
      end,
      errors,
      orphans,
      sharedIds,
    }),
  };
}

const ERROR = STATUS_CODES.indexOf('error');

function countOfErrors({ size, status }: SpanTree): number {
  let count = 0;
  for (let span = 0; span < size; span++) if (status[span] === ERROR) count += 1;
  return count;
}

function countOfFailed(spans: readonly Span[]): number {
  let count = 0;
  for (const { statusCode } of spans) if (statusCode === 'error') count += 1;
  return count;
}

/** The services of trees, which mostly are the same ones again. */
class SeenServices {
  readonly #names = new Set<string>();
  #vocabulary: SpanVocabulary | null = null;
  /** By operation of the vocabulary: whether its service was seen. */
  #seen: boolean[] = [];

  add({ size, operation, vocabulary }: SpanTree): void {
    if (vocabulary !== this.#vocabulary) {
      this.#vocabulary = vocabulary;
      this.#seen = [];
    }
    for (let span = 0; span < size; span++) {
      const number = operation[span] ?? -1;
      if (this.#seen[number] === true) continue;
      this.#seen[number] = true;
      this.#names.add(vocabulary.serviceOf(number));
    }
  }

  /** By code unit. */
  names(): string[] {
    return [...this.#names].sort();
  }
}

function countOfSharedIds({ warnings }: Trace): number {
  return warnings.find(({ code }) => code === 'duplicate-span-id')?.count ?? 0;
}
