import { criticalPath } from '../analysis/critical-path.ts';
import { DurationSamples } from '../analysis/duration-samples.ts';
import { selfTimes } from '../analysis/self-time.ts';
import { compareGroups, groupId } from '../analysis/span-grouping.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { Evidence } from './evidence.ts';
import { OperationNumbers } from './operation-numbers.ts';
import { OperationSamples } from './operation-samples.ts';
import { PathLedger } from './path-ledger.ts';
import type { CallCounts, OperationName, RequestProfile, RunProfile } from './run-profile.ts';
import { TraceFeatures } from './trace-features.ts';
import { requestOf } from './trace-view.ts';

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
  #traces = 0;
  #spans = 0;

  add(trace: Trace): void {
    const root = requestOf(trace);
    if (root === null) return;
    this.#traces += 1;
    this.#spans += trace.nodes.length;
    const operations = this.#operationsOf(trace);
    const request = this.#requestOf(operations[root.index] ?? 0);
    this.#samples.addRequest(operations[root.index] ?? 0);
    this.#samples.add(trace.nodes, operations, selfTimes(trace), (operation, calls) =>
      request.addCalls(operation, calls),
    );
    request.add(trace, root, operations);
  }

  /** A number for each node, by node index. The array is the next trace's too. */
  #operationsOf({ nodes }: Trace): Int32Array {
    if (this.#operations.length < nodes.length) this.#operations = new Int32Array(2 * nodes.length);
    for (const node of nodes) this.#operations[node.index] = this.#numbers.numberOf(node);
    return this.#operations;
  }

  #requestOf(operation: number): Request {
    const known = this.#requestByOperation.get(operation);
    if (known !== undefined) return known;
    const { service, name } = this.#numbers.keyOf(operation);
    const id = groupId({ service, name });
    const request = this.#requests.get(id) ?? new Request({ service, name }, this.#numbers);
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
  readonly #paths: PathLedger;
  readonly #features: TraceFeatures;
  /** By operation: in how many traces it is called so often. */
  readonly #calls = new Map<number, Map<number, number>>();
  #traces = 0;
  #failed = 0;

  constructor(name: OperationName, numbers: OperationNumbers) {
    this.#name = name;
    this.#numbers = numbers;
    this.#paths = new PathLedger(numbers);
    this.#features = new TraceFeatures(numbers);
  }

  add(trace: Trace, root: TraceNode, operations: Int32Array): void {
    this.#traces += 1;
    this.#failed += Number(root.span.statusCode === 'error');
    this.#durations.push(root.span.durationNs);
    this.#evidence.add(root.span.durationNs, root.span);
    this.#features.add(trace, operations);
    if (this.#paths.wants(trace)) this.#paths.add(trace, criticalPath(trace), operations);
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
