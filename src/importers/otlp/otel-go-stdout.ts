import { type Attributes, type AttributeValue, NO_ATTRIBUTES } from '../../model/attributes.ts';
import type { SpanId, TraceId } from '../../model/ids.ts';
import {
  type Resource,
  type Scope,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
  type StatusCode,
} from '../../model/span.ts';
import { unixNano } from '../../model/time.ts';
import { readDateTime } from '../date-time.ts';
import type { IssueCode, Place } from '../import-issue.ts';
import { typedValue, untypedValue } from '../jaeger/jaeger-value.ts';
import { jsonDecoder } from '../json/json-scanner.ts';
import { either, type JsonObject, type JsonValue, list, value } from '../json/json-shape.ts';
import { putAttribute } from '../put-attribute.ts';
import {
  badField,
  isJsonList,
  isJsonObject,
  quote,
  type Report,
  readField,
  readObject,
  readObjects,
  readString,
  readUint32,
} from '../read-field.ts';
import { isNoId, quoteId, type ReadId, readParentId, readSpanId, readTraceId } from '../read-id.ts';
import { sampleObjects } from '../sample-objects.ts';
import { SharedObjects } from '../shared-objects.ts';
import { buildSpan, NO_SCOPE, timesBetween } from '../span-builder.ts';
import type { Decoder, DecoderOutput, DumpHead, TraceFormat } from '../trace-format.ts';

const NAME = 'otel-go-stdout';

/** Go's status codes are not the protocol's: 1 is an error there. It prints names since 1.0. */
const STATUS_BY_GO_CODE: ReadonlyMap<JsonValue, StatusCode> = new Map<JsonValue, StatusCode>([
  [0, 'unset'],
  [1, 'error'],
  [2, 'ok'],
  ['Unset', 'unset'],
  ['Error', 'error'],
  ['Ok', 'ok'],
]);

/**
 * What the Go SDK's stdouttrace exporter prints, and lists of the same (`tracetest.SpanStubs` as JSON). One object per span, on
 * one line or pretty-printed.
 */
export const otelGoStdout: TraceFormat = {
  name: NAME,
  title: 'OpenTelemetry Go stdout (stdouttrace, SpanStubs)',
  whyNot: (head: DumpHead) =>
    sampleObjects(head).some(isGoSpan) ? null : 'no span with "SpanContext"',
  decode,
};

function isGoSpan(object: JsonObject): boolean {
  return isJsonObject(readField(object, 'SpanContext'));
}

function decode(out: DecoderOutput): Decoder {
  const resources = new SharedObjects<Resource>();
  const span = value((record, at) => decodeSpan(record, at, resources, out));
  return jsonDecoder(
    either(
      () => span,
      () => list(span),
    ),
    out,
  );
}

function decodeSpan(
  record: JsonValue,
  at: Place,
  resources: SharedObjects<Resource>,
  out: DecoderOutput,
): void {
  out.record();
  const report = (code: IssueCode, example: string): void => out.issue(code, at, example);
  if (!isJsonObject(record) || !isGoSpan(record)) {
    report('unrecognised-record', quote(record));
    return;
  }
  const span = readGoSpan(record, resources, report);
  if (span !== null) out.span(span);
}

function readGoSpan(
  record: JsonObject,
  resources: SharedObjects<Resource>,
  report: Report,
): Span | null {
  const context = readContext(record, report);
  if (context === null) return null;
  const status = readObject(record, 'Status', report) ?? {};
  return buildSpan({
    format: NAME,
    traceId: context.traceId,
    spanId: context.spanId,
    parent: parentOf(record, report),
    times: timesBetween(
      readDateTime(record, 'StartTime', report),
      readDateTime(record, 'EndTime', report),
      report,
    ),
    name: readString(record, 'Name', report),
    kind: kindOf(record, report),
    statusCode: statusOf(status, report),
    statusMessage: readString(status, 'Description', report),
    traceState: context.traceState,
    flags: context.flags,
    attributes: attributesOf(record, 'Attributes', report),
    events: readObjects(record, 'Events', report, 'MessageEvents').map((e) => eventOf(e, report)),
    links: readObjects(record, 'Links', report).flatMap((link) => linkOf(link, report)),
    dropped: {
      attributes: readUint32(record, 'DroppedAttributes', report, 'DroppedAttributeCount'),
      events: readUint32(record, 'DroppedEvents', report, 'DroppedMessageEventCount'),
      links: readUint32(record, 'DroppedLinks', report, 'DroppedLinkCount'),
    },
    resource: resources.of([readField(record, 'Resource') ?? null], () => ({
      attributes: attributesOf(record, 'Resource', report),
      schemaUrl: '',
    })),
    scope: scopeOf(record, report),
  });
}

interface SpanContext {
  readonly traceId: ReadId<TraceId>;
  readonly spanId: ReadId<SpanId>;
  readonly traceState: string;
  readonly flags: number;
}

/** The `SpanContext` of a span; null, and reported, without usable ids. */
function readContext(record: JsonObject, report: Report): SpanContext | null {
  const context = readObject(record, 'SpanContext', report) ?? {};
  const traceId = readTraceId(context['TraceID'], 'bytes');
  const spanId = readSpanId(context['SpanID'], 'bytes');
  if (traceId === null) {
    report('trace-id-missing', quoteId(context['TraceID'] ?? null));
    return null;
  }
  if (spanId === null) {
    report('span-id-missing', quoteId(context['SpanID'] ?? null));
    return null;
  }
  return {
    traceId,
    spanId,
    traceState: traceStateOf(context),
    flags: flagsOf(context, report),
  };
}

/** The parent's `SpanContext`; before 0.20 the parent's id alone. */
function parentOf(record: JsonObject, report: Report): ReadId<SpanId> | null {
  const parent = readField(record, 'Parent');
  const raw = isJsonObject(parent) ? parent['SpanID'] : record['ParentSpanID'];
  const id = readParentId(raw, 'bytes');
  if (id === null && raw !== undefined && !isNoId(raw)) badField(report, 'Parent', raw);
  return id;
}

/** A string; versions before 1.0 printed a list of key and value. */
function traceStateOf(context: JsonObject): string {
  const state = readField(context, 'TraceState');
  return typeof state === 'string' ? state : '';
}

/** W3C trace flags as two hex digits; a number in old versions. */
function flagsOf(context: JsonObject, report: Report): number {
  const flags = readField(context, 'TraceFlags');
  if (typeof flags !== 'string') return readUint32(context, 'TraceFlags', report);
  if (/^[0-9a-f]{2}$/i.test(flags)) return Number.parseInt(flags, 16);
  badField(report, 'TraceFlags', flags);
  return 0;
}

/** The protocol's numbers. */
function kindOf(record: JsonObject, report: Report): SpanKind {
  const number = readUint32(record, 'SpanKind', report);
  const kind = SPAN_KINDS[number];
  if (kind === undefined) badField(report, 'SpanKind', number);
  return kind ?? 'unspecified';
}

function statusOf(status: JsonObject, report: Report): StatusCode {
  const code = readField(status, 'Code');
  if (code === undefined) return 'unset';
  const name = STATUS_BY_GO_CODE.get(code);
  if (name === undefined) badField(report, 'Status.Code', code);
  return name ?? 'unset';
}

/** A list of `{Key, Value: {Type, Value}}`, or null. */
function attributesOf(record: JsonObject, field: string, report: Report): Attributes {
  const attributes = new Map<string, AttributeValue>();
  for (const pair of readObjects(record, field, report)) {
    const key = readString(pair, 'Key', report);
    if (key === null) continue;
    const value = attributeValue(readField(pair, 'Value') ?? null);
    putAttribute(attributes, [key, value], report);
  }
  return attributes.size === 0 ? NO_ATTRIBUTES : attributes;
}

/** FLOAT64 tells 1.0 from 1 and BYTESLICE base64 from text; elsewhere JSON's own types say enough. */
function attributeValue(typed: JsonValue): AttributeValue {
  if (!isJsonObject(typed)) return untypedValue(typed);
  const { Type: type, Value: inner = null } = typed;
  if (type === 'FLOAT64') return typedValue('float64', inner, 'base64');
  if (type === 'BYTESLICE') return typedValue('binary', inner, 'base64');
  if (type === 'FLOAT64SLICE' && isJsonList(inner)) {
    return inner.map((item) => typedValue('float64', item, 'base64'));
  }
  return untypedValue(inner);
}

function eventOf(event: JsonObject, report: Report): SpanEvent {
  const at = readDateTime(event, 'Time', report);
  return {
    timeUnixNano: typeof at === 'bigint' ? at : unixNano(0n),
    name: readString(event, 'Name', report) ?? '',
    attributes: attributesOf(event, 'Attributes', report),
    droppedAttributes: readUint32(event, 'DroppedAttributeCount', report),
  };
}

function linkOf(link: JsonObject, report: Report): SpanLink[] {
  const context = readObject(link, 'SpanContext', report) ?? {};
  const traceId = readTraceId(context['TraceID'], 'bytes');
  const spanId = readSpanId(context['SpanID'], 'bytes');
  if (traceId === null || spanId === null) {
    report('link-id-missing', quote(context));
    return [];
  }
  return [
    {
      traceId: traceId.id,
      spanId: spanId.id,
      traceState: traceStateOf(context),
      attributes: attributesOf(link, 'Attributes', report),
      flags: flagsOf(context, report),
      droppedAttributes: readUint32(link, 'DroppedAttributeCount', report),
    },
  ];
}

/** The scope has had two names. */
function scopeOf(record: JsonObject, report: Report): Scope {
  const scope = readObject(record, 'InstrumentationScope', report, 'InstrumentationLibrary');
  if (scope === null) return NO_SCOPE;
  return {
    name: readString(scope, 'Name', report) ?? '',
    version: readString(scope, 'Version', report) ?? '',
    attributes: attributesOf(scope, 'Attributes', report),
    droppedAttributes: 0,
    schemaUrl: readString(scope, 'SchemaURL', report) ?? '',
  };
}
