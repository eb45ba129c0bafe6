import { type ContentHash, chainedHash } from '../encoding/content-hash.ts';
import { decodeEvents } from '../encoding/event-text.ts';
import { decodeLinks } from '../encoding/link-text.ts';
import {
  INT64,
  INT64_PER_ROW,
  type RareFields,
  type SpanBatch,
  UINT32,
  UINT32_PER_ROW,
} from '../encoding/span-batch.ts';
import type { SpanExtra } from '../encoding/span-extra.ts';
import { type SpanId, spanId, type TraceId } from '../model/ids.ts';
import {
  NOTHING_DROPPED,
  type Resource,
  type Scope,
  type Span,
  type SpanKind,
  type SpanOrigin,
  STATUS_CODES,
} from '../model/span.ts';
import { durationBetween, unixNano } from '../model/time.ts';
import type { SqlValue } from './connection.ts';
import { LazyAttributes } from './lazy-attributes.ts';
import { fromSqlText, type SqlText, toSqlText } from './sql-text.ts';

/** A batch whose text is a buffer, which SQLite takes parts of without making strings. */
export type BoundBatch = SpanBatch & { readonly text: Buffer };

/** Columns of `span_rows` in the order of `bindRow`. */
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
  /** How the dump spells the trace's id, null when it is the canonical one. */
  readonly spanTraceIdRaw: string | null;
  /** Of resource and scope. The same span from two dumps has equal hashes although formats and the spelling of ids differ. */
  readonly sharedHash: ContentHash;
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

/** Columns that `bindRow` gives as UTF-8 bytes. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set(['attributes', 'events', 'links']);

/** The values of one row, as placeholders. */
export const ROW_PLACEHOLDERS = `(${SPAN_COLUMNS.map((column) =>
  TEXT_COLUMNS.has(column) ? 'CAST(? AS TEXT)' : '?',
).join(', ')})`;

/** Raw ids that differ from what the row says without them: absent means the trace's spelling, or the canonical one. */
interface RawIds {
  trace?: string | null;
  span?: string;
  parent?: string;
}

/** Writes the columns of a batch's row into `parameters` from index `at`: `SPAN_COLUMNS.length` values. */
export function bindRow(
  parameters: SqlValue[],
  at: number,
  batch: BoundBatch,
  row: number,
  references: SpanReferences,
): void {
  const { int64, uint32, rare: rareFields } = batch;
  const n = row * INT64_PER_ROW;
  const u = row * UINT32_PER_ROW;
  const rare = rareFields.size === 0 ? undefined : rareFields.get(row);
  const parent = int64[n + INT64.parentSpanId] ?? 0n;
  parameters[at] = references.traceKey;
  parameters[at + 1] = int64[n + INT64.spanId] ?? 0n;
  parameters[at + 2] = chainedHash(batch.hashes[row] ?? 0, references.sharedHash);
  parameters[at + 3] = parent === 0n ? null : parent;
  parameters[at + 4] = references.operationKey;
  parameters[at + 5] = references.resourceKey;
  parameters[at + 6] = references.scopeKey;
  parameters[at + 7] = references.sourceKey;
  parameters[at + 8] = int64[n + INT64.start] ?? 0n;
  parameters[at + 9] = int64[n + INT64.duration] ?? 0n;
  parameters[at + 10] = uint32[u + UINT32.timeFlags] ?? 0;
  parameters[at + 11] = uint32[u + UINT32.status] ?? 0;
  parameters[at + 12] = textOrNull(rare?.statusMessage ?? '');
  parameters[at + 13] = uint32[u + UINT32.flags] ?? 0;
  bindTexts(parameters, at + 14, batch, u);
  parameters[at + 17] = rare?.extra ?? null;
  parameters[at + 18] = encodeRawIds(references, rare);
}

/** Attributes, events and links of the row that begins at index `u`. */
function bindTexts(parameters: SqlValue[], at: number, { uint32, text }: BoundBatch, u: number) {
  const attributes = uint32[u + UINT32.textAt] ?? 0;
  const events = attributes + (uint32[u + UINT32.attributes] ?? 0);
  const links = events + (uint32[u + UINT32.events] ?? 0);
  const end = links + (uint32[u + UINT32.links] ?? 0);
  parameters[at] = bytesOrNull(text, attributes, events);
  parameters[at + 1] = bytesOrNull(text, events, links);
  parameters[at + 2] = bytesOrNull(text, links, end);
}

function bytesOrNull(text: Buffer, from: number, to: number): Buffer | null {
  return from === to ? null : text.subarray(from, to);
}

function textOrNull(text: string): SqlText | null {
  return text === '' ? null : toSqlText(text);
}

/** The span that `bindRow` wrote; attributes are decoded when first read. */
export function spanOfRow(row: SpanRow, context: RowContext): Span {
  const [id, parent, operationKey, resourceKey, scopeKey, sourceKey, startNs, duration, ...rest] =
    row;
  const [timeFlags, status, message, flags, attributes, events, links, extraText, rawIds] = rest;
  const start = unixNano(startNs);
  const end = unixNano(startNs + duration);
  const extra: SpanExtra | null = extraText === null ? null : JSON.parse(extraText);
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

function encodeRawIds(
  { spanTraceIdRaw, traceIdRaw }: SpanReferences,
  rare: RareFields | undefined,
): string | null {
  const spanIdRaw = rare?.spanIdRaw ?? null;
  const parentSpanIdRaw = rare?.parentSpanIdRaw ?? null;
  if (spanTraceIdRaw === traceIdRaw && spanIdRaw === null && parentSpanIdRaw === null) return null;
  const raw: RawIds = {};
  if (spanTraceIdRaw !== traceIdRaw) raw.trace = spanTraceIdRaw;
  if (spanIdRaw !== null) raw.span = spanIdRaw;
  if (parentSpanIdRaw !== null) raw.parent = parentSpanIdRaw;
  return JSON.stringify(raw);
}

function decodeOrigin(
  plain: SpanOrigin,
  extra: SpanExtra | null,
  rawIds: string | null,
): SpanOrigin {
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

/** The id whose 64 bits SQLite has as a signed integer. Throws a RangeError for 0, which no importer lets in. */
function hexId(bits: bigint): SpanId {
  const id = spanId(BigInt.asUintN(64, bits).toString(16).padStart(16, '0'));
  if (id === null) throw new RangeError('a span id of the store is 0');
  return id;
}
