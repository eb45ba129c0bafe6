import { decodeEvents } from '../encoding/event-text.ts';
import { decodeLinks } from '../encoding/link-text.ts';
import type { SpanExtra } from '../encoding/span-extra.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
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
import { LazyAttributes } from './lazy-attributes.ts';
import {
  flagsOf,
  hasParent,
  ID_BYTES,
  type RawIds,
  type SpanColumns,
  type SpanRange,
  statusOf,
  timeFlagsOf,
  WORD,
  wordOf,
} from './span-columns.ts';
import { bigEndian } from './trace-totals.ts';

/** What the keys in columns refer to. */
export interface RowContext {
  readonly traceId: TraceId;
  readonly traceIdRaw: string | null;
  readonly operation: (key: number) => { readonly name: string; readonly kind: SpanKind };
  readonly resource: (key: number) => Resource;
  readonly scope: (key: number) => Scope;
  /** The origin of a span of which there is nothing to say but its format and its trace's raw id. */
  readonly origin: (sourceKey: number) => SpanOrigin;
}

/**
 * The spans of one trace, by id and then content, so that their order does not depend on that in which they were imported. Attributes
 * are decoded when first read.
 */
export function spansOfTrace(ranges: readonly SpanRange[], context: RowContext): Span[] {
  const spans: Span[] = [];
  const keys = new SortKeys(ranges.reduce((sum, { count }) => sum + count, 0));
  for (const { columns, first, count } of ranges) {
    const ids = hexIds(columns, first, count);
    for (let i = 0; i < count; i++) {
      keys.add(columns, first + i);
      spans.push(spanAt(columns, first + i, ids, i * 32, context));
    }
  }
  return keys.inOrder(spans);
}

/** What a trace's spans are sorted by, as numbers: comparing ids as texts costs as much as making the spans. */
class SortKeys {
  readonly #ids: Float64Array;
  readonly #hashes: Float64Array;
  #size = 0;
  #isSorted = true;

  /** For `capacity` spans. */
  constructor(capacity: number) {
    this.#ids = new Float64Array(capacity);
    this.#hashes = new Float64Array(capacity);
  }

  add({ ids, hashes }: SpanColumns, span: number): void {
    const at = this.#size++;
    this.#ids[at] =
      bigEndian(ids[span * 4] ?? 0) * 2 ** 20 + (bigEndian(ids[span * 4 + 1] ?? 0) >>> 12);
    this.#hashes[at] = hashes[span] ?? 0;
    // The leading 52 bits tell ids apart well enough to see that they ascend, not that they are equal.
    this.#isSorted &&= at === 0 || (this.#ids[at] ?? 0) > (this.#ids[at - 1] ?? 0);
  }

  /** The spans that were added, by id and then content. */
  inOrder(spans: Span[]): Span[] {
    if (this.#isSorted) return spans;
    const order = Uint32Array.from(spans, (_, i) => i).sort((a, b) => this.#compare(spans, a, b));
    return spans.map((span, i) => spans[order[i] ?? 0] ?? span);
  }

  #compare(spans: readonly Span[], a: number, b: number): number {
    return (
      (this.#ids[a] ?? 0) - (this.#ids[b] ?? 0) ||
      compareTexts(spans[a]?.spanId ?? '', spans[b]?.spanId ?? '') ||
      (this.#hashes[a] ?? 0) - (this.#hashes[b] ?? 0)
    );
  }
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Ids and parents' ids, 32 digits a span. */
function hexIds({ ids }: SpanColumns, first: number, count: number): string {
  const bytes = Buffer.from(ids.buffer as ArrayBuffer, ids.byteOffset, ids.byteLength);
  return bytes.toString('hex', first * ID_BYTES, (first + count) * ID_BYTES);
}

function spanAt(
  columns: SpanColumns,
  at: number,
  ids: string,
  idAt: number,
  context: RowContext,
): Span {
  const startNs = columns.times[at * 2] ?? 0n;
  const start = unixNano(startNs);
  const end = unixNano(startNs + (columns.times[at * 2 + 1] ?? 0n));
  const { name, kind } = context.operation(wordOf(columns, at, WORD.operation));
  const rare = columns.rare.size === 0 ? undefined : columns.rare.get(at);
  const extra = rare?.extra as SpanExtra | undefined;
  const plainOrigin = context.origin(columns.sources[at] ?? 0);
  const attributesAt = wordOf(columns, at, WORD.textAt);
  const eventsAt = attributesAt + wordOf(columns, at, WORD.attributes);
  const linksAt = eventsAt + wordOf(columns, at, WORD.events);
  const textEnd = linksAt + wordOf(columns, at, WORD.links);
  return {
    traceId: context.traceId,
    // Eight bytes in hex; no importer lets an id of zeros in.
    spanId: ids.slice(idAt, idAt + 16) as SpanId,
    parentSpanId: hasParent(columns, at) ? (ids.slice(idAt + 16, idAt + 32) as SpanId) : null,
    name,
    kind,
    startUnixNano: start,
    endUnixNano: end,
    durationNs: durationBetween(start, end),
    timeFlags: timeFlagsOf(columns, at),
    statusCode: STATUS_CODES[statusOf(columns, at)] ?? 'unset',
    statusMessage: rare?.message ?? '',
    traceState: extra?.traceState ?? '',
    flags: flagsOf(columns, at),
    attributes: LazyAttributes.of(columns.texts, attributesAt, eventsAt),
    events: decodeEvents(textOrNull(columns, eventsAt, linksAt), start),
    links: decodeLinks(textOrNull(columns, linksAt, textEnd)),
    dropped: extra?.dropped ?? NOTHING_DROPPED,
    resource: context.resource(wordOf(columns, at, WORD.resource)),
    scope: context.scope(wordOf(columns, at, WORD.scope)),
    origin: rare === undefined ? plainOrigin : originOf(plainOrigin, extra, rare.rawIds),
  };
}

function textOrNull({ texts }: SpanColumns, from: number, to: number): string | null {
  return from === to ? null : texts.toString('utf8', from, to);
}

/** The origin of a span of which there is more to say than of most. */
export function originOf(
  plain: SpanOrigin,
  extra: SpanExtra | undefined,
  raw: RawIds | undefined,
): SpanOrigin {
  if (extra === undefined && raw === undefined) return plain;
  return {
    format: plain.format,
    traceIdRaw: raw?.trace === undefined ? plain.traceIdRaw : raw.trace,
    spanIdRaw: raw?.span ?? null,
    parentSpanIdRaw: raw?.parent ?? null,
    shared: extra?.shared ?? false,
    debug: extra?.debug ?? false,
    warnings: extra?.warnings ?? plain.warnings,
  };
}
