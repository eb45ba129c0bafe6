import type { Attributes, AttributeValue } from '../model/attributes.ts';
import type { SpanEvent, SpanLink } from '../model/span.ts';
import type { TraceNode } from '../model/trace.ts';
import type { AttributeScope, IntrinsicName } from './query.ts';
import type { TraceFacts } from './trace-facts.ts';
import { AnyOf, kindValue, statusValue, type Value } from './value.ts';

/** Reads something of a span of a trace. */
export type ReadValue = (node: TraceNode, facts: TraceFacts) => Value;

/** How an attribute is read: `any` is that of the span, and only if it has none of that name, that of its resource. */
export function readAttribute(scope: AttributeScope, name: string): ReadValue {
  switch (scope) {
    case 'any':
      return ({ span }) => {
        const own = span.attributes.get(name);
        return own === undefined ? span.resource.attributes.get(name) : own;
      };
    case 'span':
      return ({ span }) => span.attributes.get(name);
    case 'resource':
      return ({ span }) => span.resource.attributes.get(name);
    case 'instrumentation':
      return ({ span }) => span.scope.attributes.get(name);
    case 'event':
      return ({ span }) => ofAll(span.events, name);
    case 'link':
      return ({ span }) => ofAll(span.links, name);
  }
}

function ofAll(owners: readonly { readonly attributes: Attributes }[], name: string): Value {
  if (owners.length === 0) return undefined;
  const values: AttributeValue[] = [];
  for (const { attributes } of owners) {
    const value = attributes.get(name);
    if (value !== undefined) values.push(value);
  }
  return values.length === 0 ? undefined : new AnyOf(values);
}

function ofEvents(read: (event: SpanEvent) => AttributeValue) {
  return ({ span }: TraceNode): Value =>
    span.events.length === 0 ? undefined : new AnyOf(span.events.map(read));
}

function ofLinks(read: (link: SpanLink) => AttributeValue) {
  return ({ span }: TraceNode): Value =>
    span.links.length === 0 ? undefined : new AnyOf(span.links.map(read));
}

const READERS: Readonly<Record<IntrinsicName, ReadValue>> = {
  name: ({ span }) => span.name,
  status: ({ span }) => statusValue(span.statusCode),
  statusMessage: ({ span }) => span.statusMessage,
  kind: ({ span }) => kindValue(span.kind),
  duration: ({ span }) => span.durationNs,
  traceDuration: (_, { durationNs }) => durationNs,
  rootName: (_, { root }) => root?.span.name ?? '',
  rootServiceName: (_, { root }) => root?.service ?? '',
  nestedSetLeft: ({ index }, facts) => BigInt(facts.nestedSets().left[index] ?? 0),
  nestedSetRight: ({ index }, facts) => BigInt(facts.nestedSets().right[index] ?? 0),
  nestedSetParent: (node, facts) => BigInt(nestedSetParent(node, facts)),
  'trace:id': ({ span }) => span.traceId,
  'span:id': ({ span }) => span.spanId,
  'span:parentID': ({ span }) => span.parentSpanId ?? undefined,
  'span:childCount': ({ children }) => BigInt(children.length),
  'event:name': ofEvents(({ name }) => name),
  'event:timeSinceStart': (node) =>
    ofEvents(({ timeUnixNano }) => Number(timeUnixNano - node.span.startUnixNano))(node),
  'link:traceID': ofLinks(({ traceId }) => traceId),
  'link:spanID': ofLinks(({ spanId }) => spanId),
  'instrumentation:name': ({ span }) => span.scope.name,
  'instrumentation:version': ({ span }) => span.scope.version,
};

/** How an intrinsic is read. */
export function readIntrinsic(name: IntrinsicName): ReadValue {
  return READERS[name];
}

/** -1 for a root, 0 for a span whose parent is missing. */
function nestedSetParent({ parent, missingParent }: TraceNode, facts: TraceFacts): number {
  if (parent !== null) return facts.nestedSets().left[parent.index] ?? 0;
  return missingParent === null ? -1 : 0;
}
