import type { AttributeValue } from '../../model/attributes.ts';
import { type SpanId, spanId, type TraceId, traceId } from '../../model/ids.ts';
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
import { isUnixNano, unixNano } from '../../model/time.ts';
import type { Report, TimeField } from '../read-field.ts';
import { buildSpan, timesBetween } from '../span-builder.ts';
import { readAttribute } from './otlp-protobuf-attributes.ts';
import { EVENT, LINK, SPAN, STATUS } from './otlp-wire.ts';
import type { WireReader } from './wire-reader.ts';

/** What the messages around a span say of it. */
export interface SpanContext {
  readonly format: string;
  readonly resource: Resource;
  readonly scope: Scope;
}

/** Lengths of ids on the wire. */
export const TRACE_ID_BYTES = 16;
export const SPAN_ID_BYTES = 8;

const NO_BYTES: Buffer = Buffer.alloc(0);
const NO_TIME = 0n;

/** The fields of a Span message as they are on the wire; absent ones have protobuf's defaults. */
interface WireSpan {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId: Buffer;
  traceState: string;
  name: string;
  kind: number;
  start: bigint;
  end: bigint;
  readonly attributes: Map<string, AttributeValue>;
  readonly events: SpanEvent[];
  readonly links: SpanLink[];
  readonly dropped: { -readonly [Key in keyof DroppedCounts]: DroppedCounts[Key] };
  statusCode: number;
  statusMessage: string;
  flags: number;
}

interface WireLink {
  traceId: Buffer;
  spanId: Buffer;
  traceState: string;
  flags: number;
  droppedAttributes: number;
}

/**
 * The span in an OTLP Span message; null when its ids are missing, zero or of a wrong length, which is reported.
 * Throws a `WireError` when the message is damaged.
 */
export function readSpan(message: WireReader, context: SpanContext, report: Report): Span | null {
  const wire = readWireSpan(message, report);
  const trace = idOf(wire.traceId, TRACE_ID_BYTES, traceId);
  const span = idOf(wire.spanId, SPAN_ID_BYTES, spanId);
  if (trace === null) {
    report('trace-id-missing', `trace id of ${wire.traceId.length} bytes`);
    return null;
  }
  if (span === null) {
    report('span-id-missing', `span id of ${wire.spanId.length} bytes`);
    return null;
  }
  const { dropped } = wire;
  const hasDropped = dropped.attributes + dropped.events + dropped.links > 0;
  // Field by field: spreading an object into one this large makes V8 keep it as a hash table, ten times slower.
  return buildSpan({
    format: context.format,
    resource: context.resource,
    scope: context.scope,
    traceId: { id: trace, raw: null },
    spanId: { id: span, raw: null },
    parent: parentOf(wire.parentSpanId, report),
    times: timesBetween(time(wire.start, report), time(wire.end, report), report),
    name: wire.name,
    kind: kindOf(wire.kind, report),
    statusCode: statusOf(wire.statusCode, report),
    statusMessage: wire.statusMessage,
    traceState: wire.traceState,
    flags: wire.flags,
    attributes: wire.attributes,
    events: wire.events,
    links: wire.links,
    dropped: hasDropped ? dropped : NOTHING_DROPPED,
  });
}

function readWireSpan(message: WireReader, report: Report): WireSpan {
  const span: WireSpan = {
    traceId: NO_BYTES,
    spanId: NO_BYTES,
    parentSpanId: NO_BYTES,
    traceState: '',
    name: '',
    kind: 0,
    start: NO_TIME,
    end: NO_TIME,
    attributes: new Map(),
    events: [],
    links: [],
    dropped: { attributes: 0, events: 0, links: 0 },
    statusCode: 0,
    statusMessage: '',
    flags: 0,
  };
  for (let tag = message.next(); tag !== 0; tag = message.next()) {
    if (!readIdentity(tag, message, span)) readContent(tag, message, span, report);
  }
  return span;
}

/** Reads a field that says which span this is and when; false when `tag` is another. */
function readIdentity(tag: number, message: WireReader, span: WireSpan): boolean {
  switch (tag) {
    case SPAN.traceId:
      span.traceId = message.bytes();
      return true;
    case SPAN.spanId:
      span.spanId = message.bytes();
      return true;
    case SPAN.parentSpanId:
      span.parentSpanId = message.bytes();
      return true;
    case SPAN.traceState:
      span.traceState = message.string();
      return true;
    case SPAN.flags:
      span.flags = message.fixed32();
      return true;
    case SPAN.name:
      span.name = message.string();
      return true;
    case SPAN.kind:
      span.kind = message.uint32();
      return true;
    case SPAN.start:
      span.start = message.fixed64();
      return true;
    case SPAN.end:
      span.end = message.fixed64();
      return true;
    default:
      return false;
  }
}

/** Reads a field that says what happened. */
function readContent(tag: number, message: WireReader, span: WireSpan, report: Report): void {
  switch (tag) {
    case SPAN.attributes:
      readAttribute(message.message(), span.attributes);
      break;
    case SPAN.events:
      span.events.push(readEvent(message.message(), report));
      break;
    case SPAN.links:
      pushLink(message.message(), span.links, report);
      break;
    case SPAN.status:
      readStatus(message.message(), span);
      break;
    case SPAN.droppedAttributes:
      span.dropped.attributes = message.uint32();
      break;
    case SPAN.droppedEvents:
      span.dropped.events = message.uint32();
      break;
    case SPAN.droppedLinks:
      span.dropped.links = message.uint32();
      break;
    default:
      report('unknown-field', `field ${Math.floor(tag / 8)} of a span`);
      message.skip();
  }
}

function readStatus(message: WireReader, span: WireSpan): void {
  for (let tag = message.next(); tag !== 0; tag = message.next()) {
    if (tag === STATUS.code) span.statusCode = message.uint32();
    else if (tag === STATUS.message) span.statusMessage = message.string();
    else message.skip();
  }
}

function readEvent(message: WireReader, report: Report): SpanEvent {
  const attributes = new Map<string, AttributeValue>();
  const event = { name: '', at: NO_TIME, droppedAttributes: 0 };
  for (let tag = message.next(); tag !== 0; tag = message.next()) {
    if (tag === EVENT.time) event.at = message.fixed64();
    else if (tag === EVENT.name) event.name = message.string();
    else if (tag === EVENT.attributes) readAttribute(message.message(), attributes);
    else if (tag === EVENT.droppedAttributes) event.droppedAttributes = message.uint32();
    else message.skip();
  }
  const at = time(event.at, report);
  return {
    timeUnixNano: typeof at === 'bigint' ? at : unixNano(NO_TIME),
    name: event.name,
    attributes,
    droppedAttributes: event.droppedAttributes,
  };
}

/** Appends a link, unless its ids are unusable. */
function pushLink(message: WireReader, links: SpanLink[], report: Report): void {
  const attributes = new Map<string, AttributeValue>();
  const link: WireLink = {
    traceId: NO_BYTES,
    spanId: NO_BYTES,
    traceState: '',
    flags: 0,
    droppedAttributes: 0,
  };
  for (let tag = message.next(); tag !== 0; tag = message.next()) {
    if (tag === LINK.attributes) readAttribute(message.message(), attributes);
    else readLinkField(tag, message, link);
  }
  const trace = idOf(link.traceId, TRACE_ID_BYTES, traceId);
  const span = idOf(link.spanId, SPAN_ID_BYTES, spanId);
  if (trace === null || span === null) {
    report('link-id-missing', `ids of ${link.traceId.length} and ${link.spanId.length} bytes`);
    return;
  }
  const { traceState, flags, droppedAttributes } = link;
  links.push({ traceId: trace, spanId: span, traceState, attributes, flags, droppedAttributes });
}

function readLinkField(tag: number, message: WireReader, link: WireLink): void {
  if (tag === LINK.traceId) link.traceId = message.bytes();
  else if (tag === LINK.spanId) link.spanId = message.bytes();
  else if (tag === LINK.traceState) link.traceState = message.string();
  else if (tag === LINK.droppedAttributes) link.droppedAttributes = message.uint32();
  else if (tag === LINK.flags) link.flags = message.fixed32();
  else message.skip();
}

/** The id in a bytes field; null when it has another length or is all zero. */
function idOf<Id extends TraceId | SpanId>(
  bytes: Buffer,
  length: number,
  check: (hex: string) => Id | null,
): Id | null {
  return bytes.length === length ? check(bytes.toString('hex')) : null;
}

/** Null for a root: no bytes, or all zero. A damaged parent is reported. */
function parentOf(bytes: Buffer, report: Report): { id: SpanId; raw: null } | null {
  const id = idOf(bytes, SPAN_ID_BYTES, spanId);
  if (id !== null) return { id, raw: null };
  if (bytes.some((byte) => byte !== 0)) {
    report('bad-field', `parent span id of ${bytes.length} bytes`);
  }
  return null;
}

/** OTLP has no absent times: 0 stands for one. */
function time(value: bigint, report: Report): TimeField {
  if (value === NO_TIME) return 'absent';
  if (isUnixNano(value)) return unixNano(value);
  report('bad-field', `time: ${value}`);
  return 'bad';
}

function kindOf(kind: number, report: Report): SpanKind {
  const name = SPAN_KINDS[kind];
  if (name === undefined) report('bad-field', `kind: ${kind}`);
  return name ?? 'unspecified';
}

function statusOf(code: number, report: Report): StatusCode {
  const name = STATUS_CODES[code];
  if (name === undefined) report('bad-field', `status code: ${code}`);
  return name ?? 'unset';
}
