import { type SpanId, spanId, type TraceId } from '../model/ids.ts';
import {
  type DroppedCounts,
  NOTHING_DROPPED,
  type Resource,
  type Scope,
  type Span,
  type SpanKind,
  type SpanOrigin,
  STATUS_CODES,
} from '../model/span.ts';
import { durationBetween, unixNano } from '../model/time.ts';
import { encodeAttributes } from './attribute-text.ts';
import type { SqlValue } from './connection.ts';
import { type ContentHash, contentHash } from './content-hash.ts';
import { decodeEvents, encodeEvents } from './event-text.ts';
import { LazyAttributes } from './lazy-attributes.ts';
import { decodeLinks, encodeLinks } from './link-text.ts';
import { fromSqlText, type SqlText, toSqlText } from './sql-text.ts';

/** Columns of `span_rows` in the order of `bindSpan`. */
export const SPAN_COLUMNS = [
  'trace_key',
  'span_id',
  'content_hash',
  'parent_span_id',
  'operation_key',
  'resource_key',
  'scope_key',
  'source_key',
  'start_ns',
  'duration_ns',
  'time_flags',
  'status',
  'status_message',
  'flags',
  'attributes',
  'events',
  'links',
  'extra',
  'raw_ids',
] as const;

/** Keys of the rows that a span refers to, and what they contribute to its content. */
export interface SpanReferences {
  readonly traceKey: number;
  /** The spelling that the trace's row keeps. */
  readonly traceIdRaw: string | null;
  readonly operationKey: number;
  readonly resourceKey: number;
  readonly scopeKey: number;
  readonly sourceKey: number;
  /** Hashes of resource and scope as text. */
  readonly sharedContent: string;
}

/** Columns that `spanOfRow` reads, in its order. */
export const READ_SPAN_COLUMNS = SPAN_COLUMNS.filter(
  (column) => column !== 'trace_key' && column !== 'content_hash',
).join(', ');

/** What SQLite gives for `READ_SPAN_COLUMNS`. */
export type SpanRow = readonly [
  id: bigint,
  parent: bigint | null,
  operationKey: bigint,
  resourceKey: bigint,
  scopeKey: bigint,
  sourceKey: bigint,
  start: bigint,
  duration: bigint,
  timeFlags: bigint,
  status: bigint,
  statusMessage: SqlText | null,
  flags: bigint,
  attributes: string | null,
  events: string | null,
  links: string | null,
  extra: string | null,
  rawIds: string | null,
];

/** What a row's keys refer to. */
export interface RowContext {
  readonly traceId: TraceId;
  readonly traceIdRaw: string | null;
  readonly operation: (key: bigint) => { readonly name: string; readonly kind: SpanKind };
  readonly resource: (key: bigint) => Resource;
  readonly scope: (key: bigint) => Scope;
  /** The origin of a span of which there is nothing to say but its format and its trace's raw id. */
  readonly origin: (sourceKey: bigint) => SpanOrigin;
}

/** Fields that few spans have, in one JSON column. Absent means empty, nothing or false. */
interface Extra {
  traceState?: string;
  dropped?: DroppedCounts;
  shared?: true;
  debug?: true;
  warnings?: readonly string[];
}

/** Raw ids that differ from what the row says without them: absent means the trace's spelling, or the canonical one. */
interface RawIds {
  trace?: string | null;
  span?: string;
  parent?: string;
}

/** Writes a span's columns into `parameters` from index `at`: `SPAN_COLUMNS.length` values. */
export function bindSpan(
  parameters: SqlValue[],
  at: number,
  span: Span,
  references: SpanReferences,
): void {
  const attributes = span.attributes.size === 0 ? null : encodeAttributes(span.attributes);
  const events = encodeEvents(span.events, span.startUnixNano);
  const links = encodeLinks(span.links);
  const extra = encodeExtra(span);
  const duration = span.endUnixNano - span.startUnixNano;
  const content = `${attributes ?? ''}${events ?? ''}${links ?? ''}${extra ?? ''}`;
  parameters[at] = references.traceKey;
  parameters[at + 1] = signedBits(span.spanId);
  parameters[at + 2] = spanHash(span, duration, references.sharedContent, content);
  parameters[at + 3] = span.parentSpanId === null ? null : signedBits(span.parentSpanId);
  parameters[at + 4] = references.operationKey;
  parameters[at + 5] = references.resourceKey;
  parameters[at + 6] = references.scopeKey;
  parameters[at + 7] = references.sourceKey;
  parameters[at + 8] = span.startUnixNano;
  parameters[at + 9] = duration;
  parameters[at + 10] = span.timeFlags;
  parameters[at + 11] = STATUS_CODES.indexOf(span.statusCode);
  parameters[at + 12] = span.statusMessage === '' ? null : toSqlText(span.statusMessage);
  parameters[at + 13] = span.flags;
  parameters[at + 14] = attributes;
  parameters[at + 15] = events;
  parameters[at + 16] = links;
  parameters[at + 17] = extra;
  parameters[at + 18] = encodeRawIds(span.origin, references.traceIdRaw);
}

/** The span that `bindSpan` was given; attributes are decoded when first read. */
export function spanOfRow(row: SpanRow, context: RowContext): Span {
  const [id, parent, operationKey, resourceKey, scopeKey, sourceKey, startNs, duration, ...rest] =
    row;
  const [timeFlags, status, message, flags, attributes, events, links, extraText, rawIds] = rest;
  const start = unixNano(startNs);
  const end = unixNano(startNs + duration);
  const extra: Extra | null = extraText === null ? null : JSON.parse(extraText);
  const { name, kind } = context.operation(operationKey);
  return {
    traceId: context.traceId,
    spanId: hexId(id),
    parentSpanId: parent === null ? null : hexId(parent),
    name,
    kind,
    startUnixNano: start,
    endUnixNano: end,
    durationNs: durationBetween(start, end),
    timeFlags: Number(timeFlags),
    statusCode: STATUS_CODES[Number(status)] ?? 'unset',
    statusMessage: message === null ? '' : fromSqlText(message),
    traceState: extra?.traceState ?? '',
    flags: Number(flags),
    attributes: LazyAttributes.of(attributes),
    events: decodeEvents(events, start),
    links: decodeLinks(links),
    dropped: extra?.dropped ?? NOTHING_DROPPED,
    resource: context.resource(resourceKey),
    scope: context.scope(scopeKey),
    origin: decodeOrigin(context.origin(sourceKey), extra, rawIds),
  };
}

/**
 * Identifies a span among those of the same trace and span id. Two dumps of one span agree although their formats and their spelling
 * of ids differ: everything counts except `origin.format` and the raw ids.
 */
function spanHash(
  span: Span,
  duration: bigint,
  sharedContent: string,
  content: string,
): ContentHash {
  return contentHash(
    `${sharedContent} ${span.parentSpanId} ${span.startUnixNano} ${duration} ${span.timeFlags} ${span.flags} ${span.kind} ${span.statusCode} ${span.name.length} ${span.name}${span.statusMessage} ${content}`,
  );
}

function encodeExtra(span: Span): string | null {
  const { origin } = span;
  const extra: Extra = {};
  let found = false;
  const note = <Key extends keyof Extra>(key: Key, value: Extra[Key]) => {
    extra[key] = value;
    found = true;
  };
  if (span.traceState !== '') note('traceState', span.traceState);
  const { attributes, events, links } = span.dropped;
  if (attributes + events + links > 0) note('dropped', { attributes, events, links });
  if (origin.shared) note('shared', true);
  if (origin.debug) note('debug', true);
  if (origin.warnings.length > 0) note('warnings', origin.warnings);
  return found ? JSON.stringify(extra) : null;
}

function encodeRawIds(origin: SpanOrigin, traceIdRaw: string | null): string | null {
  const { spanIdRaw, parentSpanIdRaw } = origin;
  if (origin.traceIdRaw === traceIdRaw && spanIdRaw === null && parentSpanIdRaw === null) {
    return null;
  }
  const raw: RawIds = {};
  if (origin.traceIdRaw !== traceIdRaw) raw.trace = origin.traceIdRaw;
  if (spanIdRaw !== null) raw.span = spanIdRaw;
  if (parentSpanIdRaw !== null) raw.parent = parentSpanIdRaw;
  return JSON.stringify(raw);
}

function decodeOrigin(plain: SpanOrigin, extra: Extra | null, rawIds: string | null): SpanOrigin {
  if (extra === null && rawIds === null) return plain;
  const raw: RawIds = rawIds === null ? {} : JSON.parse(rawIds);
  return {
    format: plain.format,
    traceIdRaw: raw.trace === undefined ? plain.traceIdRaw : raw.trace,
    spanIdRaw: raw.span ?? null,
    parentSpanIdRaw: raw.parent ?? null,
    shared: extra?.shared ?? false,
    debug: extra?.debug ?? false,
    warnings: extra?.warnings ?? plain.warnings,
  };
}

/** A span id as SQLite's signed 64-bit integer. */
function signedBits(id: SpanId): bigint {
  return BigInt.asIntN(64, BigInt(`0x${id}`));
}

/** The id that `signedBits` was given. Throws a RangeError for 0, which no importer lets in. */
function hexId(bits: bigint): SpanId {
  const id = spanId(BigInt.asUintN(64, bits).toString(16).padStart(16, '0'));
  if (id === null) throw new RangeError('a span id of the store is 0');
  return id;
}
