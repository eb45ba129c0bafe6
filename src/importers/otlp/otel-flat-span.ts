import { type Attributes, type AttributeValue, NO_ATTRIBUTES } from '../../model/attributes.ts';
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
import { unixNano } from '../../model/time.ts';
import { readDateTime } from '../date-time.ts';
import { untypedValue } from '../jaeger/jaeger-value.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import {
  badField,
  quote,
  type Report,
  readField,
  readInteger,
  readObject,
  readObjects,
  readString,
  readUint32,
  readUnixNano,
  type TimeField,
  toInteger,
} from '../read-field.ts';
import { isNoId, quoteId, type ReadId, readParentId, readSpanId, readTraceId } from '../read-id.ts';
import type { SharedObjects } from '../shared-objects.ts';
import { buildSpan, NO_SCOPE, type SpanTimes, timesBetween, timesFrom } from '../span-builder.ts';

/** Data Prepper spreads attributes over the row: prefix, then the name with `@` for `.`, which OpenSearch would take for nesting. */
const SPREAD = /^(span|resource)\.attributes[.@](.+)$/;

const ENUM_PREFIX = /^(?:span_kind|status_code)_/;

/** A span out of a row; null, and reported, without usable ids. */
export function readFlatSpan(
  format: string,
  row: JsonObject,
  resources: SharedObjects<Resource>,
  report: Report,
): Span | null {
  const traceId = readTraceId(readField(row, 'trace_id', 'traceId'));
  const spanId = readSpanId(readField(row, 'span_id', 'spanId'));
  if (traceId === null) {
    report('trace-id-missing', quoteId(readField(row, 'trace_id', 'traceId') ?? null));
    return null;
  }
  if (spanId === null) {
    report('span-id-missing', quoteId(readField(row, 'span_id', 'spanId') ?? null));
    return null;
  }
  const status = readObject(row, 'status', report) ?? row;
  const isNested = status !== row;
  return buildSpan({
    format,
    traceId,
    spanId,
    parent: parentOf(row, report),
    times: timesOf(row, report),
    name: readString(row, 'name', report),
    kind: kindOf(row, report),
    statusCode: statusOf(status, isNested ? 'code' : 'status.code', report),
    statusMessage: readString(status, isNested ? 'message' : 'status.message', report),
    traceState: readString(row, 'trace_state', report, 'traceState'),
    flags: readUint32(row, 'flags', report),
    attributes: spanAttributes(row, report),
    events: readObjects(row, 'events', report).map((event) => eventOf(event, report)),
    links: readObjects(row, 'links', report).flatMap((link) => linkOf(link, report)),
    dropped: {
      attributes: readUint32(row, 'dropped_attributes_count', report, 'droppedAttributesCount'),
      events: readUint32(row, 'dropped_events_count', report, 'droppedEventsCount'),
      links: readUint32(row, 'dropped_links_count', report, 'droppedLinksCount'),
    },
    resource: resourceOf(row, resources, report),
    scope: scopeOf(row, report),
  });
}

function parentOf(row: JsonObject, report: Report): ReadId<SpanId> | null {
  const raw = readField(row, 'parent_span_id', 'parentSpanId');
  const id = readParentId(raw);
  if (id === null && raw !== undefined && !isNoId(raw)) badField(report, 'parent_span_id', raw);
  return id;
}

function timesOf(row: JsonObject, report: Report): SpanTimes {
  const start = timeOf(row, 'start_time_unix_nano', 'startTime', report);
  const end = timeOf(row, 'end_time_unix_nano', 'endTime', report);
  if (end !== 'absent') return timesBetween(start, end, report);
  return timesFrom(start, readInteger(row, 'durationInNanos', report), report);
}

/** Nanoseconds in field `nano`, or RFC 3339 in field `text`. */
function timeOf(from: JsonObject, nano: string, text: string, report: Report): TimeField {
  const time = readUnixNano(from, nano, report);
  return time === 'absent' ? readDateTime(from, text, report) : time;
}

function kindOf(row: JsonObject, report: Report): SpanKind {
  return enumOf(SPAN_KINDS, row, 'kind', report) ?? 'unspecified';
}

function statusOf(status: JsonObject, key: string, report: Report): StatusCode {
  return enumOf(STATUS_CODES, status, key, report) ?? 'unset';
}

/** The protocol's number, or its name with or without prefix: 3, `CLIENT`, `SPAN_KIND_CLIENT`. */
function enumOf<Name extends string>(
  names: readonly Name[],
  from: JsonObject,
  key: string,
  report: Report,
): Name | null {
  const raw = readField(from, key);
  if (raw === undefined) return null;
  const number = toInteger(raw);
  const word = typeof raw === 'string' ? raw.toLowerCase().replace(ENUM_PREFIX, '') : '';
  const name = number === null ? names.find((known) => known === word) : names[Number(number)];
  return name ?? badField(report, key, raw);
}

function spanAttributes(row: JsonObject, report: Report): Attributes {
  return attributesOf([...Object.entries(readMap(row, report)), ...spread(row, 'span')]);
}

/** The resource: a nested map, spread fields, and Data Prepper's `serviceName`, which is a copy of `service.name` that may stand alone. */
function resourceOf(row: JsonObject, resources: SharedObjects<Resource>, report: Report): Resource {
  const nested = readObject(row, 'resource', report) ?? {};
  const entries: (readonly [string, JsonValue])[] = [
    ...Object.entries(readMap(nested, report)),
    ...spread(row, 'resource'),
  ];
  const service = readString(row, 'serviceName', report, 'service_name');
  if (service !== null && !entries.some(([key]) => key === 'service.name')) {
    entries.unshift(['service.name', service]);
  }
  return resources.of(entries.flat(), () => ({ attributes: attributesOf(entries), schemaUrl: '' }));
}

function spread(row: JsonObject, of: 'span' | 'resource'): (readonly [string, JsonValue])[] {
  return Object.entries(row).flatMap(([key, value]) => {
    const [, owner, name = ''] = SPREAD.exec(key) ?? [];
    return owner === of ? [[name.replaceAll('@', '.'), value] as const] : [];
  });
}

function readMap(from: JsonObject, report: Report): JsonObject {
  return readObject(from, 'attributes', report) ?? {};
}

/** A row has a column for every key that any row has; null says that this one has none. */
function attributesOf(entries: readonly (readonly [string, JsonValue])[]): Attributes {
  const attributes = new Map<string, AttributeValue>();
  for (const [key, value] of entries) {
    if (value !== null) attributes.set(key, untypedValue(value));
  }
  return attributes.size === 0 ? NO_ATTRIBUTES : attributes;
}

function eventOf(event: JsonObject, report: Report): SpanEvent {
  const at = timeOf(event, 'time_unix_nano', 'time', report);
  return {
    timeUnixNano: typeof at === 'bigint' ? at : unixNano(0n),
    name: readString(event, 'name', report) ?? '',
    attributes: attributesOf(Object.entries(readMap(event, report))),
    droppedAttributes: readUint32(
      event,
      'dropped_attributes_count',
      report,
      'droppedAttributesCount',
    ),
  };
}

function linkOf(link: JsonObject, report: Report): SpanLink[] {
  const traceId = readTraceId(readField(link, 'trace_id', 'traceId'));
  const spanId = readSpanId(readField(link, 'span_id', 'spanId'));
  if (traceId === null || spanId === null) {
    report('link-id-missing', quote(link));
    return [];
  }
  return [
    {
      traceId: traceId.id,
      spanId: spanId.id,
      traceState: readString(link, 'trace_state', report, 'traceState') ?? '',
      attributes: attributesOf(Object.entries(readMap(link, report))),
      flags: readUint32(link, 'flags', report),
      droppedAttributes: readUint32(
        link,
        'dropped_attributes_count',
        report,
        'droppedAttributesCount',
      ),
    },
  ];
}

/** Data Prepper's scope, nested or as dotted fields. */
function scopeOf(row: JsonObject, report: Report): Scope {
  const nested = readObject(row, 'instrumentationScope', report) ?? {};
  const field = (key: string): string | null =>
    readString(nested, key, report) ?? readString(row, `instrumentationScope.${key}`, report);
  const [name, version] = [field('name'), field('version')];
  if (name === null && version === null) return NO_SCOPE;
  return { ...NO_SCOPE, name: name ?? '', version: version ?? '' };
}
