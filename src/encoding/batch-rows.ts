import type { Span } from '../model/span.ts';
import type { BatchColumns } from './batch-columns.ts';
import { type ContentHash, chainedHash, contentHash, wordsHash } from './content-hash.ts';
import { INT64, INT64_PER_ROW, type RareFields, UINT32, UINT32_PER_ROW } from './span-batch.ts';

const FIRST_ROWS = 64;
const FIRST_TEXT_BYTES = 16 * 1024;

/** Columns of 32 bits that are part of a span's content: all from `kind` on but `textAt`. */
const CONTENT_COLUMNS = [
  UINT32.kind,
  UINT32.status,
  UINT32.timeFlags,
  UINT32.flags,
  UINT32.attributes,
  UINT32.events,
  UINT32.links,
];

/** The columns of spans that come as objects. The row at hand is the one behind the last that was committed. */
export class BatchRows {
  #int64 = new BigInt64Array(FIRST_ROWS * INT64_PER_ROW);
  /** `#int64`, as halves; the lower one comes first. */
  #halves = new Int32Array(this.#int64.buffer);
  uint32 = new Uint32Array(FIRST_ROWS * UINT32_PER_ROW);
  /** Where the row at hand begins in `uint32`. */
  at = 0;
  #text = Buffer.alloc(FIRST_TEXT_BYTES);
  /** Where the next text goes. */
  #textEnd = 0;

  #length = 0;
  #capacity = FIRST_ROWS;
  #committedText = 0;
  #hashes = new Float64Array(FIRST_ROWS);
  #words = new Int32Array(this.#text.buffer, this.#text.byteOffset, FIRST_TEXT_BYTES / 4);
  #rare = new Map<number, RareFields>();
  readonly #content = new Int32Array(CONTENT_COLUMNS.length + 6);
  readonly #nameHashes = new Map<string, number>();

  get length(): number {
    return this.#length;
  }

  /** Bytes of text of the rows so far. */
  get textBytes(): number {
    return this.#committedText;
  }

  /** Begins the row at hand, with no text. */
  begin(): this {
    if (this.#length === this.#capacity) this.#growRows();
    this.at = this.#length * UINT32_PER_ROW;
    this.#textEnd = this.#committedText;
    const { uint32, at } = this;
    uint32[at + UINT32.textAt] = this.#textEnd;
    uint32[at + UINT32.attributes] = 0;
    uint32[at + UINT32.events] = 0;
    uint32[at + UINT32.links] = 0;
    return this;
  }

  setIdsAndTimes({ spanId, parentSpanId, startUnixNano, endUnixNano }: Span): void {
    const at = this.#length * INT64_PER_ROW;
    this.#int64[at + INT64.spanId] = BigInt.asIntN(64, BigInt(`0x${spanId}`));
    this.#int64[at + INT64.parentSpanId] =
      parentSpanId === null ? 0n : BigInt.asIntN(64, BigInt(`0x${parentSpanId}`));
    this.#int64[at + INT64.start] = startUnixNano;
    this.#int64[at + INT64.duration] = endUnixNano - startUnixNano;
  }

  /** Appends text and notes its length in `column`. */
  putText(column: number, text: string | null): void {
    if (text === null) return;
    this.#reserveText(text.length * 3);
    const length = this.#text.write(text, this.#textEnd, 'utf8');
    this.uint32[this.at + column] = length;
    this.#textEnd += length;
  }

  /** The row at hand is complete. */
  commit(name: string, rare: RareFields | null): void {
    const start = this.#committedText;
    while (this.#textEnd % 4 !== 0) this.#text[this.#textEnd++] = 0;
    const hash = wordsHash(this.#words, start / 4, this.#textEnd / 4, this.#contentHash(name));
    this.#hashes[this.#length] = rare === null ? hash : withRareFields(hash, rare);
    if (rare !== null) this.#rare.set(this.#length, rare);
    this.#committedText = this.#textEnd;
    this.#length += 1;
  }

  /** Copies of the columns and the text. Begins anew. */
  take(): BatchColumns {
    const length = this.#length;
    const taken = {
      length,
      int64: this.#int64.slice(0, length * INT64_PER_ROW),
      uint32: this.uint32.slice(0, length * UINT32_PER_ROW),
      hashes: this.#hashes.slice(0, length),
      text: Uint8Array.prototype.slice.call(this.#text, 0, this.#committedText),
      rare: this.#rare,
    };
    this.#length = 0;
    this.#committedText = 0;
    this.#rare = new Map();
    this.#nameHashes.clear();
    return taken;
  }

  /** Makes room for `bytes` bytes of text behind `#textEnd`. */
  #reserveText(bytes: number): void {
    const needed = this.#textEnd + bytes + 4;
    if (needed <= this.#text.length) return;
    let capacity = this.#text.length * 2;
    while (capacity < needed) capacity *= 2;
    const text = Buffer.alloc(capacity);
    this.#text.copy(text, 0, 0, this.#textEnd);
    this.#text = text;
    this.#words = new Int32Array(text.buffer, text.byteOffset, capacity / 4);
  }

  /** Of the numbers in a row, and its name. */
  #contentHash(name: string): number {
    const content = this.#content;
    const { uint32, at } = this;
    const halves = this.#halves;
    let i = 0;
    for (const column of CONTENT_COLUMNS) content[i++] = uint32[at + column] ?? 0;
    const first = (this.#length * INT64_PER_ROW + INT64.parentSpanId) * 2;
    for (let half = first; half < first + 6; half++) content[i++] = halves[half] ?? 0;
    return wordsHash(content, 0, i, this.#nameHash(name));
  }

  #nameHash(name: string): number {
    let hash = this.#nameHashes.get(name);
    if (hash === undefined) {
      hash = chainedHash(contentHash(name), name.length);
      this.#nameHashes.set(name, hash);
    }
    return hash;
  }

  #growRows(): void {
    this.#capacity *= 2;
    const int64 = new BigInt64Array(this.#capacity * INT64_PER_ROW);
    int64.set(this.#int64);
    this.#int64 = int64;
    this.#halves = new Int32Array(int64.buffer);
    const uint32 = new Uint32Array(this.#capacity * UINT32_PER_ROW);
    uint32.set(this.uint32);
    this.uint32 = uint32;
    const hashes = new Float64Array(this.#capacity);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }
}

/** A row's hash with its rare fields in it. The spelling of ids is no content. */
export function withRareFields(
  hash: ContentHash,
  { statusMessage, extra }: Pick<RareFields, 'statusMessage' | 'extra'>,
): ContentHash {
  if (statusMessage === '' && extra === null) return hash;
  return contentHash(`${statusMessage.length} ${statusMessage}${extra}`, hash);
}
