import { stringAttribute } from '../model/attributes.ts';
import { type Resource, SPAN_KINDS } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import type { SpanVocabulary } from '../model/span-vocabulary.ts';
import type { PathMemory } from './path-memory.ts';
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
export function pathEdges(
  { spans, parent, size }: PathTree,
  clocks: Clocks,
  { edges }: PathMemory,
): Uint8Array {
  for (let child = 0; child < size; child++) {
    const above = parent[child] ?? -1;
    if (above === -1) edges[child] = 0;
    else if (above < spans.size && child < spans.size) {
      edges[child] = edgeBetween(spans, above, child, clocks);
    } else edges[child] = EDGE.crossing | EDGE.lost;
  }
  return edges;
}

const UNSPECIFIED = SPAN_KINDS.indexOf('unspecified');
const SERVER = SPAN_KINDS.indexOf('server');
const CLIENT = SPAN_KINDS.indexOf('client');
const PRODUCER = SPAN_KINDS.indexOf('producer');
const CONSUMER = SPAN_KINDS.indexOf('consumer');

function edgeBetween(spans: SpanTree, above: number, child: number, clocks: Clocks): number {
  const from = spans.kind[above];
  const to = spans.kind[child];
  const isCrossing = (from === CLIENT && to === SERVER) || clocks.differ(spans, above, child);
  const crossing = isCrossing ? EDGE.crossing : 0;
  const isMessage = to === CONSUMER && (from === PRODUCER || isCrossing);
  if (isMessage || spans.follows[child] === 1) return crossing | EDGE.async;
  const isRpc =
    isCrossing &&
    (from === CLIENT || from === UNSPECIFIED) &&
    (to === SERVER || to === UNSPECIFIED);
  return crossing | (isRpc ? EDGE.rpc : 0);
}

/** Best first. `ip` is what Jaeger's clients put on their process. */
const HOST_KEYS = ['host.id', 'host.name', 'ip'] as const;

/** What a resource says of its host, by position in `HOST_KEYS`. */
type HostNames = readonly (string | null)[];

const NO_NAMES: HostNames = [];

/** Whether two spans were timed by different clocks. Remembers what each resource says of its host. */
export class Clocks {
  #vocabulary: SpanVocabulary | null = null;
  /** By resource of the vocabulary. */
  #hosts: (HostNames | undefined)[] = [];

  differ(spans: SpanTree, a: number, b: number): boolean {
    const ofA = this.#host(spans, a);
    const ofB = this.#host(spans, b);
    for (let i = 0; i < HOST_KEYS.length; i++) {
      const nameA = ofA[i] ?? null;
      const nameB = ofB[i] ?? null;
      if (nameA !== null && nameB !== null) return nameA !== nameB;
    }
    const addressA = addressOf(spans, a);
    const addressB = addressOf(spans, b);
    if (addressA !== null && addressB !== null) return addressA !== addressB;
    const { operations } = spans.vocabulary;
    const serviceOf = (span: number) => operations[spans.operation[span] ?? -1]?.service;
    return serviceOf(a) !== serviceOf(b);
  }

  #host({ vocabulary, resource }: SpanTree, span: number): HostNames {
    if (vocabulary !== this.#vocabulary) {
      this.#vocabulary = vocabulary;
      this.#hosts = [];
    }
    const number = resource[span] ?? -1;
    let names = this.#hosts[number];
    if (names === undefined) {
      const found = vocabulary.resources[number];
      names = found === undefined ? NO_NAMES : hostNames(found);
      this.#hosts[number] = names;
    }
    return names;
  }
}

function hostNames({ attributes }: Resource): HostNames {
  return HOST_KEYS.map((key) => {
    const name = stringAttribute(attributes, key);
    return name !== null && isLoopback(name) ? null : name;
  });
}

function addressOf({ addresses }: SpanTree, span: number): string | null {
  const address = addresses?.[span] ?? null;
  return address === null || isLoopback(address) ? null : address;
}

/** These name a host only for itself. */
function isLoopback(name: string): boolean {
  return name.startsWith('127.') || name === '::1' || name === 'localhost';
}
