import { DurationSamples } from '../analysis/duration-samples.ts';
import { TIME_FLAGS } from '../model/span.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { TraceNode } from '../model/trace.ts';
import { Evidence } from './evidence.ts';
import type { OperationNumbers } from './operation-numbers.ts';
import type { OperationProfile } from './run-profile.ts';

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
  slowestNode: TraceNode | null = null;

  add({ span }: TraceNode, selfNs: number): void {
    this.spans += 1;
    this.inTrace += 1;
    if (span.statusCode === 'error') this.failed = true;
    if ((span.timeFlags & UNKNOWN) !== 0) return;
    this.measured += 1;
    this.sumNs += span.durationNs;
    this.selfNs += selfNs;
  }

  see(node: TraceNode): void {
    const { durationNs } = node.span;
    if (this.slowestNode !== null && durationNs <= this.maxNs) return;
    this.maxNs = durationNs;
    this.slowestNode = node;
  }

  /** The trace is complete. */
  close(): void {
    this.traces += 1;
    this.failedTraces += Number(this.failed);
    if (this.inTrace > 1) this.severalTimes = true;
    if (this.measured > 0) {
      this.durations.push(nanos(Math.round(this.sumNs / this.measured)));
      this.slowest.push(nanos(this.maxNs));
      this.selfs.push(nanos(Math.round(this.selfNs / this.measured)));
    }
    if (this.slowestNode !== null) this.evidence.add(this.maxNs, this.slowestNode.span);
    this.inTrace = 0;
    this.measured = 0;
    this.failed = false;
    this.sumNs = 0;
    this.maxNs = 0;
    this.selfNs = 0;
    this.slowestNode = null;
  }
}

const UNKNOWN = TIME_FLAGS.noStart | TIME_FLAGS.noEnd;

/** Durations, self times and failures of every operation, a value a trace. Keeps 24 bytes a trace and operation. */
export class OperationSamples {
  readonly #numbers: OperationNumbers;
  readonly #samples: OperationSample[] = [];

  constructor(numbers: OperationNumbers) {
    this.#numbers = numbers;
  }

  /**
   * Adds a trace: `operations` are the numbers of its nodes, by node index. Gives the operations that occur, each once, in the order of
   * their first spans; `visit` is told how often each does.
   */
  add(
    nodes: readonly TraceNode[],
    operations: Int32Array,
    selfNs: readonly Nanos[],
    visit: (operation: number, calls: number) => void,
  ): void {
    const touched: number[] = [];
    for (const node of nodes) {
      const number = operations[node.index] ?? 0;
      const sample = this.#sampleOf(number);
      if (sample.inTrace === 0) touched.push(number);
      sample.add(node, selfNs[node.index] ?? 0);
      if ((node.span.timeFlags & UNKNOWN) === 0) sample.see(node);
    }
    for (const number of touched) {
      const sample = this.#sampleOf(number);
      visit(number, sample.inTrace);
      sample.close();
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
