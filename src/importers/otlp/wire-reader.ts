import type { Report } from '../read-field.ts';
import { textOf } from '../text-of.ts';

/** What is wrong with a protobuf message, and the offset in it. Thrown and caught within a record; never leaves an importer. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Wire types of protobuf's encoding. The two group types are obsolete, OTLP never had groups.
 * Source: https://protobuf.dev/programming-guides/encoding/#structure
 */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** Tags: a field's number and its wire type. A known number with another type is an unknown field, as in every protobuf library. */
export function varintTag(field: number): number {
  return field * 8 + VARINT;
}

export function fixed64Tag(field: number): number {
  return field * 8 + FIXED64;
}

/** Strings, bytes, nested messages. */
export function lengthTag(field: number): number {
  return field * 8 + LENGTH;
}

export function fixed32Tag(field: number): number {
  return field * 8 + FIXED32;
}

/** Whether the value of a field with this tag has its length before it. */
export function isLengthTag(tag: number): boolean {
  return tag % 8 === LENGTH;
}

/** Largest field number, 2^29 − 1. */
const MAX_FIELD = 536_870_911;

/**
 * Reads one protobuf message that is complete in memory, field by field:
 *
 *     for (let tag = reader.next(); tag !== 0; tag = reader.next()) {
 *       if (tag === NAME) name = reader.string();
 *       else reader.skip();
 *     }
 *
 * After each `next` exactly one read, or `skip`. Everything throws a `WireError` where the bytes are not protobuf.
 */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #tag = 0;
  /** Told of what is wrong with what is read, here and in nested messages. */
  readonly report: Report;

  /** Reads `bytes` from `start` to `end`; offsets in errors and in `at` count from the beginning of `bytes`. */
  constructor(bytes: Buffer, report: Report = () => {}, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.report = report;
    this.#at = start;
    this.#end = end;
  }

  /** Where the next byte is read. */
  get at(): number {
    return this.#at;
  }

  /** The tag of the next field, 0 at the end of the message. */
  next(): number {
    if (this.#at >= this.#end) return 0;
    const at = this.#at;
    const tag = this.#number();
    const field = Math.floor(tag / 8);
    if (field < 1 || field > MAX_FIELD) throw new WireError(`no such field number: ${field}`, at);
    this.#tag = tag;
    return tag;
  }

  /** Passes over the value of the current field. */
  skip(): void {
    switch (this.#tag % 8) {
      case VARINT:
        this.#number();
        return;
      case FIXED64:
        this.#take(8);
        return;
      case LENGTH:
        this.#take(this.#number());
        return;
      case FIXED32:
        this.#take(4);
        return;
      default:
        throw new WireError(`no such wire type: ${this.#tag % 8}`, this.#at);
    }
  }

  /** A varint as an unsigned 64-bit number. */
  uint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('a varint of more than 10 bytes', this.#at);
  }

  /** A varint as a signed 64-bit number (`int64`: two's complement, not zigzag). */
  int64(): bigint {
    const first = this.#at < this.#end ? (this.#bytes[this.#at] ?? 0x80) : 0x80;
    if (first < 0x80) {
      this.#at += 1;
      return BigInt(first);
    }
    return BigInt.asIntN(64, this.uint64());
  }

  /** A varint as a number, for enums and `uint32`: the low 32 bits, unsigned. */
  uint32(): number {
    return Number(BigInt.asUintN(32, this.int64()));
  }

  /** A `fixed64`, unsigned. */
  fixed64(): bigint {
    return this.#bytes.readBigUInt64LE(this.#take(8));
  }

  fixed32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  /** The length of a string, bytes or message, which then begins at `at`; for who reads or skips it elsewhere. */
  length(): number {
    return this.#number();
  }

  /** A view of the bytes, valid as long as the reader's buffer is; copy to keep. */
  bytes(): Buffer {
    const length = this.#number();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** UTF-8; what is not becomes U+FFFD and is reported. */
  string(): string {
    const length = this.#number();
    const start = this.#take(length);
    return textOf(this.#bytes.subarray(start, start + length), this.report);
  }

  /** A reader of the nested message; its offsets count like this reader's. */
  message(): WireReader {
    const length = this.#number();
    const start = this.#take(length);
    return new WireReader(this.#bytes, this.report, start, start + length);
  }

  /** As `message`, but of a message that goes on past the end of the bytes a reader of what there is. */
  messageStart(): WireReader {
    const length = Math.min(this.#number(), this.#end - this.#at);
    const start = this.#take(length);
    return new WireReader(this.#bytes, this.report, start, start + length);
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] ?? 0;
  }

  /** A varint that must be small: a tag or a length. Exact up to 2^53, beyond only "too long" matters. */
  #number(): number {
    const at = this.#at;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new WireError('a varint of more than 10 bytes', at);
  }

  /** Passes over `length` bytes; their start. */
  #take(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) {
      throw new WireError(`${length} bytes are said to follow, ${this.#end - start} do`, start);
    }
    this.#at = start + length;
    return start;
  }
}
