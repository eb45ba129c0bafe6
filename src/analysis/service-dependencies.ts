import type { TraceId } from '../model/ids.ts';
import type { Trace } from '../model/trace.ts';
import { type DependencyEdge, EdgeCalls, type TraceOfCall } from './dependency-edge.ts';
import { DependencyNames } from './dependency-names.ts';
import { compareText, type DependencyNode, NodeCalls } from './dependency-node.ts';
import { type FindSpan, findSentCalls, findSentCallsAcrossBrokers } from './sent-calls.ts';
import {
  type DependencyType,
  findReceivedCalls,
  type ServiceCall,
  startSearch,
} from './service-calls.ts';

/** Who calls whom: services, databases, queues and what is outside. */
export interface ServiceDependencies {
  /** By id. Every service of the data, also those without calls. */
  readonly nodes: readonly DependencyNode[];
  /** By source, target and type. */
  readonly edges: readonly DependencyEdge[];
  readonly stats: DependencyStats;
}

/** What could not be told, and what was left out. */
interface DependencyStats {
  /** Spans whose parent is not in the data. */
  readonly missingParents: number;
  /** Calls left out because one side's service has no name. */
  readonly unknownService: number;
  /** Client and producer spans that name no other side, and received messages that name no broker. */
  readonly unresolvedClients: number;
  /** Spans that acknowledge messages. */
  readonly settleSpans: number;
  /** Calls whose server took longer than its client; left out of `network`. */
  readonly negativeNetwork: number;
  /** Messages received before they were sent; left out of `queue`. */
  readonly negativeQueue: number;
}

export interface DependencyOptions {
  /** Names of all services of the data set: a peer of that name is that service. */
  readonly knownServices: Iterable<string>;
  /** When any of the data is Zipkin's, whose servers write names in lower case. A node shows its first spelling by code unit. */
  readonly caseInsensitive?: boolean;
  /** Adds ports to the names of databases and external hosts. */
  readonly ports?: boolean;
  /** Leaves brokers out and connects services that exchange messages; else every queue and topic is a node. */
  readonly collapseMessaging?: CollapseMessaging;
}

interface CollapseMessaging {
  /** Finds the spans of other traces that a consumer links to. Links within the trace need no help. */
  readonly findSpan: FindSpan;
}

/** Collects traces; each must be added once and whole. The result does not depend on their order. */
export interface DependencyAccumulator {
  add(trace: Trace): void;
  /** Of the traces so far. */
  result(): ServiceDependencies;
}

/**
 * The calls between services, aggregated. Server spans decide: a call is one server span with the client span above it, however
 * many local spans lie between. Clients without a server lead to databases, brokers, or outside. Keeps 8 bytes a duration.
 */
export function serviceDependencies(options: DependencyOptions): DependencyAccumulator {
  return new Accumulator(options);
}

interface Edge {
  readonly source: string;
  readonly target: string;
  readonly type: DependencyType;
  readonly calls: EdgeCalls;
}

class Accumulator implements DependencyAccumulator {
  readonly #names: DependencyNames;
  readonly #collapse: CollapseMessaging | null;
  readonly #traceIds: TraceId[] = [];
  readonly #nodes: NodeCalls;
  readonly #edges: Edge[] = [];
  /** Those between two nodes, by source and target: joining the texts of a key costs more than two look-ups. */
  readonly #bySource = new Map<string, Map<string, Edge[]>>();
  /** Edges of the trace that is being added. */
  readonly #touched = new Set<EdgeCalls>();
  readonly #stats = {
    missingParents: 0,
    unknownService: 0,
    unresolvedClients: 0,
    settleSpans: 0,
    negativeNetwork: 0,
    negativeQueue: 0,
  };

  constructor(options: DependencyOptions) {
    this.#names = new DependencyNames({
      knownServices: options.knownServices,
      caseInsensitive: options.caseInsensitive ?? false,
      ports: options.ports ?? false,
    });
    this.#nodes = new NodeCalls(this.#names);
    this.#collapse = options.collapseMessaging ?? null;
  }

  add(trace: Trace): void {
    const search = startSearch(trace, this.#names);
    findReceivedCalls(search);
    if (this.#collapse === null) findSentCalls(search);
    else findSentCallsAcrossBrokers(search, this.#collapse.findSpan);
    const number = this.#traceIds.push(trace.traceId) - 1;
    for (const call of search.calls) this.#addCall(call, { number, traceId: trace.traceId });
    for (const calls of this.#touched) calls.endTrace();
    this.#touched.clear();
    for (const node of trace.nodes) this.#nodes.addService(node.service);
    for (const node of search.received) this.#nodes.addReceived(node);
    this.#stats.missingParents += search.gaps.missingParents;
    this.#stats.unknownService += search.gaps.unknownService;
    this.#stats.unresolvedClients += search.gaps.unresolvedClients;
    this.#stats.settleSpans += search.gaps.settleSpans;
  }

  #addCall(call: ServiceCall, trace: TraceOfCall): void {
    const source = this.#nodes.addNode(call.source);
    const target = this.#nodes.addNode(call.target);
    if (!call.target.startsWith('service:')) this.#nodes.addCallOutside(target, call);
    const { calls } = this.#edgeOf(source, target, call.type);
    calls.add(call, trace, this.#stats);
    this.#touched.add(calls);
  }

  #edgeOf(source: string, target: string, type: DependencyType): Edge {
    let ofSource = this.#bySource.get(source);
    if (ofSource === undefined) {
      ofSource = new Map();
      this.#bySource.set(source, ofSource);
    }
    let between = ofSource.get(target);
    if (between === undefined) {
      between = [];
      ofSource.set(target, between);
    }
    for (const edge of between) if (edge.type === type) return edge;
    const edge = { source, target, type, calls: new EdgeCalls() };
    between.push(edge);
    this.#edges.push(edge);
    return edge;
  }

  result(): ServiceDependencies {
    const edges = this.#edges.map(({ source, target, type, calls }) => ({
      source: this.#nodes.idOf(source),
      target: this.#nodes.idOf(target),
      type,
      ...calls.figures(this.#traceIds),
    }));
    return {
      nodes: this.#nodes.figures(),
      edges: edges.sort(
        (a, b) =>
          compareText(a.source, b.source) ||
          compareText(a.target, b.target) ||
          compareText(a.type, b.type),
      ),
      stats: { ...this.#stats },
    };
  }
}
