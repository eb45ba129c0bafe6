import { CriticalPaths } from '../analysis/critical-path.ts';
import { DurationSamples } from '../analysis/duration-samples.ts';
import { SelfTimes } from '../analysis/self-time.ts';
import { compareGroups, groupId } from '../analysis/span-grouping.ts';
import type { SpanTree } from '../model/span-tree.ts';
import { nanos } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { Evidence } from './evidence.ts';
import { OperationNumbers } from './operation-numbers.ts';
import { OperationSamples } from './operation-samples.ts';
import { PathLedger } from './path-ledger.ts';
import type { CallCounts, OperationName, RequestProfile, RunProfile } from './run-profile.ts';
import { TraceFeatures } from './trace-features.ts';
import { ERROR, spanIdOf } from './tree-words.ts';

/** What was looked for in a run besides: `findings` are fingerprints, null when nobody looked. */
export type SeenInRun = Pick<RunProfile, 'findings' | 'measures'>;

const NOTHING_SEEN: SeenInRun = { findings: null, measures: [] };

/** Collects the traces of a run; each is added once and whole. */
export class RunProfiler {
  readonly #numbers = new OperationNumbers();
  readonly #samples = new OperationSamples(this.#numbers);
  readonly #requests = new Map<string, Request>();
  /** The same: operations of several kinds may begin one request. */
  readonly #requestByOperation = new Map<number, Request>();
  #operations = new Int32Array(64);
  readonly #selfTimes = new SelfTimes();
  readonly #paths = new CriticalPaths();
  #traces = 0;
  #spans = 0;

  add(trace: Trace): void {
    const { tree } = trace;
    const root = requestIn(tree);
    if (root === -1) return;
    this.#traces += 1;
    this.#spans += tree.size;
    const operations = this.#operationsOf(tree);
    const operation = operations[root] ?? 0;
    const request = this.#requestOf(operation);
    this.#samples.addRequest(operation);
    this.#samples.add(trace, operations, this.#selfTimes.of(tree), (called, calls) =>
      request.addCalls(called, calls),
    );
    request.add(trace, root, operations);
  }

  /** A number for each span. The array is the next trace's too. */
  #operationsOf({ size, operation, vocabulary }: SpanTree): Int32Array {
    if (this.#operations.length < size) this.#operations = new Int32Array(2 * size);
    for (let span = 0; span < size; span++)
      this.#operations[span] = this.#numbers.numberOf(vocabulary, operation[span] ?? 0);
    return this.#operations;
  }

  #requestOf(operation: number): Request {
    const known = this.#requestByOperation.get(operation);
    if (known !== undefined) return known;
    const { service, name } = this.#numbers.keyOf(operation);
    const id = groupId({ service, name });
    const request =
      this.#requests.get(id) ?? new Request({ service, name }, this.#numbers, this.#paths);
    this.#requests.set(id, request);
    this.#requestByOperation.set(operation, request);
    return request;
  }

  /** Of the traces so far, with what others saw in them. */
  result({ findings, measures }: SeenInRun = NOTHING_SEEN): RunProfile {
    return {
      traces: this.#traces,
      spans: this.#spans,
      operations: this.#samples.result(),
      requests: Array.from(this.#requests.values(), (request) => request.result()).sort((a, b) =>
        compareGroups({ service: a.service, name: a.name }, { service: b.service, name: b.name }),
      ),
      findings: findings && [...new Set(findings)].sort(),
      measures: measures.toSorted((a, b) => (a.measure < b.measure ? -1 : 1)),
    };
  }
}

/** The traces that begin with one operation. */
class Request {
  readonly #name: OperationName;
  readonly #numbers: OperationNumbers;
  readonly #durations = new DurationSamples();
  readonly #evidence = new Evidence();
  readonly #finder: CriticalPaths;
  readonly #paths: PathLedger;
  readonly #features: TraceFeatures;
  /** By operation: in how many traces it is called so often. */
  readonly #calls = new Map<number, Map<number, number>>();
  #traces = 0;
  #failed = 0;

  constructor(name: OperationName, numbers: OperationNumbers, finder: CriticalPaths) {
    this.#name = name;
    this.#finder = finder;
    this.#numbers = numbers;
    this.#paths = new PathLedger(numbers);
    this.#features = new TraceFeatures(numbers);
  }

  add(trace: Trace, root: number, operations: Int32Array): void {
    const { tree, traceId } = trace;
    const durationNs = nanos(tree.duration[root] ?? 0);
    this.#traces += 1;
    this.#failed += Number(tree.status[root] === ERROR);
    this.#durations.push(durationNs);
    if (this.#evidence.wants(durationNs))
      this.#evidence.add(durationNs, { traceId, spanId: spanIdOf(tree, root) });
    this.#features.add(trace, operations);
    if (this.#paths.wants(trace)) this.#paths.add(trace, this.#finder.find(trace), operations);
  }

  addCalls(operation: number, calls: number): void {
    const counts = this.#calls.get(operation) ?? new Map<number, number>();
    this.#calls.set(operation, counts);
    counts.set(calls, (counts.get(calls) ?? 0) + 1);
  }

  result(): RequestProfile {
    return {
      ...this.#name,
      traces: this.#traces,
      failedTraces: this.#failed,
      durations: this.#durations.sorted(),
      exemplar: this.#evidence.list()[0] ?? null,
      ...this.#paths.result(),
      calls: this.#callCounts(),
      features: this.#features.result(),
    };
  }

  #callCounts(): CallCounts[] {
    return [...this.#calls]
      .sort(([a], [b]) => this.#numbers.compare(a, b))
      .map(([operation, counts]) => ({
        ...this.#numbers.keyOf(operation),
        counts: [...counts].sort(([a], [b]) => a - b),
      }));
  }
}

/** The whole request: the first root whose parent is not missing, else the first of all; −1 without any. */
function requestIn({ size, parent, missingParents }: SpanTree): number {
  let first = -1;
  for (let span = 0; span < size; span++) {
    if (parent[span] !== -1) continue;
    if (!missingParents.has(span)) return span;
    if (first === -1) first = span;
  }
  return first;
}
