import { type Attributes, NO_ATTRIBUTES } from '../model/attributes.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
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
  type SpanOrigin,
  STATUS_CODES,
  type StatusCode,
} from '../model/span.ts';
import { durationBetween, type Nanos, type UnixNano, unixNano } from '../model/time.ts';
import { decodeAttributes } from './attribute-text.ts';
import { decodeEvents } from './event-text.ts';
import { decodeLinks } from './link-text.ts';
import { INT64, INT64_PER_ROW, type SpanBatch, UINT32, UINT32_PER_ROW } from './span-batch.ts';
import type { SpanExtra } from './span-extra.ts';

/** A batch with what its spans share decoded. */
export interface PackedSpans extends Omit<SpanBatch, 'hashes' | 'resources' | 'scopes' | 'text'> {
  readonly resources: readonly Resource[];
  readonly scopes: readonly Scope[];
  readonly text: Buffer;
}

/** One row of a batch as a span. Everything is read from the columns when it is asked for, attributes, events and links decoded each time. */
export class PackedSpan implements Span {
  readonly #spans: PackedSpans;
  readonly #row: number;

  constructor(spans: PackedSpans, row: number) {
    this.#spans = spans;
    this.#row = row;
  }

  get traceId(): TraceId {
    return this.#trace.id;
  }

  get spanId(): SpanId {
    return hexId(this.#int64(INT64.spanId));
  }

  get parentSpanId(): SpanId | null {
    const id = this.#int64(INT64.parentSpanId);
    return id === 0n ? null : hexId(id);
  }

  get name(): string {
    return this.#spans.names[this.#uint32(UINT32.name)] ?? '';
  }

  get kind(): SpanKind {
    return SPAN_KINDS[this.#uint32(UINT32.kind)] ?? 'unspecified';
  }

  get startUnixNano(): UnixNano {
    return unixNano(this.#int64(INT64.start));
  }

  get endUnixNano(): UnixNano {
    return unixNano(this.#int64(INT64.start) + this.#int64(INT64.duration));
  }

  get durationNs(): Nanos {
    return durationBetween(this.startUnixNano, this.endUnixNano);
  }

  get timeFlags(): number {
    return this.#uint32(UINT32.timeFlags);
  }

  get statusCode(): StatusCode {
    return STATUS_CODES[this.#uint32(UINT32.status)] ?? 'unset';
  }

  get statusMessage(): string {
    return this.#spans.rare.get(this.#row)?.statusMessage ?? '';
  }

  get traceState(): string {
    return this.#extra.traceState ?? '';
  }

  get flags(): number {
    return this.#uint32(UINT32.flags);
  }

  get attributes(): Attributes {
    const text = this.#text(0, UINT32.attributes);
    return text === null ? NO_ATTRIBUTES : decodeAttributes(text);
  }

  get events(): readonly SpanEvent[] {
    const from = this.#uint32(UINT32.attributes);
    return decodeEvents(this.#text(from, UINT32.events), this.startUnixNano);
  }

  get links(): readonly SpanLink[] {
    const from = this.#uint32(UINT32.attributes) + this.#uint32(UINT32.events);
    return decodeLinks(this.#text(from, UINT32.links));
  }

  get dropped(): DroppedCounts {
    return this.#extra.dropped ?? NOTHING_DROPPED;
  }

  get resource(): Resource {
    return at(this.#spans.resources, this.#uint32(UINT32.resource));
  }

  get scope(): Scope {
    return at(this.#spans.scopes, this.#uint32(UINT32.scope));
  }

  get origin(): SpanOrigin {
    const rare = this.#spans.rare.get(this.#row);
    const { shared = false, debug = false, warnings = [] } = this.#extra;
    return {
      format: at(this.#spans.sources, this.#uint32(UINT32.source)),
      traceIdRaw: this.#trace.raw,
      spanIdRaw: rare?.spanIdRaw ?? null,
      parentSpanIdRaw: rare?.parentSpanIdRaw ?? null,
      shared,
      debug,
      warnings,
    };
  }

  get #trace() {
    return at(this.#spans.traces, this.#uint32(UINT32.trace));
  }

  get #extra(): SpanExtra {
    const extra = this.#spans.rare.get(this.#row)?.extra;
    return extra ? (JSON.parse(extra) as SpanExtra) : {};
  }

  #int64(column: number): bigint {
    return this.#spans.int64[this.#row * INT64_PER_ROW + column] ?? 0n;
  }

  #uint32(column: number): number {
    return this.#spans.uint32[this.#row * UINT32_PER_ROW + column] ?? 0;
  }

  /** The text of `column`, which begins `from` bytes into the row's; null for none. */
  #text(from: number, column: number): string | null {
    const length = this.#uint32(column);
    if (length === 0) return null;
    const start = this.#uint32(UINT32.textAt) + from;
    return this.#spans.text.toString('utf8', start, start + length);
  }
}

/** The batch refers to nothing that it does not have. */
function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`nothing at ${index} of ${list.length}`);
  return item;
}

/** No importer lets an id of zeros in. */
function hexId(id: bigint): SpanId {
  return BigInt.asUintN(64, id).toString(16).padStart(16, '0') as SpanId;
}
