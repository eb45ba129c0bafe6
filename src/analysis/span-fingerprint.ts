import type { AttributeMap, AttributeValue } from '../model/attributes.ts';
import { isAttributeMap } from '../model/attributes.ts';
import type { Resource, Span, SpanEvent, SpanLink } from '../model/span.ts';

/**
 * A text that two spans share exactly when they say the same thing: every field but where they came from (`origin`, except the
 * `shared` flag). Attributes compare as a set of pairs; 1, 1.0, "1" and true differ.
 */
export function spanFingerprint(span: Span): string {
  return JSON.stringify([
    span.traceId,
    span.spanId,
    span.parentSpanId,
    span.name,
    span.kind,
    String(span.startUnixNano),
    String(span.endUnixNano),
    span.timeFlags,
    span.statusCode,
    span.statusMessage,
    span.traceState,
    span.flags,
    plainMap(span.attributes),
    span.events.map(plainEvent),
    span.links.map(plainLink),
    [span.dropped.attributes, span.dropped.events, span.dropped.links],
    plainResource(span.resource),
    [span.scope.name, span.scope.version, plainMap(span.scope.attributes), span.scope.schemaUrl],
    span.origin.shared,
  ]);
}

/** As `spanFingerprint`, of one event: time, name and attributes. */
export function eventFingerprint(event: SpanEvent): string {
  return JSON.stringify(plainEvent(event));
}

/** As `spanFingerprint`, of one link. */
export function linkFingerprint(link: SpanLink): string {
  return JSON.stringify(plainLink(link));
}

function plainEvent(event: SpanEvent): unknown {
  const { timeUnixNano, name, attributes, droppedAttributes } = event;
  return [String(timeUnixNano), name, plainMap(attributes), droppedAttributes];
}

function plainLink(link: SpanLink): unknown {
  const { traceId, spanId, traceState, attributes, flags, droppedAttributes } = link;
  return [traceId, spanId, traceState, plainMap(attributes), flags, droppedAttributes];
}

function plainResource(resource: Resource): unknown {
  return [plainMap(resource.attributes), resource.schemaUrl];
}

function plainMap(map: AttributeMap): unknown {
  return [...map]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, plainValue(value)]);
}

/** Nesting inside one attribute is bounded by the importers' parsers, so recursion is safe here. */
function plainValue(value: AttributeValue): unknown {
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value === 'number') return { double: String(value) };
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return { bytes: Array.from(value) };
  if (isAttributeMap(value)) return { map: plainMap(value) };
  return value.map(plainValue);
}
