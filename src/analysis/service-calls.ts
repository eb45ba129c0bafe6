import { type Span, UNKNOWN_SERVICE } from '../model/span.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { conceptText } from './attribute-concepts.ts';
import { type CallRole, callRoles } from './call-roles.ts';
import { type DependencyNames, type DependencyNodeId, serviceId } from './dependency-names.ts';

/** How two nodes are connected: `entry` comes from outside the data set, `external` goes there. */
export type DependencyType = 'rpc' | 'entry' | 'database' | 'messaging' | 'external';

/** Why a call is known without a client span and a server span that say so together. */
export type InferredReason = 'no-client-span' | 'service-change' | 'peer-attribute';

/** One call between two nodes. */
export interface ServiceCall {
  readonly source: DependencyNodeId;
  readonly target: DependencyNodeId;
  readonly type: DependencyType;
  /** The caller's span, null when there is none. May be of another trace if a message's consumer links to it. */
  readonly client: Span | null;
  /** The span of the called side, null when there is none. */
  readonly server: Span | null;
  /** The span that shows the call. */
  readonly witness: Span;
  readonly inferred: InferredReason | null;
}

/** What could not be told, and what was left out. */
interface DependencyGaps {
  /** Spans whose parent is not in the data: their callers are unknown. */
  missingParents: number;
  /** Calls left out because one side's service has no name. */
  unknownService: number;
  /** Client and producer spans that name no other side, and received messages that name no broker. */
  unresolvedClients: number;
  /** Spans that acknowledge messages; they are not calls. */
  settleSpans: number;
}

/** The calls of one trace while they are being found. */
export interface CallSearch {
  readonly trace: Trace;
  readonly names: DependencyNames;
  /** By `TraceNode.index`. */
  readonly roles: readonly CallRole[];
  /** By `TraceNode.index`: clients and producers whose call is known from the other side. */
  readonly matched: boolean[];
  readonly calls: ServiceCall[];
  /** Spans that took a call or a message, whether its other side is known or not. */
  readonly received: TraceNode[];
  readonly gaps: DependencyGaps;
}

export function startSearch(trace: Trace, names: DependencyNames): CallSearch {
  return {
    trace,
    names,
    roles: callRoles(trace.nodes, names),
    matched: trace.nodes.map(() => false),
    calls: [],
    received: [],
    gaps: { missingParents: 0, unknownService: 0, unresolvedClients: 0, settleSpans: 0 },
  };
}

/** Adds a call, unless one of its sides is a service without a name. */
export function addCall(search: CallSearch, call: ServiceCall): void {
  if (isUnknown(call.source) || isUnknown(call.target)) search.gaps.unknownService++;
  else search.calls.push(call);
}

const UNKNOWN_ID: DependencyNodeId = `service:${UNKNOWN_SERVICE}`;

function isUnknown(id: DependencyNodeId): boolean {
  return id === UNKNOWN_ID;
}

/** The calls that are seen from the called side: server spans, and children in another service. */
export function findReceivedCalls(search: CallSearch): void {
  const { nodes } = search.trace;
  search.gaps.missingParents += nodes.filter((node) => node.missingParent !== null).length;
  const entrances = findEntrances(search);
  const absorbed = findAbsorbed(search);
  for (const node of nodes) {
    const role = search.roles[node.index];
    if (role === 'server') addServerCall(search, node, entrances);
    else if (role !== 'receive' && role !== 'settle' && absorbed[node.index] !== true) {
      addServiceChange(search, node);
    }
  }
}

/**
 * Frameworks wrap a server span in local spans of its own service (filters, routers). For every span the outermost of the
 * local spans of its service that lead up from it, itself included: that is where a call came in. Parents precede their
 * children in `Trace.nodes`, so that one pass does.
 */
function findEntrances(search: CallSearch): readonly TraceNode[] {
  const entrances: TraceNode[] = [];
  for (const node of search.trace.nodes) {
    const { parent } = node;
    const isInside = parent !== null && isWrapper(search, parent, node);
    entrances.push(isInside ? (entrances[parent.index] ?? parent) : node);
  }
  return entrances;
}

function isWrapper({ roles, names }: CallSearch, outer: TraceNode, inner: TraceNode): boolean {
  return roles[outer.index] === 'local' && names.isSame(outer.service, inner.service);
}

/** The local spans around a server span: the call that enters through them is counted at the server span alone. */
function findAbsorbed(search: CallSearch): readonly boolean[] {
  const { nodes } = search.trace;
  const absorbed = nodes.map(() => false);
  for (const node of nodes.toReversed()) {
    const { index, parent } = node;
    const leadsToServer = search.roles[index] === 'server' || absorbed[index] === true;
    if (leadsToServer && parent !== null && isWrapper(search, parent, node)) {
      absorbed[parent.index] = true;
    }
  }
  return absorbed;
}

function addServerCall(
  search: CallSearch,
  server: TraceNode,
  entrances: readonly TraceNode[],
): void {
  search.received.push(server);
  if (server.parent === null) {
    addEntry(search, server);
    return;
  }
  // A server span under a local root is called by the program itself, a health check for example.
  const caller = entrances[server.index]?.parent ?? null;
  if (caller === null) return;
  const isCaller = makesCalls(search, caller);
  if (isCaller) search.matched[caller.index] = true;
  else if (search.names.isSame(caller.service, server.service)) return;
  addCall(search, {
    source: serviceId(caller.service),
    target: serviceId(server.service),
    type: 'rpc',
    client: isCaller ? caller.span : null,
    server: server.span,
    witness: server.span,
    inferred: isCaller ? null : 'no-client-span',
  });
}

function makesCalls({ roles }: CallSearch, { index, span }: TraceNode): boolean {
  const role = roles[index];
  return role === 'client' || role === 'producer' || span.kind === 'client';
}

/** A call from outside. Where the caller is only missing from the data, it is not made up unless the server names it. */
function addEntry(search: CallSearch, server: TraceNode): void {
  const isMissing = server.missingParent !== null;
  const peer = conceptText(server.span.attributes, 'peerService');
  if (isMissing && peer === null) return;
  addCall(search, {
    source: peer === null ? 'user' : search.names.peer(peer),
    target: serviceId(server.service),
    type: 'entry',
    client: null,
    server: server.span,
    witness: server.span,
    inferred: isMissing ? 'peer-attribute' : null,
  });
}

/**
 * Old data has no span kinds: a child in another service was called all the same. Of a child that is itself a caller neither
 * duration nor outcome are those of the call, and the span of a producer is over when the message is handed over.
 */
function addServiceChange(search: CallSearch, node: TraceNode): void {
  const { parent } = node;
  if (parent === null || search.names.isSame(parent.service, node.service)) return;
  const isAnswered = !makesCalls(search, node);
  const isCaller = makesCalls(search, parent);
  if (isCaller) search.matched[parent.index] = true;
  if (isAnswered) search.received.push(node);
  addCall(search, {
    source: serviceId(parent.service),
    target: serviceId(node.service),
    type: 'rpc',
    client: isCaller && parent.span.kind !== 'producer' ? parent.span : null,
    server: isAnswered ? node.span : null,
    witness: node.span,
    inferred: 'service-change',
  });
}
