import { DurationSamples } from '../analysis/duration-samples.ts';
import { TIME_FLAGS } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import { nanos } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { Evidence } from './evidence.ts';
import type { OperationNumbers } from './operation-numbers.ts';
import type { OperationProfile } from './run-profile.ts';
import { ERROR, spanIdOf } from './tree-words.ts';

/** One operation: over all traces, and, from `inTrace` on, in the trace that is being added. */
class OperationSample {
  spans = 0;
  traces = 0;
  failedTraces = 0;
  asRequest = 0;
  severalTimes = false;
  readonly durations = new DurationSamples();
  readonly slowest = new DurationSamples();
  readonly selfs = new DurationSamples();
  readonly evidence = new Evidence();
  inTrace = 0;
  measured = 0;
  failed = false;
  sumNs = 0;
  maxNs = 0;
  selfNs = 0;
  /** The place of the slowest call in the tree; −1 without any whose time is known. */
  slowestSpan = -1;

  add(tree: SpanTree, span: number, selfNs: number): void {
    this.spans += 1;
    this.inTrace += 1;
    if (tree.status[span] === ERROR) this.failed = true;
    if (((tree.timeFlags[span] ?? 0) & UNKNOWN) !== 0) return;
    const durationNs = tree.duration[span] ?? 0;
    this.measured += 1;
    this.sumNs += durationNs;
    this.selfNs += selfNs;
    if (this.slowestSpan !== -1 && durationNs <= this.maxNs) return;
    this.maxNs = durationNs;
    this.slowestSpan = span;
  }

  /** The trace is complete. */
  close({ traceId, tree }: Trace): void {
    this.traces += 1;
    this.failedTraces += Number(this.failed);
    if (this.inTrace > 1) this.severalTimes = true;
    if (this.measured > 0) {
      this.durations.push(nanos(Math.round(this.sumNs / this.measured)));
      this.slowest.push(nanos(this.maxNs));
      this.selfs.push(nanos(Math.round(this.selfNs / this.measured)));
    }
    if (this.slowestSpan !== -1 && this.evidence.wants(this.maxNs))
      this.evidence.add(this.maxNs, { traceId, spanId: spanIdOf(tree, this.slowestSpan) });
    this.inTrace = 0;
    this.measured = 0;
    this.failed = false;
    this.sumNs = 0;
    this.maxNs = 0;
    this.selfNs = 0;
    this.slowestSpan = -1;
  }
}

const UNKNOWN = TIME_FLAGS.noStart | TIME_FLAGS.noEnd;

/** Durations, self times and failures of every operation, a value a trace. Keeps 24 bytes a trace and operation. */
export class OperationSamples {
  readonly #numbers: OperationNumbers;
  readonly #samples: OperationSample[] = [];
  /** Operations of the trace that is being added. */
  readonly #touched: number[] = [];

  constructor(numbers: OperationNumbers) {
    this.#numbers = numbers;
  }

  /**
   * Adds a trace: `operations` are the numbers of its spans, by their places in the tree. `visit` is told of each operation that occurs how
   * often it does.
   */
  add(
    trace: Trace,
    operations: Int32Array,
    selfNs: Float64Array,
    visit: (operation: number, calls: number) => void,
  ): void {
    const { tree } = trace;
    const touched = this.#touched;
    touched.length = 0;
    for (let span = 0; span < tree.size; span++) {
      const number = operations[span] ?? 0;
      const sample = this.#sampleOf(number);
      if (sample.inTrace === 0) touched.push(number);
      sample.add(tree, span, selfNs[span] ?? 0);
    }
    for (const number of touched) {
      const sample = this.#sampleOf(number);
      visit(number, sample.inTrace);
      sample.close(trace);
    }
  }

  addRequest(operation: number): void {
    this.#sampleOf(operation).asRequest += 1;
  }

  #sampleOf(number: number): OperationSample {
    const known = this.#samples[number];
    if (known !== undefined) return known;
    const fresh = new OperationSample();
    this.#samples[number] = fresh;
    return fresh;
  }

  result(): OperationProfile[] {
    return this.#numbers.keys
      .map((_, number) => number)
      .sort((a, b) => this.#numbers.compare(a, b))
      .map((number) => {
        const sample = this.#sampleOf(number);
        const { spans, traces, failedTraces, asRequest } = sample;
        const durations = sample.durations.sorted();
        return {
          ...this.#numbers.keyOf(number),
          spans,
          traces,
          failedTraces,
          asRequest,
          durations,
          slowest: sample.severalTimes ? sample.slowest.sorted() : durations,
          selfs: sample.selfs.sorted(),
          exemplar: sample.evidence.list()[0] ?? null,
        };
      });
  }
}
