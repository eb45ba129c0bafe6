import { UNKNOWN_SERVICE } from '../model/span.ts';
import type { TraceNode } from '../model/trace.ts';
import { type CallDurations, callDurations } from './call-durations.ts';
import { knownDuration } from './dependency-edge.ts';
import {
  type DependencyNames,
  type DependencyNodeId,
  type DependencyNodeType,
  nodeName,
  nodeType,
  serviceId,
} from './dependency-names.ts';
import { DurationSamples } from './duration-samples.ts';
import type { ServiceCall } from './service-calls.ts';

/** A service, or something that services call. */
export interface DependencyNode {
  readonly id: DependencyNodeId;
  readonly type: DependencyNodeType;
  /** The id without its type. */
  readonly name: string;
  /**
   * Of a service: its server spans and received messages, and spans that were called without being server spans. Of a database,
   * broker or external node: calls to it. Calls made by it are not among them, so that `user` has none.
   */
  readonly calls: number;
  /** Those of them that failed on this side; of a node without spans of its own, as its callers saw it. */
  readonly errors: number;
  /** How long those took, measured on the same side. */
  readonly durations: CallDurations;
}

class Received {
  calls = 0;
  errors = 0;
  readonly durations = new DurationSamples();
}

/** Adds up what each node received, and remembers how it is written. */
export class NodeCalls {
  readonly #names: DependencyNames;
  readonly #services = new Set<string>();
  /** By folded id. */
  readonly #spellings = new Map<string, DependencyNodeId>();
  readonly #received = new Map<string, Received>();

  constructor(names: DependencyNames) {
    this.#names = names;
  }

  /** There is such a service; one without a name is none. */
  addService(service: string): void {
    if (service === UNKNOWN_SERVICE || this.#services.has(service)) return;
    this.#services.add(service);
    this.addNode(serviceId(service));
  }

  /** There is such a node; its folded id. Of several spellings the first by code unit stays. */
  addNode(id: DependencyNodeId): string {
    const folded = this.#names.fold(id);
    const spelling = this.#spellings.get(folded);
    if (spelling === undefined || id < spelling) this.#spellings.set(folded, id);
    return folded;
  }

  /** A span of a service took a call or a message. */
  addReceived({ service, span }: TraceNode): void {
    if (service === UNKNOWN_SERVICE) return;
    const received = this.#of(this.addNode(serviceId(service)));
    received.calls++;
    if (span.statusCode === 'error') received.errors++;
    const durationNs = knownDuration(span);
    if (durationNs !== null) received.durations.push(durationNs);
  }

  /** A node without spans of its own was called. */
  addCallOutside(folded: string, { client }: ServiceCall): void {
    const received = this.#of(folded);
    received.calls++;
    if (client?.statusCode === 'error') received.errors++;
    const durationNs = knownDuration(client);
    if (durationNs !== null) received.durations.push(durationNs);
  }

  #of(folded: string): Received {
    const received = this.#received.get(folded) ?? new Received();
    this.#received.set(folded, received);
    return received;
  }

  /** How a folded id is written. */
  idOf(folded: string): DependencyNodeId {
    const id = this.#spellings.get(folded);
    if (id === undefined) throw new RangeError(`no node ${folded}`);
    return id;
  }

  /** All nodes by id. */
  figures(): DependencyNode[] {
    const nodes = Array.from(this.#spellings, ([folded, id]) => {
      const { calls, errors, durations } = this.#received.get(folded) ?? new Received();
      return {
        id,
        type: nodeType(id),
        name: nodeName(id),
        calls,
        errors,
        durations: callDurations(durations.sorted()),
      };
    });
    return nodes.sort((a, b) => compareText(a.id, b.id));
  }
}

/** By code unit. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
