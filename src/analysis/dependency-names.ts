import type { Attributes } from '../model/attributes.ts';
import {
  type AttributeConcept,
  type ConceptText,
  conceptText,
  findConcept,
} from './attribute-concepts.ts';
import { rememberTexts } from './remember-texts.ts';

/** What a node of the dependency graph stands for; `user` is whoever calls from outside without saying who. */
export const DEPENDENCY_NODE_TYPES = [
  'user',
  'external',
  'service',
  'messaging',
  'database',
] as const;
export type DependencyNodeType = (typeof DEPENDENCY_NODE_TYPES)[number];

/**
 * A node's identity: `service:<service.name>`, `database:<system>[/<name>]`, `messaging:<system>[/<destination>]`,
 * `external:<host or name>`, or `user`.
 */
export type DependencyNodeId = 'user' | `${Exclude<DependencyNodeType, 'user'>}:${string}`;

const databaseId = rememberTexts((name): DependencyNodeId => `database:${name}`);

/** How names are compared and written. */
export interface NamingRules {
  /** Names of all services of the data set, also of traces that are not part of the analysis. */
  readonly knownServices: Iterable<string>;
  /** Zipkin servers write all names in lower case, so that with Zipkin data `Web` and `web` are one. */
  readonly caseInsensitive: boolean;
  /** Whether an address keeps its port: `external:cache:6379`. */
  readonly ports: boolean;
}

/** Keys whose value is an address, to which a port belongs. */
const ADDRESS_KEYS: ReadonlySet<string> = new Set([
  'server.address',
  'net.peer.name',
  'peer.hostname',
  'http.host',
  'network.peer.address',
  'net.sock.peer.addr',
  'net.peer.ip',
  'peer.address',
]);

/** `host:8080` or `[::1]:8080`, but not a bare IPv6 address. */
const HOST_AND_PORT = /^([^:[\]]+|\[[^\]]+\]):(\d{1,5})$/;

const SERVICE_IDS = rememberTexts((name): DependencyNodeId => `service:${name}`);

/** The id of a service: the same string every time, which maps find faster than one that is put together anew. */
export function serviceId(name: string): DependencyNodeId {
  return SERVICE_IDS(name);
}

/** Names the nodes of the dependency graph. */
export class DependencyNames {
  readonly #known: ReadonlySet<string>;
  readonly #rules: NamingRules;

  constructor(rules: NamingRules) {
    this.#rules = rules;
    this.#known = new Set(Array.from(rules.knownServices, (name) => this.fold(name)));
  }

  /** Equal for names that are the same. */
  fold(name: string): string {
    return this.#rules.caseInsensitive ? name.toLowerCase() : name;
  }

  isSame(a: string, b: string): boolean {
    return a === b || this.fold(a) === this.fold(b);
  }

  isKnownService(name: string): boolean {
    return this.#known.has(this.fold(name));
  }

  /** The service of that name if the data set has one, else something outside. */
  peer(name: string): DependencyNodeId {
    return this.isKnownService(name) ? serviceId(name) : `external:${name}`;
  }

  /** The database that a call with these attributes goes to; null when it is not one to a database. */
  database(attributes: Attributes): DependencyNodeId | null {
    const system = conceptText(attributes, 'databaseSystem');
    if (system === null) return null;
    const name = this.#address(attributes, 'databaseName');
    return name === null ? `database:${system}` : databaseId(`${system}/${name}`);
  }

  /** The other side of a call that is neither a database nor a broker, as its client names it; null when it does not. */
  called(attributes: Attributes): string | null {
    return this.#address(attributes, 'calledName');
  }

  #address(attributes: Attributes, concept: AttributeConcept): string | null {
    const found = findConcept(attributes, concept);
    if (found === null || !ADDRESS_KEYS.has(found.key)) return found?.text ?? null;
    return this.#withPort(found, attributes);
  }

  #withPort({ text }: ConceptText, attributes: Attributes): string {
    const [, host = text, port = conceptText(attributes, 'peerPort')] =
      HOST_AND_PORT.exec(text) ?? [];
    return this.#rules.ports && port !== null ? `${host}:${port}` : host;
  }
}

/** The queue or topic of a messaging span; null when it names neither system, destination nor peer. */
export function brokerNode(attributes: Attributes): DependencyNodeId | null {
  const system = conceptText(attributes, 'messagingSystem');
  const destination = destinationName(attributes);
  if (destination !== null) return `messaging:${system ?? 'unknown'}/${destination}`;
  const name = system ?? conceptText(attributes, 'peerService');
  return name === null ? null : `messaging:${name}`;
}

/** Temporary and anonymous destinations share one name: theirs are made up, a new one for each client. */
function destinationName(attributes: Attributes): string | null {
  const isMadeUp = ['messaging.destination.temporary', 'messaging.destination.anonymous'].some(
    (key) => attributes.get(key) === true || attributes.get(key) === 'true',
  );
  return isMadeUp ? '(temporary)' : conceptText(attributes, 'messagingDestination');
}

/** The type of a node, from its id. */
export function nodeType(id: DependencyNodeId): DependencyNodeType {
  const [type = ''] = id.split(':', 1);
  return DEPENDENCY_NODE_TYPES.find((known) => known === type) ?? 'external';
}

/** A node's id without its type, e.g. `postgresql/orders`. */
export function nodeName(id: DependencyNodeId): string {
  return NAMES(id);
}

const NAMES = rememberTexts((id) => (id === 'user' ? id : id.slice(id.indexOf(':') + 1)));
