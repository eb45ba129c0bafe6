import type { TraceId } from '../model/ids.ts';
import type { ContentHash } from './content-hash.ts';

/** 64-bit columns of a row in `SpanBatch.int64`; a parent of 0 is none. */
export const INT64 = { spanId: 0, parentSpanId: 1, start: 2, duration: 3 } as const;
export const INT64_PER_ROW = 4;

/** 32-bit columns of a row in `SpanBatch.uint32`; the first five are indexes into the batch's lists. */
export const UINT32 = {
  trace: 0,
  name: 1,
  resource: 2,
  scope: 3,
  source: 4,
  /** Index in SPAN_KINDS. */
  kind: 5,
  /** Index in STATUS_CODES. */
  status: 6,
  timeFlags: 7,
  flags: 8,
  /** Where the row's text begins in `SpanBatch.text`; attributes, events and links stand there one after the other. */
  textAt: 9,
  /** Lengths in bytes, 0 for none. */
  attributes: 10,
  events: 11,
  links: 12,
} as const;
export const UINT32_PER_ROW = 13;

/** A trace that spans of a batch belong to. */
export interface BatchTrace {
  readonly id: TraceId;
  /** The dump's spelling, null when it is the canonical one. */
  readonly raw: string | null;
}

/** A resource as the store keeps it. */
export interface EncodedResource {
  /** Typed JSON. */
  readonly attributes: string;
  readonly schemaUrl: string;
  readonly service: string;
  readonly hash: ContentHash;
}

/** A scope as the store keeps it. */
export interface EncodedScope {
  readonly name: string;
  readonly version: string;
  /** Typed JSON. */
  readonly attributes: string;
  readonly droppedAttributes: number;
  readonly schemaUrl: string;
  readonly hash: ContentHash;
}

/** Fields that few spans have. */
export interface RareFields {
  readonly statusMessage: string;
  /** JSON of `SpanExtra`, null when there is nothing of it. */
  readonly extra: string | null;
  readonly spanIdRaw: string | null;
  readonly parentSpanIdRaw: string | null;
}

/**
 * Spans as columns, ready for the store: no object per span, so that a batch passes from one thread to another for the price of a
 * few buffers. It refers to nothing outside of itself.
 */
export interface SpanBatch {
  readonly length: number;
  readonly int64: BigInt64Array;
  readonly uint32: Uint32Array;
  /** Of everything in a span but its ids, their spelling, its resource and its scope. */
  readonly hashes: Float64Array;
  /** UTF-8. */
  readonly text: Uint8Array;
  readonly traces: readonly BatchTrace[];
  readonly names: readonly string[];
  readonly resources: readonly EncodedResource[];
  readonly scopes: readonly EncodedScope[];
  /** Names of formats. */
  readonly sources: readonly string[];
  /** By row. */
  readonly rare: ReadonlyMap<number, RareFields>;
}
