import { existsSync, readFileSync } from 'node:fs';
import { encodeDouble } from '../encoding/attribute-text.ts';
import { renumber } from '../encoding/batch-columns.ts';
import {
  INT64,
  INT64_PER_ROW,
  type RareFields,
  UINT32,
  UINT32_PER_ROW,
} from '../encoding/span-batch.ts';
import type { RowSource, SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import { traceId } from '../model/ids.ts';
import type { BytesAt } from './json-shape.ts';
import { toNumber } from './read-field.ts';

/** The function of the scanner that reads the spans of a format. */
export type SpanReader = 'readOtlpSpans' | 'readJaegerSpans' | 'readZipkinSpans';

/** What the scanner exports. */
type ScannerExports = {
  readonly [name in SpanReader]: (from: number) => void;
} & {
  readonly memory: WebAssembly.Memory;
  /** Addresses of the parts of memory. */
  readonly INPUT: WebAssembly.Global;
  readonly INPUT_BYTES: WebAssembly.Global;
  readonly TEXT: WebAssembly.Global;
  readonly INTS: WebAssembly.Global;
  readonly WORDS: WebAssembly.Global;
  readonly HASHES: WebAssembly.Global;
  readonly RARE: WebAssembly.Global;
  readonly RARE_TEXT: WebAssembly.Global;
  /** How far they are filled. */
  readonly rowCount: () => number;
  readonly rareCount: () => number;
  readonly textBytes: () => number;
  readonly traceCount: () => number;
  readonly traceIds: () => number;
  readonly nameCount: () => number;
  readonly nameBytes: () => number;
  readonly nameEnds: () => number;
  readonly ownerCount: () => number;
  readonly ownerBytes: () => number;
  readonly ownerEnds: () => number;
  /** What the last call of a reader has read. */
  readonly spansEnd: () => number;
  readonly lastSpan: () => number;
  readonly dropLastSpan: () => void;
  readonly isFull: () => number;
  readonly clearRows: () => void;
  /** Members of an object, as two numbers each. */
  readonly MEMBERS: WebAssembly.Global;
  readonly readMembers: (from: number) => void;
  readonly membersEnd: () => number;
  readonly memberCount: () => number;
  readonly valueCount: () => number;
  readonly valueBytes: () => number;
  readonly valueEnds: () => number;
  readonly valuesAreFull: () => number;
  readonly clearValues: () => void;
  /** Fails when the value ends behind the input. */
  readonly skipValue: (from: number) => void;
};

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

/** Beside the bundle; where the sources run as they are, what the last build made of them. */
const FILES = [
  new URL('./scanner.wasm', import.meta.url),
  new URL('../../dist/scanner.wasm', import.meta.url),
];

/** An object that was taken apart: the text of each value, with its key. */
export interface ScannedMembers {
  readonly members: readonly (readonly [key: string, text: string])[];
  /** Index behind it. */
  readonly end: number;
}

/** Thrown where bytes are not what the scanner knows. */
const ODD = new Error('read this in the ordinary way');

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const QUOTE = '"';
/** Reading goes a little beyond the end of the input. */
const PADDING = 64;
const TRACE_ID_BYTES = 16;
const TRACE_KEY_BYTES = 20;
const RARE_WORDS = 6;

/**
 * Reads spans from the bytes of a dump straight into rows of a batch: what `src/scanner` compiles to. The rows wait in its memory until
 * their batch is taken, or another dump is read.
 */
export class SpanScanner implements RowSource {
  readonly #wasm: ScannerExports;
  readonly #memory: Buffer;
  readonly #rare: Uint32Array;
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
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), {
      host: { odd, putDouble: (...at: [number, number, number]) => this.#putDouble(...at) },
    });
    this.#wasm = instance.exports as ScannerExports;
    this.#memory = Buffer.from(this.#wasm.memory.buffer);
    this.#rare = new Uint32Array(this.#memory.buffer, this.#wasm.RARE.value);
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
      this.#addTexts(this.#values, valueBytes(), valueEnds(), valueCount());
    }
    return this.#values[number] ?? '';
  }

  /** What a span says of its resource or its scope, by the number in its row. */
  ownerText(number: number): string {
    const { ownerBytes, ownerEnds, ownerCount } = this.#wasm;
    if (number >= this.#ownerTexts.length) {
      this.#addTexts(this.#ownerTexts, ownerBytes(), ownerEnds(), ownerCount());
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
    const wasm = this.#wasm;
    const builder = this.#builder;
    const length = wasm.rowCount();
    if (builder === null || length === 0) return;
    const { buffer } = this.#memory;
    const int64 = new BigInt64Array(buffer, wasm.INTS.value, length * INT64_PER_ROW).slice();
    const uint32 = new Uint32Array(buffer, wasm.WORDS.value, length * UINT32_PER_ROW).slice();
    const hashes = new Float64Array(buffer, wasm.HASHES.value, length).slice();
    const text = new Uint8Array(buffer, wasm.TEXT.value, wasm.textBytes()).slice();
    renumber(uint32, UINT32.trace, this.#traces(builder));
    renumber(uint32, UINT32.name, this.#names(builder));
    builder.append({ length, int64, uint32, hashes, text, rare: this.#rareFields(int64) });
    wasm.clearRows();
    this.#ownerTexts = [];
  }

  /** Index in the batch of each trace. */
  #traces(builder: SpanBatchBuilder): readonly number[] {
    const start = this.#wasm.traceIds();
    return Array.from({ length: this.#wasm.traceCount() }, (_, trace) => {
      const at = start + trace * TRACE_KEY_BYTES;
      const id = traceId(this.#memory.toString('hex', at, at + TRACE_ID_BYTES));
      if (id === null) throw new RangeError('the scanner gave a trace id that is none');
      return builder.trace(id, cutId(id, this.#memory.readUInt32LE(at + TRACE_ID_BYTES)));
    });
  }

  /** Index in the batch of each name. */
  #names(builder: SpanBatchBuilder): readonly number[] {
    const { nameBytes, nameEnds, nameCount } = this.#wasm;
    return this.#addTexts([], nameBytes(), nameEnds(), nameCount()).map((name) =>
      builder.name(name),
    );
  }

  /** Adds the texts that stand one behind the other at `start` to those of `texts`, which are the first of them. */
  #addTexts(texts: string[], start: number, endsAt: number, count: number): string[] {
    const ends = new Uint32Array(this.#memory.buffer, endsAt, count);
    for (let number = texts.length; number < count; number += 1) {
      const from = number === 0 ? 0 : (ends[number - 1] ?? 0);
      texts.push(this.#memory.toString('utf8', start + from, start + (ends[number] ?? 0)));
    }
    return texts;
  }

  /** The rare fields by row. */
  #rareFields(int64: BigInt64Array): Map<number, RareFields> {
    const fields = new Map<number, RareFields>();
    const end = this.#wasm.rareCount() * RARE_WORDS;
    for (let at = 0; at < end; at += RARE_WORDS) {
      const row = this.#rare[at] ?? 0;
      const statusMessage = this.#rareText(at + 1);
      const extra = this.#rareText(at + 3) || null;
      const digits = this.#rare[at + 5] ?? 0;
      const idRaw = (column: number, length: number) =>
        cutId(hexId(int64[row * INT64_PER_ROW + column] ?? 0n), length);
      const spanIdRaw = idRaw(INT64.spanId, digits & 0xff);
      const parentSpanIdRaw = idRaw(INT64.parentSpanId, digits >> 8);
      fields.set(row, { statusMessage, extra, spanIdRaw, parentSpanIdRaw });
    }
    return fields;
  }

  /** A text by the two words that say where it begins and how long it is. */
  #rareText(at: number): string {
    const from = this.#wasm.RARE_TEXT.value + (this.#rare[at] ?? 0);
    return this.#memory.toString('utf8', from, from + (this.#rare[at + 1] ?? 0));
  }

  /** Writes a double for the scanner; 0 for what is none. */
  #putDouble(from: number, to: number, out: number): number {
    const text = this.#memory.toString('latin1', from, to);
    const number = text.startsWith(QUOTE) ? toNumber(text.slice(1, -1)) : plainNumber(text);
    return number === null ? 0 : this.#memory.write(encodeDouble(number), out, 'latin1');
  }
}

function hexId(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16).padStart(16, '0');
}

/** The last `digits` of an id, as its dump spells it; null for 0, which means all. */
function cutId(id: string, digits: number): string | null {
  return digits === 0 ? null : id.slice(-digits);
}

/** Whether the scanner did not come across anything odd. */
function succeeds(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error !== ODD) throw error;
    return false;
  }
}

function odd(): never {
  throw ODD;
}

function plainNumber(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}

let scanner: SpanScanner | null | undefined;

/** The scanner of this thread; null where the sources have never been built. */
export function spanScanner(): SpanScanner | null {
  if (scanner === undefined) {
    const file = FILES.find((each) => existsSync(each));
    scanner = file === undefined ? null : new SpanScanner(readFileSync(file));
  }
  return scanner;
}
