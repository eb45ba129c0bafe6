import { encodeDouble } from '../encoding/attribute-text.ts';
import { UINT32_PER_ROW } from '../encoding/span-batch.ts';
import type { RowSource, SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import type { BytesAt } from './json/json-shape.ts';
import { toNumber } from './read-field.ts';
import { appendRows } from './scanned-rows.ts';
import {
  addTexts,
  type ScannerExports,
  type SpanReader,
  scannerCode,
  startScanner,
  succeeds,
} from './scanner-module.ts';

/**
 * Says what rows belong to that were just read: sets `resource` and `scope`, as slots of the batch, and `source` of each. Where spans say
 * themselves what they belong to, those are numbers for `ownerText` before, and `source` is one for `offsetOf`.
 */
export type OwnRows = (rows: Uint32Array) => void;

/** Spans that were read, one behind the other. */
export interface ScannedSpans {
  readonly count: number;
  /** Index behind the last one. */
  readonly end: number;
  /** Where in the dump it begins. */
  readonly lastOffset: number;
}

/** An object that was taken apart: the text of each value, with its key. */
export interface ScannedMembers {
  readonly members: readonly (readonly [key: string, text: string])[];
  /** Index behind it. */
  readonly end: number;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const QUOTE = '"';
/** Reading goes a little beyond the end of the input. */
const PADDING = 64;

/**
 * Reads spans from the bytes of a dump straight into rows of a batch: what `src/scanner` compiles to. The rows wait in its memory until
 * their batch is taken, or another dump is read.
 */
export class SpanScanner implements RowSource {
  readonly #wasm: ScannerExports;
  readonly #memory: Buffer;
  readonly #words: Uint32Array;
  /** By number. */
  #ownerTexts: string[] = [];
  readonly #members: Uint32Array;
  /** By number. */
  #values: string[] = [];
  /** Where the input begins, and how much room there is for it. */
  readonly #inputAt: number;
  readonly #inputBytes: number;
  #builder: SpanBatchBuilder | null = null;
  /** Offset in the dump of the first byte of the input, and behind its last. */
  #inputFrom = 0;
  #inputEnd = 0;

  constructor(code: Uint8Array) {
    this.#wasm = startScanner(code, (...at) => this.#putDouble(...at));
    this.#memory = Buffer.from(this.#wasm.memory.buffer);
    this.#members = new Uint32Array(this.#memory.buffer, this.#wasm.MEMBERS.value);
    this.#words = new Uint32Array(this.#memory.buffer, this.#wasm.WORDS.value);
    this.#inputAt = this.#wasm.INPUT.value;
    this.#inputBytes = this.#wasm.INPUT_BYTES.value;
  }

  get length(): number {
    return this.#wasm.rowCount();
  }

  get textBytes(): number {
    return this.#wasm.textBytes();
  }

  /**
   * Reads the span at a place and those behind it in the same list, as far as they are plain, and adds them to the batch. Null when not
   * even the first one is, `later` when it is not complete.
   */
  read(
    reader: SpanReader,
    at: BytesAt,
    builder: SpanBatchBuilder,
    own: OwnRows,
  ): ScannedSpans | 'later' | null {
    const count = this.#read(reader, at, builder);
    return typeof count === 'number' ? this.#taken(count, at, own) : count;
  }

  /** The same, but leaves the last one of those that are plain. */
  readButLast(
    reader: SpanReader,
    at: BytesAt,
    builder: SpanBatchBuilder,
    own: OwnRows,
  ): ScannedSpans | 'later' | null {
    const count = this.#read(reader, at, builder);
    if (typeof count !== 'number') return count;
    this.#wasm.dropLastSpan();
    return count === 1 ? null : this.#taken(count - 1, at, own);
  }

  /** How many spans could be read. */
  #read(reader: SpanReader, at: BytesAt, builder: SpanBatchBuilder): number | 'later' | null {
    this.#serve(builder);
    const wasm = this.#wasm;
    const first = wasm.rowCount();
    const address = this.#input(at);
    const isRead = succeeds(() => wasm[reader](address));
    const count = wasm.rowCount() - first;
    if (isRead || count > 0) return count;
    return this.#isCutOff(address, at) ? 'later' : null;
  }

  /** The last `count` rows are those of spans that begin at a place. */
  #taken(count: number, { from, offset }: BytesAt, own: OwnRows): ScannedSpans {
    const wasm = this.#wasm;
    const last = wasm.rowCount();
    own(this.#words.subarray((last - count) * UINT32_PER_ROW, last * UINT32_PER_ROW));
    const address = this.#inputAt + offset - this.#inputFrom;
    const end = from + wasm.spansEnd() - address;
    const lastOffset = offset + wasm.lastSpan() - address;
    if (wasm.isFull() !== 0) this.handOver();
    return { count, end, lastOffset };
  }

  /**
   * Takes an object of objects, which are the same few again and again, apart into their texts, which may not be JSON. `odd` when it is
   * not plain, `later` when it is not complete.
   */
  readMembers(at: BytesAt, builder: SpanBatchBuilder): ScannedMembers | 'odd' | 'later' {
    this.#serve(builder);
    const wasm = this.#wasm;
    if (wasm.valuesAreFull() !== 0) {
      wasm.clearValues();
      this.#values = [];
    }
    const address = this.#input(at);
    if (!succeeds(() => wasm.readMembers(address))) {
      return this.#isCutOff(address, at) ? 'later' : 'odd';
    }
    const members: (readonly [string, string])[] = [];
    const last = wasm.memberCount() * 2;
    for (let member = 0; member < last; member += 2) {
      const key = this.ownerText(this.#members[member] ?? 0);
      members.push([key, this.#value(this.#members[member + 1] ?? 0)]);
    }
    return { members, end: at.from + wasm.membersEnd() - address };
  }

  #value(number: number): string {
    const { valueBytes, valueEnds, valueCount } = this.#wasm;
    if (number >= this.#values.length) {
      addTexts(this.#memory, this.#values, valueBytes(), valueEnds(), valueCount());
    }
    return this.#values[number] ?? '';
  }

  /** What a span says of its resource or its scope, by the number in its row. */
  ownerText(number: number): string {
    const { ownerBytes, ownerEnds, ownerCount } = this.#wasm;
    if (number >= this.#ownerTexts.length) {
      addTexts(this.#memory, this.#ownerTexts, ownerBytes(), ownerEnds(), ownerCount());
    }
    return this.#ownerTexts[number] ?? '';
  }

  /** Where in the dump a span begins, by the number in its row. */
  offsetOf(number: number): number {
    return this.#inputFrom + number;
  }

  /** Whether the value at an address ends behind the input, and more of it would fit in. */
  #isCutOff(address: number, { from, end }: BytesAt): boolean {
    return end - from < this.#inputBytes && !succeeds(() => this.#wasm.skipValue(address));
  }

  /** The rows that are read from now on are for `builder`. */
  #serve(builder: SpanBatchBuilder): void {
    if (this.#builder === builder) return;
    this.handOver();
    this.#builder?.readFrom(null);
    this.#builder = builder;
    this.#inputEnd = this.#inputFrom;
    builder.readFrom(this);
  }

  /** Brings bytes of the dump into memory, if they are not there yet; the address of the first. */
  #input({ bytes, from, end, offset }: BytesAt): number {
    const address = this.#inputAt;
    const held = this.#inputEnd - this.#inputFrom;
    const endsAt = offset + end - from;
    // Beyond the end is nothing that may be read.
    const isHeld = offset >= this.#inputFrom && offset < this.#inputEnd && this.#inputEnd <= endsAt;
    if (!isHeld || (this.#inputEnd < endsAt && held < this.#inputBytes)) {
      const length = Math.min(end - from, this.#inputBytes);
      this.#memory.set(bytes.subarray(from, from + length), address);
      this.#memory.fill(0, address + length, address + length + PADDING);
      this.#inputFrom = offset;
      this.#inputEnd = offset + length;
    }
    return address + offset - this.#inputFrom;
  }

  handOver(): void {
    if (this.#builder === null || this.length === 0) return;
    appendRows(this.#wasm, this.#memory, this.#builder);
    this.#wasm.clearRows();
    this.#ownerTexts = [];
  }

  /** Writes a double for the scanner; 0 for what is none. */
  #putDouble(from: number, to: number, out: number): number {
    const text = this.#memory.toString('latin1', from, to);
    const number = text.startsWith(QUOTE) ? toNumber(text.slice(1, -1)) : plainNumber(text);
    return number === null ? 0 : this.#memory.write(encodeDouble(number), out, 'latin1');
  }
}

function plainNumber(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}

let scanner: SpanScanner | null | undefined;

/** The scanner of this thread; null where the sources have never been built. */
export function spanScanner(): SpanScanner | null {
  if (scanner === undefined) {
    const code = scannerCode();
    scanner = code === null ? null : new SpanScanner(code);
  }
  return scanner;
}
