import type { Attributes } from './attributes.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { Nanos, UnixNano } from './time.ts';

/** OpenTelemetry's span kinds, in the order of the protocol's numbers 0–5. */
export const SPAN_KINDS = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
] as const;

/** What a span is to its neighbours. `unspecified` is kept as read; analyses treat it like `internal` except where they say so. */
export type SpanKind = (typeof SPAN_KINDS)[number];

/** OpenTelemetry's status codes, in the order of the protocol's numbers 0–2. */
export const STATUS_CODES = ['unset', 'ok', 'error'] as const;

/** A span's outcome after the rules of its format's own UI: `error` is the one notion of an error everywhere. */
export type StatusCode = (typeof STATUS_CODES)[number];

/** Bits of `Span.timeFlags`: what is wrong or missing in a span's times. */
export const TIME_FLAGS = {
  /** The dump gives no start; `startUnixNano` is 0. */
  noStart: 1,
  /** The dump gives no end (an unfinished span, or a Zipkin span without duration); `endUnixNano` equals the start. */
  noEnd: 2,
  /** The end is before the start; both are kept as read and `durationNs` is 0. */
  negativeDuration: 4,
  /** A time was outside 0…2^63−1 or not a number and was left out. */
  badTime: 8,
} as const;

/** A span: one timed operation of one service. The canonical form of every importer, on OpenTelemetry's data model. */
export interface Span {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  /** Null for a root: absent, empty, all zero, or equal to the span's own id. The parent may be missing from the data. */
  readonly parentSpanId: SpanId | null;
  /** The operation as the dump spells it, e.g. `GET /cart`. May be empty; shown as `(unnamed)`. */
  readonly name: string;
  readonly kind: SpanKind;
  /** Exact. 0 and `TIME_FLAGS.noStart` when the dump has none (0 alone is a legal time). */
  readonly startUnixNano: UnixNano;
  /** Exact. As read, even when before the start. */
  readonly endUnixNano: UnixNano;
  /** max(0, end − start), derived. */
  readonly durationNs: Nanos;
  /** Bits of `TIME_FLAGS`; 0 for a span with two plausible times. */
  readonly timeFlags: number;
  readonly statusCode: StatusCode;
  /** "" when there is none. */
  readonly statusMessage: string;
  /** W3C tracestate header, raw; "" when there is none. */
  readonly traceState: string;
  /** OTLP flags: bits 0–7 are W3C trace flags (1 = sampled), 0x100 has-is-remote, 0x200 is-remote. 0 when unknown. */
  readonly flags: number;
  readonly attributes: Attributes;
  /** In the order of the dump; sort by time for display. */
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly dropped: DroppedCounts;
  readonly resource: Resource;
  readonly scope: Scope;
  readonly origin: SpanOrigin;
}

/** Something that happened at one moment of a span, e.g. an `exception`. Jaeger's logs and Zipkin's annotations become events. */
export interface SpanEvent {
  /** 0 when the dump gives no time. */
  readonly timeUnixNano: UnixNano;
  /** "" when the dump gives none (a Jaeger log without an `event` field). */
  readonly name: string;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
}

/** A pointer to a span, often of another trace. Jaeger's references that are not the parent carry `opentracing.ref_type`. */
export interface SpanLink {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly traceState: string;
  readonly attributes: Attributes;
  readonly flags: number;
  readonly droppedAttributes: number;
}

/** How many attributes, events and links the SDK dropped at its limits, as it says itself. */
export interface DroppedCounts {
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
}

/** Nothing dropped, shared. */
export const NOTHING_DROPPED: DroppedCounts = { attributes: 0, events: 0, links: 0 };

/** Who produced a span: a process, pod or function. Spans of one batch share one object. */
export interface Resource {
  readonly attributes: Attributes;
  /** "" when there is none. */
  readonly schemaUrl: string;
}

/** The instrumentation library that produced a span. All fields empty when the dump names none. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
  readonly schemaUrl: string;
}

/** What a span was before translation; everything here is only for display, look-up and going back to the same format. */
export interface SpanOrigin {
  /** Name of the importer's format, e.g. `otlp-json`. */
  readonly format: string;
  /** The id as the dump spells it, null when it equals the canonical one. Ids that are not hex are hashed into `traceId`. */
  readonly traceIdRaw: string | null;
  readonly spanIdRaw: string | null;
  readonly parentSpanIdRaw: string | null;
  /** Zipkin: the server half of a span id shared with its client. */
  readonly shared: boolean;
  /** Jaeger's and Zipkin's debug flag: forced sampling. */
  readonly debug: boolean;
  /** The producer's own warnings (Jaeger), e.g. about clock skew. */
  readonly warnings: readonly string[];
}

/** Shown where no service name is known. */
export const UNKNOWN_SERVICE = 'unknown_service';

/** The service of a resource: `service.name` if it is a non-empty string, else `unknown_service`. */
export function serviceName(resource: Resource): string {
  const name = resource.attributes.get('service.name');
  return typeof name === 'string' && name !== '' ? name : UNKNOWN_SERVICE;
}
