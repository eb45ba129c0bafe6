import { createHash } from 'node:crypto';
import type { AttributeMap, AttributeValue } from '../../src/model/attributes.ts';
import { SPAN_KINDS, type Span, STATUS_CODES, serviceName } from '../../src/model/span.ts';

/** What OpenTelemetry's collector makes of a dump, as OTLP JSON. */
export interface CollectorBatch {
  readonly resource: { readonly attributes?: readonly CollectorAttribute[] };
  readonly scopeSpans: readonly {
    readonly scope: { readonly name?: string; readonly version?: string };
    readonly spans: readonly CollectorSpan[];
  }[];
}

interface CollectorSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes?: readonly CollectorAttribute[];
  readonly events?: readonly CollectorEvent[];
  readonly links?: readonly CollectorEvent[];
}

interface CollectorEvent {
  readonly timeUnixNano?: string;
  readonly name?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly traceState?: string;
  readonly attributes?: readonly CollectorAttribute[];
  readonly droppedAttributesCount?: number;
}

interface CollectorAttribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string;
    readonly boolValue?: boolean;
  };
}

/** What a span of the collector and one of an importer are both reduced to. */
export interface Comparable {
  readonly ids: readonly string[];
  readonly name: string;
  readonly times: readonly string[];
  readonly traceState: string;
  readonly links: readonly string[];
  readonly attributes: Map<string, string>;
  service: string;
  kind: string;
  code: string;
  message: string;
  scope: string;
  events: readonly string[];
}

/** The spans of the collector's answer. */
export function ofCollector(batches: readonly CollectorBatch[]): Comparable[] {
  return batches.flatMap(({ resource, scopeSpans }) => {
    const service = attributesOf(resource.attributes).get('service.name') ?? 'unknown_service';
    return scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({ ...ofCollectorSpan(span), service, scope: scopeText(scope) })),
    );
  });
}

function ofCollectorSpan(span: CollectorSpan): Omit<Comparable, 'service' | 'scope'> {
  return {
    ids: [span.traceId, span.spanId, span.parentSpanId ?? ''],
    name: span.name ?? '',
    times: [span.startTimeUnixNano ?? '0', span.endTimeUnixNano ?? '0'],
    traceState: span.traceState ?? '',
    links: (span.links ?? []).map(collectorEvent),
    attributes: attributesOf(span.attributes),
    kind: SPAN_KINDS[span.kind ?? 0] ?? '',
    code: STATUS_CODES[span.status.code ?? 0] ?? '',
    message: span.status.message ?? '',
    events: (span.events ?? []).map(collectorEvent),
  };
}

function attributesOf(attributes: readonly CollectorAttribute[] = []): Map<string, string> {
  return new Map(
    attributes.map(({ key, value: { stringValue, intValue, boolValue } }) => [
      key,
      stringValue ?? intValue ?? String(boolValue),
    ]),
  );
}

/** A scope in one line. */
export function scopeText({
  name = '',
  version = '',
}: {
  name?: string;
  version?: string;
}): string {
  return `${name} ${version}`;
}

function collectorEvent(event: CollectorEvent): string {
  const { attributes, droppedAttributesCount = 0 } = event;
  const head = [
    event.timeUnixNano,
    event.name,
    event.traceId,
    event.spanId,
    event.traceState || undefined,
  ];
  return eventText(head, attributesOf(attributes), droppedAttributesCount);
}

function eventText(
  head: readonly (string | undefined)[],
  attributes: ReadonlyMap<string, string>,
  dropped: number,
): string {
  const pairs = [...attributes].map(([key, value]) => `${key}=${value}`).sort();
  return [...head.filter((part) => part !== undefined), ...pairs, dropped].join(' ');
}

/** An imported span. */
export function ofSpan(span: Span): Comparable {
  return {
    ids: [span.traceId, span.spanId, span.parentSpanId ?? ''],
    name: span.name,
    times: [String(span.startUnixNano), String(span.endUnixNano)],
    traceState: span.traceState,
    links: span.links.map(({ traceId, spanId, traceState, attributes, droppedAttributes }) =>
      eventText([traceId, spanId, traceState || undefined], texts(attributes), droppedAttributes),
    ),
    attributes: texts(span.attributes),
    service: serviceName(span.resource),
    kind: span.kind,
    code: span.statusCode,
    message: span.statusMessage,
    scope: scopeText(span.scope),
    events: span.events.map(({ timeUnixNano, name, attributes, droppedAttributes }) =>
      eventText([String(timeUnixNano), name], texts(attributes), droppedAttributes),
    ),
  };
}

function texts(attributes: AttributeMap): Map<string, string> {
  const text = (value: AttributeValue): string =>
    typeof value === 'bigint'
      ? String(value)
      : typeof value === 'string'
        ? value
        : JSON.stringify(value);
  return new Map([...attributes].map(([key, value]) => [key, text(value)]));
}

/** One line per span, apart from what no log of a test run should show of a real dump. */
export function lines(spans: readonly Comparable[]): string[] {
  return spans
    .map(({ ids, name, times, traceState, links, service, kind, code, scope, ...rest }) => {
      const { attributes, events, message } = rest;
      const open = [ids, name, times, traceState, links, service, kind, code, scope];
      const secret = [[...attributes].sort(([a], [b]) => (a < b ? -1 : 1)), events, message].map(
        (part) => digest(JSON.stringify(part)),
      );
      return JSON.stringify([...open, [...attributes.keys()].sort(), ...secret]);
    })
    .sort();
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
