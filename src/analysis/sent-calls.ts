import type { SpanId, TraceId } from '../model/ids.ts';
import { type Span, serviceName } from '../model/span.ts';
import type { TraceNode } from '../model/trace.ts';
import { conceptText, messagingOperation } from './attribute-concepts.ts';
import { brokerNode, serviceId } from './dependency-names.ts';
import { addCall, type CallSearch } from './service-calls.ts';

/** Looks a span of any trace up, e.g. in the store; null when the data does not have it. */
export type FindSpan = (traceId: TraceId, spanId: SpanId) => Span | null;

/** The calls that are seen from the caller alone, and messages by way of their brokers. After `findReceivedCalls`. */
export function findSentCalls(search: CallSearch): void {
  for (const node of search.trace.nodes) {
    switch (search.roles[node.index] ?? 'local') {
      case 'client':
        if (search.matched[node.index] !== true) addClientCall(search, node);
        break;
      case 'producer':
        if (search.matched[node.index] !== true) addSentMessage(search, node);
        break;
      case 'receive':
        addReceivedMessage(search, node);
        break;
      case 'settle':
        search.gaps.settleSpans++;
        break;
      case 'server':
      case 'local':
    }
  }
}

/** The same without brokers: messages go from the service that sent them straight to the one that received them. */
export function findSentCallsAcrossBrokers(search: CallSearch, findSpan: FindSpan): void {
  const nodeById = new Map(search.trace.nodes.map((node) => [node.span.spanId, node]));
  const senders = findSenders(search);
  for (const node of search.trace.nodes) {
    switch (search.roles[node.index] ?? 'local') {
      case 'client':
        if (search.matched[node.index] !== true && !isMessaging(node)) addClientCall(search, node);
        break;
      case 'receive':
        addMessages(search, node, [
          senders[node.index] ?? null,
          ...node.span.links.map((link) =>
            link.traceId === node.span.traceId
              ? (nodeById.get(link.spanId) ?? null)
              : otherTrace(findSpan(link.traceId, link.spanId)),
          ),
        ]);
        break;
      case 'producer':
        if (search.matched[node.index] !== true && brokerNode(node.span.attributes) === null) {
          search.gaps.unresolvedClients++;
        }
        break;
      case 'settle':
        search.gaps.settleSpans++;
        break;
      case 'server':
      case 'local':
    }
  }
}

/** A client span whose call no server span answers: a database, a broker, a service that is not instrumented. */
function addClientCall(search: CallSearch, node: TraceNode): void {
  const { names } = search;
  const { span } = node;
  const source = serviceId(node.service);
  const call = { source, client: span, server: null, witness: span, inferred: null };
  const database = names.database(span.attributes);
  if (database !== null) {
    addCall(search, { ...call, target: database, type: 'database' });
    return;
  }
  if (isMessaging(node)) {
    addSentMessage(search, node);
    return;
  }
  const name = names.called(span.attributes);
  if (name === null) {
    search.gaps.unresolvedClients++;
  } else if (names.isKnownService(name)) {
    const target = serviceId(name);
    addCall(search, { ...call, target, type: 'rpc', inferred: 'peer-attribute' });
  } else {
    addCall(search, { ...call, target: `external:${name}`, type: 'external' });
  }
}

function isMessaging({ span }: TraceNode): boolean {
  return conceptText(span.attributes, 'messagingSystem') !== null;
}

function addSentMessage(search: CallSearch, { service, span }: TraceNode): void {
  const target = brokerNode(span.attributes);
  if (target === null) {
    search.gaps.unresolvedClients++;
    return;
  }
  const source = serviceId(service);
  const sides = { client: span, server: null, witness: span };
  addCall(search, { source, target, type: 'messaging', ...sides, inferred: null });
}

function addReceivedMessage(search: CallSearch, node: TraceNode): void {
  if (isCountedByItsChildren(search, node)) return;
  search.received.push(node);
  const { span, service } = node;
  const source = brokerNode(span.attributes);
  if (source === null) {
    search.gaps.unresolvedClients++;
    return;
  }
  const target = serviceId(service);
  const sides = { client: null, server: span, witness: span };
  addCall(search, { source, target, type: 'messaging', ...sides, inferred: null });
}

/** A span that receives a batch, with a span to process each message under it: the messages are the calls. */
function isCountedByItsChildren({ roles, names }: CallSearch, node: TraceNode): boolean {
  return (
    messagingOperation(node.span.attributes) === 'receive' &&
    node.children.some(
      (child) =>
        roles[child.index] === 'receive' &&
        messagingOperation(child.span.attributes) === 'process' &&
        names.isSame(child.service, node.service),
    )
  );
}

interface Producer {
  readonly span: Span;
  readonly service: string;
}

function otherTrace(span: Span | null): Producer | null {
  return span === null ? null : { span, service: serviceName(span.resource) };
}

/** One call from each span that the received messages came from: the ancestor that sent it, and the targets of links. */
function addMessages(
  search: CallSearch,
  node: TraceNode,
  sources: readonly (Producer | null)[],
): void {
  if (isCountedByItsChildren(search, node)) return;
  search.received.push(node);
  const producers = new Map<string, Producer>();
  for (const producer of sources) {
    if (producer !== null) producers.set(spanKey(producer.span), producer);
  }
  for (const { span, service } of producers.values()) {
    addCall(search, {
      source: serviceId(service),
      target: serviceId(node.service),
      type: 'messaging',
      client: span,
      server: node.span,
      witness: node.span,
      inferred: null,
    });
  }
}

function spanKey({ traceId, spanId }: Span): string {
  return traceId + spanId;
}

/**
 * For every span the nearest ancestor that is neither local nor a batch counted by its children, if it sends; else null.
 * Parents precede their children in `Trace.nodes`.
 */
function findSenders(search: CallSearch): readonly (TraceNode | null)[] {
  const senders: (TraceNode | null)[] = [];
  for (const { parent } of search.trace.nodes) senders.push(senderAt(search, parent, senders));
  return senders;
}

function senderAt(
  search: CallSearch,
  node: TraceNode | null,
  senders: readonly (TraceNode | null)[],
): TraceNode | null {
  if (node === null) return null;
  const role = search.roles[node.index];
  if (role === 'producer' || role === 'client') return node;
  const isTransparent =
    role === 'local' || (role === 'receive' && isCountedByItsChildren(search, node));
  return isTransparent ? (senders[node.index] ?? null) : null;
}
