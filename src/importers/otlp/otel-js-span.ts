import { type Attributes, NO_ATTRIBUTES } from '../../model/attributes.ts';
import type { SpanId } from '../../model/ids.ts';
import {
  type Resource,
  type Scope,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
  STATUS_CODES,
  type StatusCode,
} from '../../model/span.ts';
import { isUnixNano, type UnixNano, unixNano } from '../../model/time.ts';
import { untypedValue } from '../jaeger/jaeger-value.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import {
  badField,
  isJsonList,
  isJsonObject,
  quote,
  type Report,
  readField,
  readMicros,
  readObject,
  readObjects,
  readString,
  readUint32,
  readUnixMicros,
  toInteger,
} from '../read-field.ts';
import { isNoId, quoteId, type ReadId, readParentId, readSpanId, readTraceId } from '../read-id.ts';
import type { SharedObjects } from '../shared-objects.ts';
import { buildSpan, NO_SCOPE, timesFrom } from '../span-builder.ts';

const NANOS_PER_SECOND = 1_000_000_000n;
const NO_TIME = unixNano(0n);

/** Whether an object is a span of the console exporter: `id` rather than `spanId`, and attributes as a map. */
export function isConsoleSpan(object: JsonObject): boolean {
  const has = (key: string): boolean => readField(object, key) !== undefined;
  return (
    has('traceId') && has('id') && has('kind') && isJsonObject(readField(object, 'attributes'))
  );
}

/** Whether an object is what the console exporters of logs and metrics print. */
export function isOtherSignal(object: JsonObject): boolean {
  const has = (key: string): boolean => Object.hasOwn(object, key);
  return has('severityText') || has('body') || has('dataPoints') || has('descriptor');
}

/** A span out of what the console exporter prints; null, and reported, without usable ids. */
export function readConsoleSpan(
  format: string,
  span: JsonObject,
  resources: SharedObjects<Resource>,
  report: Report,
): Span | null {
  const traceId = readTraceId(span['traceId'], 'bytes');
  const spanId = readSpanId(span['id'], 'bytes');
  if (traceId === null) {
    report('trace-id-missing', quoteId(span['traceId'] ?? null));
    return null;
  }
  if (spanId === null) {
    report('span-id-missing', quoteId(span['id'] ?? null));
    return null;
  }
  const status = readObject(span, 'status', report) ?? {};
  return buildSpan({
    format,
    traceId,
    spanId,
    parent: parentOf(span, report),
    times: timesFrom(
      readUnixMicros(span, 'timestamp', report),
      readMicros(span, 'duration', report),
      report,
    ),
    name: readString(span, 'name', report),
    kind: kindOf(span, report),
    statusCode: statusOf(status, report),
    statusMessage: readString(status, 'message', report),
    traceState: readString(span, 'traceState', report),
    attributes: attributesOf(span, report),
    events: readObjects(span, 'events', report).map((event) => eventOf(event, report)),
    links: readObjects(span, 'links', report).flatMap((link) => linkOf(link, report)),
    resource: resources.of([readField(span, 'resource') ?? null], () => resourceOf(span, report)),
    scope: scopeOf(span, report),
  });
}

/** `parentId` in SDK 1, `parentSpanContext` since SDK 2. */
function parentOf(span: JsonObject, report: Report): ReadId<SpanId> | null {
  const context = readField(span, 'parentSpanContext');
  const raw =
    readField(span, 'parentId') ?? (isJsonObject(context) ? context['spanId'] : undefined);
  const id = readParentId(raw, 'bytes');
  if (id === null && raw !== undefined && !isNoId(raw)) badField(report, 'parentId', raw);
  return id;
}

/** The API's kinds are the protocol's minus one: 0 is internal. */
function kindOf(span: JsonObject, report: Report): SpanKind {
  const raw = readField(span, 'kind') ?? null;
  const kind = SPAN_KINDS[Number(toInteger(raw) ?? -2n) + 1];
  if (kind !== undefined && kind !== 'unspecified') return kind;
  badField(report, 'kind', raw);
  return 'unspecified';
}

function statusOf(status: JsonObject, report: Report): StatusCode {
  const number = readUint32(status, 'code', report);
  const code = STATUS_CODES[number];
  if (code === undefined) badField(report, 'status.code', number);
  return code ?? 'unset';
}

function resourceOf(span: JsonObject, report: Report): Resource {
  const resource = readObject(span, 'resource', report) ?? {};
  return { attributes: attributesOf(resource, report, '_attributes'), schemaUrl: '' };
}

/** The scope has had two names. */
function scopeOf(span: JsonObject, report: Report): Scope {
  const scope = readObject(span, 'instrumentationScope', report, 'instrumentationLibrary');
  if (scope === null) return NO_SCOPE;
  return {
    ...NO_SCOPE,
    name: readString(scope, 'name', report) ?? '',
    version: readString(scope, 'version', report) ?? '',
    schemaUrl: readString(scope, 'schemaUrl', report) ?? '',
  };
}

function attributesOf(from: JsonObject, report: Report, alias?: string): Attributes {
  const map = readObject(from, 'attributes', report, alias);
  if (map === null) return NO_ATTRIBUTES;
  return new Map(Object.entries(map).map(([key, value]) => [key, untypedValue(value)]));
}

function eventOf(event: JsonObject, report: Report): SpanEvent {
  return {
    timeUnixNano: hrTime(event, report),
    name: readString(event, 'name', report) ?? '',
    attributes: attributesOf(event, report),
    droppedAttributes: readUint32(event, 'droppedAttributesCount', report),
  };
}

/** A time as seconds and nanoseconds, 0 when absent. */
function hrTime(event: JsonObject, report: Report): UnixNano {
  const raw: JsonValue = readField(event, 'time') ?? null;
  if (raw === null) return NO_TIME;
  const [seconds, nanos] = isJsonList(raw) ? raw.map(toInteger) : [];
  const time = seconds == null || nanos == null ? -1n : seconds * NANOS_PER_SECOND + nanos;
  if (isUnixNano(time)) return unixNano(time);
  badField(report, 'time', raw);
  return NO_TIME;
}

function linkOf(link: JsonObject, report: Report): SpanLink[] {
  const context = readObject(link, 'context', report) ?? {};
  const traceId = readTraceId(context['traceId'], 'bytes');
  const spanId = readSpanId(context['spanId'], 'bytes');
  if (traceId === null || spanId === null) {
    report('link-id-missing', quote(context));
    return [];
  }
  return [
    {
      traceId: traceId.id,
      spanId: spanId.id,
      // The console prints the object behind it, whose content is not a header.
      traceState: '',
      attributes: attributesOf(link, report),
      flags: readUint32(context, 'traceFlags', report),
      droppedAttributes: readUint32(link, 'droppedAttributesCount', report),
    },
  ];
}
