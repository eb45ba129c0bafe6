import { type Attributes, NO_ATTRIBUTES } from '../model/attributes.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import {
  type DroppedCounts,
  NOTHING_DROPPED,
  type Resource,
  type Scope,
  type Span,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
  type SpanOrigin,
  type StatusCode,
  TIME_FLAGS,
} from '../model/span.ts';
import {
  durationBetween,
  isUnixNano,
  type Nanos,
  nanos,
  type UnixNano,
  unixNano,
} from '../model/time.ts';
import type { Report, TimeField } from './read-field.ts';
import type { ReadId } from './read-id.ts';

/** A resource that says nothing, shared. */
export const NO_RESOURCE: Resource = { attributes: NO_ATTRIBUTES, schemaUrl: '' };

/** A scope that says nothing, shared. */
export const NO_SCOPE: Scope = {
  name: '',
  version: '',
  attributes: NO_ATTRIBUTES,
  droppedAttributes: 0,
  schemaUrl: '',
};

/** The four fields of a span that say when. */
export type SpanTimes = Pick<Span, 'startUnixNano' | 'endUnixNano' | 'durationNs' | 'timeFlags'>;

/** What a decoder knows of a span; everything left out is empty, unset or unspecified. */
export interface SpanDraft {
  /** Name of the decoder's format. */
  readonly format: string;
  readonly traceId: ReadId<TraceId>;
  readonly spanId: ReadId<SpanId>;
  /** Null for a root. A span that is its own parent becomes a root. */
  readonly parent: ReadId<SpanId> | null;
  readonly times: SpanTimes;
  readonly name?: string | null;
  readonly kind?: SpanKind;
  readonly statusCode?: StatusCode;
  readonly statusMessage?: string | null;
  readonly traceState?: string | null;
  readonly flags?: number;
  readonly attributes?: Attributes;
  readonly events?: readonly SpanEvent[];
  readonly links?: readonly SpanLink[];
  readonly dropped?: DroppedCounts;
  readonly resource?: Resource;
  readonly scope?: Scope;
  readonly shared?: boolean;
  readonly debug?: boolean;
  readonly warnings?: readonly string[];
}

const ZERO = unixNano(0n);
const NO_TIME = nanos(0);
const NONE: readonly never[] = [];

/** A span out of what a decoder knows. */
export function buildSpan(draft: SpanDraft): Span {
  const isOwnParent = draft.parent?.id === draft.spanId.id;
  const parent = isOwnParent ? null : draft.parent;
  return {
    traceId: draft.traceId.id,
    spanId: draft.spanId.id,
    parentSpanId: parent === null ? null : parent.id,
    name: draft.name ?? '',
    kind: draft.kind ?? 'unspecified',
    startUnixNano: draft.times.startUnixNano,
    endUnixNano: draft.times.endUnixNano,
    durationNs: draft.times.durationNs,
    timeFlags: draft.times.timeFlags,
    statusCode: draft.statusCode ?? 'unset',
    statusMessage: draft.statusMessage ?? '',
    traceState: draft.traceState ?? '',
    flags: draft.flags ?? 0,
    attributes: draft.attributes ?? NO_ATTRIBUTES,
    events: draft.events ?? NONE,
    links: draft.links ?? NONE,
    dropped: draft.dropped ?? NOTHING_DROPPED,
    resource: draft.resource ?? NO_RESOURCE,
    scope: draft.scope ?? NO_SCOPE,
    origin: origin(draft, parent),
  };
}

function origin(draft: SpanDraft, parent: ReadId<SpanId> | null): SpanOrigin {
  return {
    format: draft.format,
    traceIdRaw: draft.traceId.raw,
    spanIdRaw: draft.spanId.raw,
    parentSpanIdRaw: parent === null ? null : parent.raw,
    shared: draft.shared ?? false,
    debug: draft.debug ?? false,
    warnings: draft.warnings ?? NONE,
  };
}

/**
 * Times of a format that gives start and end. Without a start the end is kept and the duration is 0, for it is not known;
 * without an end it equals the start. Reports what is missing or reversed.
 */
export function timesBetween(start: TimeField, end: TimeField, report: Report): SpanTimes {
  const startUnixNano = pointInTime(start) ?? ZERO;
  const endUnixNano = pointInTime(end) ?? startUnixNano;
  const hasBoth = isPoint(start) && isPoint(end);
  const durationNs = hasBoth ? durationBetween(startUnixNano, endUnixNano) : NO_TIME;
  return reported({ start, end, startUnixNano, endUnixNano, durationNs }, report);
}

/**
 * Times of a format that gives start and duration (in nanoseconds, null when absent). Without a start the span begins at 0 and
 * keeps its duration. A negative duration puts the end before the start. Reports what is missing or reversed.
 */
export function timesFrom(start: TimeField, duration: bigint | null, report: Report): SpanTimes {
  const startUnixNano = pointInTime(start) ?? ZERO;
  const end: TimeField = duration === null ? 'absent' : endAfter(startUnixNano, duration, report);
  const endUnixNano = pointInTime(end) ?? startUnixNano;
  const durationNs = durationBetween(startUnixNano, endUnixNano);
  return reported({ start, end, startUnixNano, endUnixNano, durationNs }, report);
}

interface ReadTimes {
  readonly start: TimeField;
  readonly end: TimeField;
  readonly startUnixNano: UnixNano;
  readonly endUnixNano: UnixNano;
  readonly durationNs: Nanos;
}

function reported(times: ReadTimes, report: Report): SpanTimes {
  const { start, end, startUnixNano, endUnixNano, durationNs } = times;
  let timeFlags = 0;
  if (!isPoint(start)) {
    timeFlags |= TIME_FLAGS.noStart;
    if (start === 'absent') report('no-start', 'a span without a start');
  }
  if (!isPoint(end)) {
    timeFlags |= TIME_FLAGS.noEnd;
    if (end === 'absent') report('no-end', 'a span without an end');
  }
  if (start === 'bad' || end === 'bad') timeFlags |= TIME_FLAGS.badTime;
  if (endUnixNano < startUnixNano) {
    timeFlags |= TIME_FLAGS.negativeDuration;
    report('end-before-start', `start ${startUnixNano}, end ${endUnixNano}`);
  }
  return { startUnixNano, endUnixNano, durationNs, timeFlags };
}

function endAfter(start: UnixNano, duration: bigint, report: Report): TimeField {
  const end = start + duration;
  if (isUnixNano(end)) return unixNano(end);
  report('bad-field', `duration: ${duration} ns`);
  return 'bad';
}

function isPoint(time: TimeField): time is UnixNano {
  return typeof time === 'bigint';
}

function pointInTime(time: TimeField): UnixNano | null {
  return isPoint(time) ? time : null;
}
