import {
  type DroppedCounts,
  NOTHING_DROPPED,
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
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import {
  badField,
  type Report,
  readField,
  readObject,
  readObjects,
  readString,
  readUint32,
  readUnixNano,
  type TimeField,
} from '../read-field.ts';
import { isNoId, quoteId, readParentId, readSpanId, readTraceId } from '../read-id.ts';
import { buildSpan, NO_RESOURCE, NO_SCOPE, timesBetween } from '../span-builder.ts';
import { readOtlpAttributes, snakeCase } from './otlp-json-attributes.ts';

/** What holds for all spans of a batch. */
export interface OtlpContext {
  readonly format: string;
  readonly resource: Resource;
  readonly scope: Scope;
}

const NO_TIME = unixNano(0n);

/** Fields of Span in the protocol's own spelling. */
const FIELDS = [
  'traceId',
  'spanId',
  'traceState',
  'parentSpanId',
  'flags',
  'name',
  'kind',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'attributes',
  'droppedAttributesCount',
  'events',
  'droppedEventsCount',
  'links',
  'droppedLinksCount',
  'status',
] as const;
const KNOWN_FIELDS: ReadonlySet<string> = new Set([...FIELDS, ...FIELDS.map(snakeCase)]);

/**
 * A Span of OTLP/JSON, lenient beyond the protocol: snake_case fields, ids also as base64 or names, enums as numbers or names,
 * 64-bit integers as strings or numbers. Null, reported, without usable ids.
 */
export function readOtlpSpan(raw: JsonObject, context: OtlpContext, report: Report): Span | null {
  const traceId = readTraceId(readField(raw, 'traceId', 'trace_id'), 'bytes');
  const spanId = readSpanId(readField(raw, 'spanId', 'span_id'), 'bytes');
  if (traceId === null || spanId === null) {
    reportMissingId(raw, traceId === null ? 'traceId' : 'spanId', report);
    return null;
  }
  reportUnknownFields(raw, report);
  const status = readObject(raw, 'status', report);
  return buildSpan({
    format: context.format,
    traceId,
    spanId,
    parent: readParent(raw, report),
    name: readString(raw, 'name', report),
    kind: readKind(raw, report),
    times: timesBetween(
      presentTime(readUnixNano(raw, 'startTimeUnixNano', report, 'start_time_unix_nano')),
      presentTime(readUnixNano(raw, 'endTimeUnixNano', report, 'end_time_unix_nano')),
      report,
    ),
    statusCode: status === null ? 'unset' : readStatusCode(status, report),
    statusMessage: status === null ? '' : readString(status, 'message', report),
    traceState: readString(raw, 'traceState', report, 'trace_state'),
    flags: readUint32(raw, 'flags', report),
    attributes: readOtlpAttributes(raw, report),
    events: readObjects(raw, 'events', report).map((event) => readEvent(event, report)),
    links: readLinks(raw, report),
    dropped: readDropped(raw, report),
    resource: context.resource,
    scope: context.scope,
  });
}

/** A Resource with the schema URL that stands beside it. */
export function readOtlpResource(
  raw: JsonObject | null,
  schemaUrl: string,
  report: Report,
): Resource {
  if (raw === null && schemaUrl === '') return NO_RESOURCE;
  return { attributes: readOtlpAttributes(raw ?? {}, report), schemaUrl };
}

/** An InstrumentationScope (before OTLP 0.16 InstrumentationLibrary) with the schema URL that stands beside it. */
export function readOtlpScope(raw: JsonObject | null, schemaUrl: string, report: Report): Scope {
  if (raw === null) return schemaUrl === '' ? NO_SCOPE : { ...NO_SCOPE, schemaUrl };
  return {
    name: readString(raw, 'name', report) ?? '',
    version: readString(raw, 'version', report) ?? '',
    attributes: readOtlpAttributes(raw, report),
    droppedAttributes: readDroppedAttributes(raw, report),
    schemaUrl,
  };
}

function reportMissingId(raw: JsonObject, field: 'traceId' | 'spanId', report: Report): void {
  const value = readField(raw, field, snakeCase(field));
  const code = field === 'traceId' ? 'trace-id-missing' : 'span-id-missing';
  report(code, value === undefined ? `no ${field}` : `${field}: ${quoteId(value)}`);
}

function reportUnknownFields(raw: JsonObject, report: Report): void {
  for (const key of Object.keys(raw)) if (!KNOWN_FIELDS.has(key)) report('unknown-field', key);
}

/** The protocol has no way to say "absent": 0 is it. */
function presentTime(time: TimeField): TimeField {
  return time === 0n ? 'absent' : time;
}

function readParent(raw: JsonObject, report: Report): ReturnType<typeof readParentId> {
  const field = readField(raw, 'parentSpanId', 'parent_span_id');
  const parent = readParentId(field, 'bytes');
  if (parent === null && field !== undefined && !isNoId(field)) {
    badField(report, 'parentSpanId', field);
  }
  return parent;
}

function readKind(raw: JsonObject, report: Report): SpanKind {
  return readEnum(raw, 'kind', SPAN_KINDS, 'SPAN_KIND_', report);
}

function readStatusCode(status: JsonObject, report: Report): StatusCode {
  return readEnum(status, 'code', STATUS_CODES, 'STATUS_CODE_', report);
}

/** A value of an enum by its number or its name, with or without prefix. Absent and unknown ones (reported) are the first. */
function readEnum<Value extends string>(
  from: JsonObject,
  key: string,
  values: readonly [Value, ...Value[]],
  prefix: string,
  report: Report,
): Value {
  const raw = readField(from, key);
  if (raw === undefined) return values[0];
  const value = values[enumIndex(raw, values, prefix)];
  if (value === undefined) badField(report, key, raw);
  return value ?? values[0];
}

function enumIndex(raw: JsonValue, values: readonly string[], prefix: string): number {
  if (typeof raw !== 'string') return typeof raw === 'number' ? raw : -1;
  if (/^\d$/.test(raw)) return Number(raw);
  const name = raw.startsWith(prefix) ? raw.slice(prefix.length) : raw;
  return values.indexOf(name.toLowerCase());
}

function readEvent(raw: JsonObject, report: Report): SpanEvent {
  const time = readUnixNano(raw, 'timeUnixNano', report, 'time_unix_nano');
  return {
    timeUnixNano: typeof time === 'bigint' ? time : NO_TIME,
    name: readString(raw, 'name', report) ?? '',
    attributes: readOtlpAttributes(raw, report),
    droppedAttributes: readDroppedAttributes(raw, report),
  };
}

function readLinks(raw: JsonObject, report: Report): readonly SpanLink[] {
  return readObjects(raw, 'links', report).flatMap((link) => readLink(link, report) ?? []);
}

function readLink(raw: JsonObject, report: Report): SpanLink | null {
  const traceId = readTraceId(readField(raw, 'traceId', 'trace_id'), 'bytes');
  const spanId = readSpanId(readField(raw, 'spanId', 'span_id'), 'bytes');
  if (traceId === null || spanId === null) {
    report('link-id-missing', traceId === null ? 'no usable traceId' : 'no usable spanId');
    return null;
  }
  return {
    traceId: traceId.id,
    spanId: spanId.id,
    traceState: readString(raw, 'traceState', report, 'trace_state') ?? '',
    attributes: readOtlpAttributes(raw, report),
    flags: readUint32(raw, 'flags', report),
    droppedAttributes: readDroppedAttributes(raw, report),
  };
}

function readDropped(raw: JsonObject, report: Report): DroppedCounts {
  const attributes = readDroppedAttributes(raw, report);
  const events = readUint32(raw, 'droppedEventsCount', report, 'dropped_events_count');
  const links = readUint32(raw, 'droppedLinksCount', report, 'dropped_links_count');
  const isNothing = attributes === 0 && events === 0 && links === 0;
  return isNothing ? NOTHING_DROPPED : { attributes, events, links };
}

function readDroppedAttributes(raw: JsonObject, report: Report): number {
  return readUint32(raw, 'droppedAttributesCount', report, 'dropped_attributes_count');
}
