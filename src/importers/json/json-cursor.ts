import { ByteWindow } from '../bytes/byte-window.ts';
import type { Place } from '../import-issue.ts';
import { BRACE, BRACKET, COLON, COMMA, LINE_FEED } from './json-bytes.ts';

const LAST_CONTROL_OR_SPACE = 0x20;
/** Bytes before the current one that are kept for looking back at the end of a line. */
const LOOK_BACK = 16;
/** A line that ends so goes on in the next one. */
const GOES_ON: readonly number[] = [COMMA, COLON, BRACKET, BRACE];

/** A place in a dump's text, with the lines counted. */
export class JsonCursor {
  readonly #window = new ByteWindow();
  /** Index in the window of the next byte. */
  #pos = 0;
  #line = 1;
  /** Offset in the dump of the first byte of the line. */
  #lineStart = 0;
  /** Column of the line's first character that is not white space, −1 before it. */
  #indent = -1;
  /** First byte of the first top-level value, and the last byte of the line that it began on; 0 before they are known. */
  #recordByte = 0;
  #firstLineEnd = 0;
  /** Whether the dump is one value per line; null before its second line. */
  #isJsonLines: boolean | null = null;
  /** Offset of a line feed that was found, and the one up to which there is none. */
  #lineFeed = -1;
  #searchedTo = 0;

  get bytes(): Uint8Array {
    return this.#window.bytes;
  }

  get pos(): number {
    return this.#pos;
  }

  set pos(pos: number) {
    this.#pos = pos;
  }

  /** Index behind the last byte that has arrived. */
  get end(): number {
    return this.#window.length;
  }

  get byte(): number {
    return this.#window.bytes[this.#pos] ?? 0;
  }

  /** The line of the current byte, counting from 1. */
  get line(): number {
    return this.#line;
  }

  get indent(): number {
    return this.#indent;
  }

  /** Whether the current byte is the first of its line that is not white space. */
  get isLineStart(): boolean {
    return this.#window.offset + this.#pos - this.#lineStart === this.#indent;
  }

  /** Index behind the last byte that may belong to the value at hand: in JSON lines none goes on in the next line. */
  get valueEnd(): number {
    return this.#isJsonLines === true ? this.#nextLineFeed() : this.end;
  }

  /** Its index, the end when there is none. */
  #nextLineFeed(): number {
    const { offset } = this.#window;
    if (this.#lineFeed < offset + this.#pos) {
      const from = Math.max(this.#searchedTo - offset, this.#pos);
      const found = this.#window.bytes.subarray(0, this.end).indexOf(LINE_FEED, from);
      this.#searchedTo = offset + (found === -1 ? this.end : found);
      if (found === -1) return this.end;
      this.#lineFeed = offset + found;
    }
    return this.#lineFeed - offset;
  }

  /** Where the line begins. */
  get linePlace(): Place {
    return { byte: this.#lineStart, line: this.#line };
  }

  get place(): Place {
    return { byte: this.#window.offset + this.#pos, line: this.#line };
  }

  /** Offset in the dump of the next byte. */
  get offset(): number {
    return this.#window.offset + this.#pos;
  }

  /** Goes on to an index behind a value that is well-formed and may stand on several lines. */
  passTo(end: number): void {
    const passed = this.#window.bytes.subarray(this.#pos, end);
    let line = passed.indexOf(LINE_FEED);
    // A value that goes on in the next line is none of JSON lines.
    if (line !== -1) this.#isJsonLines ??= false;
    for (let last = line; line !== -1; line = passed.indexOf(LINE_FEED, last + 1)) {
      this.#line += 1;
      last = line;
      this.#beginLineBehind(this.#pos + line);
    }
    this.#pos = end;
  }

  #beginLineBehind(lineEnd: number): void {
    let text = lineEnd + 1;
    while ((this.bytes[text] ?? 0) <= LAST_CONTROL_OR_SPACE) text += 1;
    this.#lineStart = this.#window.offset + lineEnd + 1;
    this.#indent = text - lineEnd - 1;
  }

  /** Index in the window of an offset in the dump that is still held. */
  indexOf(offset: number): number {
    return offset - this.#window.offset;
  }

  /** Appends bytes; what lies before offset `heldFrom` (by default: before the current byte) is forgotten. */
  append(chunk: Uint8Array, heldFrom: number | null): void {
    const keepFrom =
      heldFrom === null ? Math.max(0, this.#pos - LOOK_BACK) : this.indexOf(heldFrom);
    this.#window.advance(keepFrom, chunk);
    this.#pos -= keepFrom;
  }

  /** The text between an offset that is still held and the current byte. */
  textFrom(offset: number): string {
    return this.#window.bytes.toString('utf8', this.indexOf(offset), this.#pos);
  }

  /** The bytes of `textFrom`. */
  bytesFrom(offset: number): Uint8Array {
    return this.#window.bytes.subarray(this.indexOf(offset), this.#pos);
  }

  /** The place `characters` UTF-16 units after a place that is still held. */
  placeAfter(at: Place, characters: number): Place {
    const before = this.textFrom(at.byte).slice(0, characters);
    const lines = before.split('\n').length - 1;
    return { byte: at.byte + Buffer.byteLength(before), line: (at.line ?? 1) + lines };
  }

  /** The next few characters of the line, quoted. */
  excerpt(): string {
    const rest = this.#window.bytes.toString('utf8', this.#pos, Math.min(this.end, this.#pos + 24));
    return JSON.stringify(rest.split('\n', 1)[0]?.slice(0, 20) ?? '');
  }

  /** Notes that a top-level value begins with `byte`. */
  beginRecord(byte: number): void {
    if (this.#recordByte === 0) this.#recordByte = byte;
  }

  /** Goes behind the next line feed, or to the end when there is none; whether there was one. */
  skipLine(): boolean {
    const index = this.#window.bytes.subarray(0, this.end).indexOf(LINE_FEED, this.#pos);
    this.#pos = index === -1 ? this.end : index;
    if (index !== -1) this.startLine();
    return index !== -1;
  }

  /** Goes behind the line feed that is the current byte. */
  startLine(): void {
    if (this.#recordByte !== 0 && this.#firstLineEnd === 0) this.#firstLineEnd = this.#lastByte();
    this.#pos += 1;
    this.#line += 1;
    this.#lineStart = this.#window.offset + this.#pos;
    this.#indent = -1;
  }

  /** Goes back to the start of a line that is still held. */
  goBackTo(start: Place): void {
    this.#pos = this.indexOf(start.byte);
    this.#lineFeed = -1;
    this.#searchedTo = 0;
    this.#line = start.line ?? 1;
    this.#lineStart = start.byte;
    this.#indent = -1;
  }

  /**
   * Notes that the current byte is the first of its line that is not white space. True when a new top-level value begins here
   * whatever the one before looks like: in JSON lines.
   */
  beginText(): boolean {
    this.#indent = this.#window.offset + this.#pos - this.#lineStart;
    const looksLikeRecord = this.#indent === 0 && this.byte === this.#recordByte;
    if (this.#isJsonLines === null && this.#firstLineEnd !== 0) {
      // One compact value per line is told from one pretty-printed value by the end of the first line.
      this.#isJsonLines = looksLikeRecord && !GOES_ON.includes(this.#firstLineEnd);
    }
    return looksLikeRecord && this.#isJsonLines === true;
  }

  /** The last byte before the current one that is not white space. */
  #lastByte(): number {
    let index = this.#pos - 1;
    while (index >= 0 && (this.bytes[index] ?? 0) <= LAST_CONTROL_OR_SPACE) index -= 1;
    return this.bytes[index] ?? 0;
  }
}
