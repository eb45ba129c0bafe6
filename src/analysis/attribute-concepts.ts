import type { Attributes, AttributeValue } from '../model/attributes.ts';
import { haveShape } from '../model/shaped-attributes.ts';
import { shapeFacts } from './shape-facts.ts';

/**
 * What analyses ask of a span, and the keys that have carried it over the years, newest first. Stored attributes are never
 * rewritten, so that a look-up goes through here. From OpenTelemetry's semantic conventions 1.44 and their list of renames,
 * plus the spellings of OpenTracing, Zipkin and Brave.
 */
const KEYS = {
  httpMethod: ['http.request.method', 'http.method'],
  httpStatus: ['http.response.status_code', 'http.status_code'],
  grpcStatus: ['rpc.status_code', 'rpc.response.status_code', 'rpc.grpc.status_code'],
  /** A whole URL; a call without one may have its parts. */
  url: ['url.full', 'http.url'],
  urlHost: ['server.address', 'http.host', 'net.peer.name', 'peer.hostname'],
  urlPath: ['url.path', 'http.target'],
  urlQuery: ['url.query'],
  /** The URL's path as the code knows it, without values. */
  route: ['url.template', 'http.route'],
  rpc: ['rpc.system.name', 'rpc.system', 'rpc.method', 'rpc.service'],
  databaseStatement: ['db.query.text', 'db.statement', 'sql.query'],
  databaseOperation: ['db.operation.name', 'db.operation'],
  databaseTable: [
    'db.collection.name',
    'db.sql.table',
    'db.mongodb.collection',
    'db.cassandra.table',
  ],
  databaseSystem: ['db.system.name', 'db.system', 'db.type'],
  messagingSystem: ['messaging.system'],
  messagingDestination: [
    'messaging.destination.template',
    'messaging.destination.name',
    'messaging.destination',
  ],
  messagingOperation: ['messaging.operation.type', 'messaging.operation'],
  peerService: ['service.peer.name', 'peer.service'],
  /** What to call a database, best name first. */
  databaseName: [
    'service.peer.name',
    'peer.service',
    'db.namespace',
    'db.name',
    'server.address',
    'net.peer.name',
    'network.peer.address',
    'net.sock.peer.addr',
    'net.peer.ip',
  ],
  /** What to call the other side of a call that is neither a database nor a broker, best name first. */
  calledName: [
    'service.peer.name',
    'peer.service',
    'server.address',
    'net.peer.name',
    'peer.hostname',
    'http.host',
    'network.peer.address',
    'net.sock.peer.addr',
    'net.peer.ip',
    'peer.address',
    'rpc.service',
  ],
  peerPort: [
    'server.port',
    'net.peer.port',
    'network.peer.port',
    'net.sock.peer.port',
    'peer.port',
  ],
} as const satisfies Record<string, readonly string[]>;

export type AttributeConcept = keyof typeof KEYS;

/** A concept's text and the key that it was found under. */
export interface ConceptText {
  readonly key: string;
  readonly text: string;
}

const CONCEPTS = Object.keys(KEYS) as AttributeConcept[];

/** For each concept the positions of those of its keys that a shape has, best first. */
const positionsOf = shapeFacts((shape) => {
  const positions: Partial<Record<AttributeConcept, readonly number[]>> = {};
  for (const concept of CONCEPTS) {
    positions[concept] = KEYS[concept]
      .map((key) => shape.positionOf(key))
      .filter((position) => position !== -1);
  }
  return positions;
});

const NO_POSITIONS: readonly number[] = [];

/**
 * The first of the concept's keys that holds a non-empty string, or an integer (as decimal digits); null when none does.
 * An empty string says nothing, so that the next spelling is tried.
 */
export function findConcept(attributes: Attributes, concept: AttributeConcept): ConceptText | null {
  if (!haveShape(attributes)) return findByKeys(attributes, concept);
  const { shape } = attributes;
  for (const position of positionsOf(shape)[concept] ?? NO_POSITIONS) {
    const text = scalarText(attributes.valueAt(position));
    if (text !== '') return { key: shape.keys[position] ?? '', text };
  }
  return null;
}

function findByKeys(attributes: Attributes, concept: AttributeConcept): ConceptText | null {
  for (const key of KEYS[concept]) {
    const text = scalarText(attributes.get(key));
    if (text !== '') return { key, text };
  }
  return null;
}

/** The text of `findConcept`, or null. */
export function conceptText(attributes: Attributes, concept: AttributeConcept): string | null {
  if (!haveShape(attributes)) return findByKeys(attributes, concept)?.text ?? null;
  for (const position of positionsOf(attributes.shape)[concept] ?? NO_POSITIONS) {
    const text = scalarText(attributes.valueAt(position));
    if (text !== '') return text;
  }
  return null;
}

function scalarText(value: AttributeValue | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : '';
}

/** All keys that have carried the concept, newest first. */
export function conceptKeys(concept: AttributeConcept): readonly string[] {
  return KEYS[concept];
}

const DIGITS = /^\d{1,9}$/;

/** The keys of HTTP's and gRPC's status codes. */
export const STATUS_KEYS: readonly string[] = [...KEYS.httpStatus, ...KEYS.grpcStatus];

/** The HTTP status code as an integer or a decimal string gives it; null when there is none or it is something else. */
export function httpStatus(attributes: Attributes): number | null {
  const text = conceptText(attributes, 'httpStatus');
  return text !== null && DIGITS.test(text) ? Number(text) : null;
}

/** gRPC's status codes in the order of their numbers. */
const GRPC_CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** The gRPC status code's number, given as a number or by name (`DEADLINE_EXCEEDED`); null when there is none. */
export function grpcStatus(attributes: Attributes): number | null {
  const text = conceptText(attributes, 'grpcStatus');
  if (text === null) return null;
  if (DIGITS.test(text)) return Number(text);
  const code = GRPC_CODES.indexOf(text.toUpperCase());
  return code === -1 ? null : code;
}

/** What a messaging span does to its message; `publish` and `deliver` are the old names of send and process. */
export type MessagingOperation = 'create' | 'send' | 'receive' | 'process' | 'settle';

const MESSAGING_OPERATIONS: ReadonlyMap<string, MessagingOperation> = new Map([
  ['create', 'create'],
  ['send', 'send'],
  ['publish', 'send'],
  ['receive', 'receive'],
  ['process', 'process'],
  ['deliver', 'process'],
  ['settle', 'settle'],
]);

/** The messaging operation of a span, null when it names none that the conventions know. */
export function messagingOperation(attributes: Attributes): MessagingOperation | null {
  const text = conceptText(attributes, 'messagingOperation');
  return text === null ? null : (MESSAGING_OPERATIONS.get(text) ?? null);
}
