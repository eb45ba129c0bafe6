import type { SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import type { Span } from '../model/span.ts';
import type { IssueCode, Place } from './import-issue.ts';
import type { JsonValue } from './json/json-shape.ts';
import type { MemoryLimits } from './memory-limits.ts';

/** The beginning of a dump, decompressed, for telling its format. */
export interface DumpHead {
  /** The first bytes, at most 256 KiB. */
  readonly bytes: Uint8Array;
  /** Whether `bytes` is the whole dump. */
  readonly isWhole: boolean;
  /**
   * The first JSON values as far as `bytes` goes: an object or list that is cut off holds what was complete, recursively.
   * Empty when the dump is not JSON.
   */
  readonly values: readonly JsonValue[];
}

/** Where a decoder puts what it finds. */
export interface DecoderOutput {
  /** A complete span. */
  span(span: Span): void;
  /** Something was wrong or odd; `example` quotes it in a few words. Never throw for bad data. */
  issue(code: IssueCode, at: Place, example: string): void;
  /** One wire record was read, whatever becomes of it. */
  record(): void;
  /** A record gave `extra` spans more than one (a Zipkin v1 span that holds both halves of a call). */
  split(extra: number): void;
  /** Set when spans are wanted as a batch: a decoder that can make its rows without a `Span` may do so, and say `encoded`. */
  readonly batch?: SpanBatchBuilder | undefined;
  /** How much of the dump may be held; what `--max-memory` allows by default where it is not set. */
  readonly limits?: MemoryLimits;
  /** `count` records were read, and a span of each added to `batch`. */
  encoded?(count: number): void;
}

/** Turns the bytes of one dump into spans, in the order of the dump, holding no more than one record and its context. */
export interface Decoder {
  /** The next bytes, decompressed. The buffer may be reused by the caller afterwards. */
  push(chunk: Uint8Array): void;
  /** No more bytes: report a record that was cut off, hand over what waited. */
  end(): void;
}

/** One format of dumps. To add one: write this object in a file of its own and name it in the registry. */
export interface TraceFormat {
  /** What `--format` takes and the import log keeps, e.g. `otlp-json`. */
  readonly name: string;
  /** For people, e.g. `OTLP JSON (OpenTelemetry Collector file exporter)`. */
  readonly title: string;
  /** Null if the dump is of this format, else why not in a few words, e.g. `no "resourceSpans"`. */
  readonly whyNot: (head: DumpHead) => string | null;
  readonly decode: (out: DecoderOutput) => Decoder;
}
