import { type Attributes, type AttributeValue, isAttributeMap } from '../model/attributes.ts';
import {
  type Resource,
  type Scope,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanLink,
  STATUS_CODES,
  TIME_FLAGS,
} from '../model/span.ts';
import { escapedJson } from './clean-text.ts';

/**
 * Spans as one line of OTLP JSON (the protocol's ExportTraceServiceRequest), with a line break at its end: what the Collector's file
 * exporter writes, and every importer of OTLP JSON reads. Times and integers are exact. What the protocol has no word for (how a dump
 * spelt its ids, what its producer warned of) is left out. Characters that a terminal would obey are escaped.
 */
export function otlpJsonLine(spans: readonly Span[]): string {
  const resources = new Map<Resource, Map<Scope, Span[]>>();
  for (const span of spans) {
    const scopes = resources.get(span.resource) ?? new Map<Scope, Span[]>();
    resources.set(span.resource, scopes);
    const group = scopes.get(span.scope);
    if (group) group.push(span);
    else scopes.set(span.scope, [span]);
  }
  const resourceSpans = Array.from(resources, ([resource, scopes]) => ({
    resource: { attributes: keyValues(resource.attributes) },
    ...(resource.schemaUrl !== '' && { schemaUrl: resource.schemaUrl }),
    scopeSpans: Array.from(scopes, ([scope, group]) => ({
      scope: scopeJson(scope),
      ...(scope.schemaUrl !== '' && { schemaUrl: scope.schemaUrl }),
      spans: group.map(spanJson),
    })),
  }));
  return `${escapedJson(JSON.stringify({ resourceSpans }))}\n`;
}

function scopeJson({ name, version, attributes, droppedAttributes }: Scope) {
  return {
    ...(name !== '' && { name }),
    ...(version !== '' && { version }),
    ...(attributes.size > 0 && { attributes: keyValues(attributes) }),
    ...(droppedAttributes > 0 && { droppedAttributesCount: droppedAttributes }),
  };
}

function spanJson(span: Span) {
  const { statusCode, statusMessage, dropped, timeFlags } = span;
  const code = STATUS_CODES.indexOf(statusCode);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId !== null && { parentSpanId: span.parentSpanId }),
    ...(span.traceState !== '' && { traceState: span.traceState }),
    ...(span.flags !== 0 && { flags: span.flags }),
    name: span.name,
    kind: SPAN_KINDS.indexOf(span.kind),
    ...((timeFlags & TIME_FLAGS.noStart) === 0 && {
      startTimeUnixNano: String(span.startUnixNano),
    }),
    ...((timeFlags & TIME_FLAGS.noEnd) === 0 && { endTimeUnixNano: String(span.endUnixNano) }),
    ...(span.attributes.size > 0 && { attributes: keyValues(span.attributes) }),
    ...(dropped.attributes > 0 && { droppedAttributesCount: dropped.attributes }),
    ...(span.events.length > 0 && { events: span.events.map(eventJson) }),
    ...(dropped.events > 0 && { droppedEventsCount: dropped.events }),
    ...(span.links.length > 0 && { links: span.links.map(linkJson) }),
    ...(dropped.links > 0 && { droppedLinksCount: dropped.links }),
    status: {
      ...(code > 0 && { code }),
      ...(statusMessage !== '' && { message: statusMessage }),
    },
  };
}

function eventJson({ timeUnixNano, name, attributes, droppedAttributes }: SpanEvent) {
  return {
    timeUnixNano: String(timeUnixNano),
    name,
    ...(attributes.size > 0 && { attributes: keyValues(attributes) }),
    ...(droppedAttributes > 0 && { droppedAttributesCount: droppedAttributes }),
  };
}

function linkJson({ traceId, spanId, traceState, attributes, flags, droppedAttributes }: SpanLink) {
  return {
    traceId,
    spanId,
    ...(traceState !== '' && { traceState }),
    ...(flags !== 0 && { flags }),
    ...(attributes.size > 0 && { attributes: keyValues(attributes) }),
    ...(droppedAttributes > 0 && { droppedAttributesCount: droppedAttributes }),
  };
}

type KeyValue = { readonly key: string; readonly value: AnyValue };
type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number | string }
  | { readonly bytesValue: string }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } }
  | Record<string, never>;

function keyValues(attributes: Attributes): KeyValue[] {
  return Array.from(attributes, ([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') {
    return {
      doubleValue: Number.isFinite(value) && !Object.is(value, -0) ? value : numberText(value),
    };
  }
  return value === null ? {} : composedValue(value);
}

/** Protobuf's JSON has the values that JSON's numbers cannot say as strings. */
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function composedValue(
  value: Exclude<AttributeValue, string | boolean | bigint | number | null>,
): AnyValue {
  if (value instanceof Uint8Array) {
    return { bytesValue: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join('')) };
  }
  if (isAttributeMap(value)) return { kvlistValue: { values: keyValues(value) } };
  return { arrayValue: { values: (value as readonly AttributeValue[]).map(anyValue) } };
}
