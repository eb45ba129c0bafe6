import { stringAttribute } from '../model/attributes.ts';
import type { Resource, Span } from '../model/span.ts';
import type { TraceNode } from '../model/trace.ts';
import type { PathTree } from './path-tree.ts';

/** Bits of what an edge from a parent to a child is; of a root, 0. */
export const EDGE = {
  /** Parent and child are timed by different clocks, or are the two sides of a call. */
  crossing: 1,
  /** The parent does not wait for the child: it only follows from it, or it consumes a message. */
  async: 2,
  /** A call across clocks, as far as the kinds say. */
  rpc: 4,
  /** From or to a placeholder. */
  lost: 8,
} as const;

/**
 * The edge above every span, by its number. `crossing` from client to server, else when the clocks differ: the host's id, name
 * or address where both spans have it, else the service. An edge at a placeholder crosses and is nothing else, since nobody
 * knows what the lost span was.
 */
export function pathEdges(tree: PathTree): Uint8Array {
  const edges = new Uint8Array(tree.size);
  const clocks = new Clocks();
  for (const child of tree.order) {
    const above = tree.parent[child] ?? -1;
    if (above === -1) continue;
    const c = tree.nodes[child];
    const p = tree.nodes[above];
    edges[child] = p && c ? edgeBetween(p, c, clocks) : EDGE.crossing | EDGE.lost;
  }
  return edges;
}

function edgeBetween(p: TraceNode, c: TraceNode, clocks: Clocks): number {
  const from = p.span.kind;
  const to = c.span.kind;
  const isCrossing = (from === 'client' && to === 'server') || clocks.differ(p, c);
  const crossing = isCrossing ? EDGE.crossing : 0;
  if (c.relation === 'follows-from' || (to === 'consumer' && (from === 'producer' || isCrossing))) {
    return crossing | EDGE.async;
  }
  const isRpc =
    isCrossing &&
    (from === 'client' || from === 'unspecified') &&
    (to === 'server' || to === 'unspecified');
  return crossing | (isRpc ? EDGE.rpc : 0);
}

/** Best first. `ip` is what Jaeger's clients put on their process. */
const HOST_KEYS = ['host.id', 'host.name', 'ip'] as const;

/** What a resource says of its host, by position in `HOST_KEYS`. */
type HostNames = readonly (string | null)[];

/** Whether two spans were timed by different clocks. Remembers what each resource says of its host. */
class Clocks {
  readonly #hostOf = new Map<Resource, HostNames>();

  differ(a: TraceNode, b: TraceNode): boolean {
    const [ofA, ofB] = [this.#host(a.span.resource), this.#host(b.span.resource)];
    for (let i = 0; i < HOST_KEYS.length; i++) {
      const [nameA, nameB] = [ofA[i] ?? null, ofB[i] ?? null];
      if (nameA !== null && nameB !== null) return nameA !== nameB;
    }
    const [addressA, addressB] = [zipkinAddress(a.span), zipkinAddress(b.span)];
    if (addressA !== null && addressB !== null) return addressA !== addressB;
    return a.service !== b.service;
  }

  #host(resource: Resource): HostNames {
    const known = this.#hostOf.get(resource);
    if (known) return known;
    const names = HOST_KEYS.map((key) => {
      const name = stringAttribute(resource.attributes, key);
      return name !== null && isLoopback(name) ? null : name;
    });
    this.#hostOf.set(resource, names);
    return names;
  }
}

/** Zipkin's spans say their own address themselves; their resource has only the service. */
function zipkinAddress(span: Span): string | null {
  if (!span.origin.format.startsWith('zipkin')) return null;
  const address = stringAttribute(span.attributes, 'network.local.address');
  return address === null || isLoopback(address) ? null : address;
}

/** These name a host only for itself. */
function isLoopback(name: string): boolean {
  return name.startsWith('127.') || name === '::1' || name === 'localhost';
}
