import type { Resource, Scope } from '../../model/span.ts';
import type { ByteQueue } from '../bytes/byte-queue.ts';
import type { Place } from '../import-issue.ts';
import { DEFAULT_LIMITS, type MemoryLimits, tooLarge } from '../memory-limits.ts';
import type { Report } from '../read-field.ts';
import { NO_RESOURCE, NO_SCOPE } from '../span-builder.ts';
import type { DecoderOutput } from '../trace-format.ts';
import { readResource, readScope } from './otlp-protobuf-context.ts';
import { recordSignal } from './otlp-protobuf-signal.ts';
import { readSpan } from './otlp-protobuf-span.ts';
import { RESOURCE_SPANS, SCOPE_SPANS, TRACES } from './otlp-wire.ts';
import { isLengthTag, WireError, WireReader } from './wire-reader.ts';

/** Two varints: a tag and a length. */
const MAX_HEADER_BYTES = 20;

/** The length that the Collector's file exporter (`format: proto`) writes before each message: 4 bytes, big-endian. */
const FRAME_BYTES = 4;

/** One field of a message that need not be whole in memory. Offsets in the dump. */
interface Field {
  readonly tag: number;
  /** Where its tag is. */
  readonly at: number;
  /** Behind its last byte. */
  readonly end: number;
}

/** Wants more bytes at each `yield`. */
type Reading<Result> = Generator<undefined, Result, undefined>;

/** Whether a dump that begins like `head` has a length before each message. A bare one begins with the tag of its first ResourceSpans. */
function isFramed(head: Buffer): boolean {
  return head[0] !== TRACES.resourceSpans;
}

/** The first message of a dump, without the length before it; cut off where `head` is. */
export function firstMessage(head: Buffer): Buffer {
  if (!isFramed(head) || head.length < FRAME_BYTES) return head;
  return head.subarray(FRAME_BYTES, FRAME_BYTES + head.readUInt32BE(0));
}

/**
 * Reads TracesData messages while their bytes arrive: one, several concatenated (which protobuf defines as their union), or each
 * with its length before it. Holds one span, or of a ResourceSpans or ScopeSpans as
 * much as may be held, in which to look ahead for what holds for all its spans but may stand behind them: the schema URL always does,
 * a resource can.
 *
 * Lengths nest, so damage costs no more than the innermost message whose end is known.
 */
export class TracesReader {
  readonly #format: string;
  readonly #queue: ByteQueue;
  readonly #out: DecoderOutput;
  readonly #limits: MemoryLimits;
  #resource: Resource = NO_RESOURCE;
  #scope: Scope = NO_SCOPE;
  /** Whether the end of the dump inside a message has been reported. */
  #isCutOff = false;

  constructor(format: string, queue: ByteQueue, out: DecoderOutput) {
    this.#format = format;
    this.#queue = queue;
    this.#out = out;
    this.#limits = out.limits ?? DEFAULT_LIMITS;
  }

  *read(): Reading<void> {
    yield* this.#wait(FRAME_BYTES);
    if (!isFramed(this.#queue.peek(FRAME_BYTES))) {
      yield* this.#traces(Number.POSITIVE_INFINITY);
      return;
    }
    while (yield* this.#hasMore(Number.POSITIVE_INFINITY)) {
      const at = this.#queue.offset;
      if (!(yield* this.#wait(FRAME_BYTES))) {
        this.#cutOff(at);
        return;
      }
      const length = this.#queue.peek(FRAME_BYTES).readUInt32BE(0);
      this.#queue.skip(FRAME_BYTES);
      yield* this.#traces(at + FRAME_BYTES + length);
    }
  }

  *#traces(end: number): Reading<void> {
    while (yield* this.#hasMore(end)) {
      const field = yield* this.#field(end, 'a TracesData');
      if (field === null) continue;
      if (field.tag === TRACES.resourceSpans) yield* this.#resourceSpans(field.end);
      else this.#unknown(field, 'a TracesData');
      yield* this.#skipTo(field.end);
    }
  }

  *#resourceSpans(end: number): Reading<void> {
    const seenTo = yield* this.#lookAhead(end);
    this.#resource = readResource(this.#seen(seenTo), this.#reportAt(this.#queue.offset));
    while (yield* this.#hasMore(end)) {
      const field = yield* this.#field(end, 'a ResourceSpans');
      if (field === null) continue;
      switch (field.tag) {
        case RESOURCE_SPANS.scopeSpans:
        case RESOURCE_SPANS.librarySpans:
          yield* this.#scopeSpans(field.end);
          break;
        case RESOURCE_SPANS.resource:
        case RESOURCE_SPANS.schemaUrl:
          this.#checkSeen(field, seenTo, 'the resource');
          break;
        default:
          this.#unknown(field, 'a ResourceSpans');
      }
      yield* this.#skipTo(field.end);
    }
  }

  *#scopeSpans(end: number): Reading<void> {
    const seenTo = yield* this.#lookAhead(end);
    this.#scope = readScope(this.#seen(seenTo), this.#reportAt(this.#queue.offset));
    while (yield* this.#hasMore(end)) {
      const field = yield* this.#field(end, 'a ScopeSpans');
      if (field === null) continue;
      switch (field.tag) {
        case SCOPE_SPANS.spans:
          yield* this.#span(field);
          break;
        case SCOPE_SPANS.scope:
        case SCOPE_SPANS.schemaUrl:
          this.#checkSeen(field, seenTo, 'the scope');
          break;
        default:
          this.#unknown(field, 'a ScopeSpans');
      }
      yield* this.#skipTo(field.end);
    }
  }

  *#span(field: Field): Reading<void> {
    const length = field.end - this.#queue.offset;
    const limit = this.#limits.recordBytes;
    if (length > limit) {
      this.#out.record();
      this.#out.issue('record-too-large', placeOf(field.at), tooLarge(length, limit));
      return;
    }
    if (!(yield* this.#wait(length))) {
      this.#cutOff(field.at);
      return;
    }
    this.#decodeSpan(this.#queue.peek(length), field.at);
  }

  #decodeSpan(message: Buffer, at: number): void {
    if (isOtherSignal(message)) {
      this.#out.issue('other-signal', placeOf(at), 'a record of logs or metrics');
      return;
    }
    const context = { format: this.#format, resource: this.#resource, scope: this.#scope };
    try {
      const report = this.#reportAt(at);
      const span = readSpan(new WireReader(message, report), context, report);
      this.#out.record();
      if (span !== null) this.#out.span(span);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#damaged(this.#queue.offset + error.at, `a span: ${error.message}`);
    }
  }

  /** The next field of a message that ends at `end`; its value is not consumed. Null when there is none, and then the message is done. */
  *#field(end: number, message: string): Reading<Field | null> {
    const at = this.#queue.offset;
    const room = Math.min(MAX_HEADER_BYTES, end - at);
    const isWhole = yield* this.#wait(room);
    const reader = new WireReader(this.#queue.peek(room));
    try {
      const tag = reader.next();
      const length = isLengthTag(tag) ? reader.length() : 0;
      if (!isLengthTag(tag)) reader.skip();
      this.#queue.skip(reader.at);
      const rest = end - at - reader.at;
      if (length <= rest) return { tag, at, end: at + reader.at + length };
      this.#damaged(at, `${message}: ${length} bytes are said to follow, ${rest} do`);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (isWhole) this.#damaged(at, `${message}: ${error.message}`);
      else this.#cutOff(at);
    }
    yield* this.#skipTo(end);
    return null;
  }

  /** Waits until what is needed of a message is there, as far as it may be held; the offset up to which it is. */
  *#lookAhead(end: number): Reading<number> {
    const { offset } = this.#queue;
    const length = Math.min(this.#limits.waitingBytes, end - offset);
    yield* this.#wait(length);
    return offset + Math.min(length, this.#queue.length);
  }

  #seen(end: number): Buffer {
    return this.#queue.peek(end - this.#queue.offset);
  }

  #checkSeen(field: Field, seenTo: number, what: string): void {
    if (field.end <= seenTo || this.#queue.isEnded) return;
    const example = `${what} comes after ${this.#limits.waitingBytes} bytes of its spans`;
    this.#out.issue('bad-field', placeOf(field.at), example);
  }

  /** Waits for `length` bytes; false when the dump ends before. */
  *#wait(length: number): Reading<boolean> {
    while (this.#queue.length < length && !this.#queue.isEnded) yield;
    return this.#queue.length >= length;
  }

  /** Whether there is more of a message that ends at `end`, which is infinite for one that lasts as long as the dump. */
  *#hasMore(end: number): Reading<boolean> {
    if (this.#queue.offset >= end) return false;
    if (yield* this.#wait(1)) return true;
    if (Number.isFinite(end)) this.#cutOff(this.#queue.offset);
    return false;
  }

  *#skipTo(end: number): Reading<void> {
    while (this.#queue.offset < end) {
      this.#queue.skip(end - this.#queue.offset);
      if (!(yield* this.#hasMore(end))) return;
    }
  }

  #unknown(field: Field, message: string): void {
    const number = Math.floor(field.tag / 8);
    this.#out.issue('unknown-field', placeOf(field.at), `field ${number} of ${message}`);
  }

  #damaged(at: number, example: string): void {
    this.#out.record();
    this.#out.issue('unrecognised-record', placeOf(at), example);
  }

  /** The dump ends inside a message that began at `at`. All messages around it end there too; that is one loss. */
  #cutOff(at: number): void {
    if (this.#isCutOff) return;
    this.#isCutOff = true;
    this.#out.record();
    this.#out.issue('truncated-input', placeOf(at), 'the dump ends within a message');
  }

  #reportAt(at: number): Report {
    return (code, example) => this.#out.issue(code, placeOf(at), example);
  }
}

function placeOf(byte: number): Place {
  return { byte, line: null };
}

/** Logs and metrics nest as traces do, so that concatenated files may hold all three. */
function isOtherSignal(message: Buffer): boolean {
  const signal = recordSignal(new WireReader(message));
  return signal === 'logs' || signal === 'metrics';
}
