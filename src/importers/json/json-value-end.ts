import { BACKSLASH, COLON, closerOf, LINE_FEED, NINE, POINT, QUOTE } from './json-bytes.ts';

/** Deeper nesting is refused: no trace has it, and what is read may later be walked recursively. */
export const MAX_JSON_DEPTH = 512;

const PLAIN = 0;
const STRING = 1;
const OPENER = 2;
const CLOSER = 3;
const NEW_LINE = 4;
const DIGIT = 5;
const MEMBER = 6;

/** What a byte outside strings means for finding the end of a value. */
const MEANING = new Uint8Array(256);
MEANING[QUOTE] = STRING;
for (const c of '{[') MEANING[c.charCodeAt(0)] = OPENER;
for (const c of '}]') MEANING[c.charCodeAt(0)] = CLOSER;
for (const c of '0123456789') MEANING[c.charCodeAt(0)] = DIGIT;
MEANING[LINE_FEED] = NEW_LINE;
MEANING[COLON] = MEMBER;

/** What a string may hold without a second look. Control characters are left to the parser. */
const IS_PLAIN = new Uint8Array(256).fill(1);
for (const byte of [QUOTE, BACKSLASH, LINE_FEED]) IS_PLAIN[byte] = 0;

/** What ends a number or a word. */
const ENDS_WORD = new Uint8Array(256);
for (const c of ' \t\r\n,:]}') ENDS_WORD[c.charCodeAt(0)] = 1;

/** Why the search stopped: behind the value · at the end of the bytes · at a line feed inside the value, which the caller skips. */
export type Stop = 'value' | 'bytes' | 'line';

/**
 * Finds where a JSON value ends without parsing it: pairs brackets, knows strings, and goes on where the last bytes ended.
 * What lies between is only checked by parsing.
 */
export class JsonValueEnd {
  /** Why `search` returned. */
  stop: Stop = 'value';
  /** Whether an integer that a double may not hold occurred outside strings. */
  hasLargeInteger = false;
  /** Whether brackets did not pair, or a string was open at the end of its line. */
  isBroken = false;
  /** How many members its objects have, if it is JSON. */
  members = 0;
  /** Whether it is nested deeper than MAX_JSON_DEPTH. */
  isTooDeep = false;

  readonly #closers = new Uint8Array(MAX_JSON_DEPTH);
  #depth = 0;
  #digits = 0;
  #isInString = false;
  #isWord = false;

  /** Gets ready for the value whose first byte is `byte`; the search goes on behind it. */
  begin(byte: number): void {
    const meaning = MEANING[byte];
    this.#isWord = meaning !== STRING && meaning !== OPENER;
    this.hasLargeInteger = this.#isWord;
    this.isBroken = false;
    this.isTooDeep = false;
    this.members = 0;
    this.#depth = 0;
    this.#digits = 0;
    this.#isInString = meaning === STRING;
    if (meaning === OPENER) this.#open(byte);
  }

  /** Searches `bytes` from index `from` to `end`, gives where it stopped. Call it again from there while there is more. */
  search(bytes: Uint8Array, from: number, end: number): number {
    if (this.#isWord) return this.#searchWord(bytes, from, end);
    if (!this.#isInString) return this.#searchBrackets(bytes, from, end);
    const pos = this.#skipString(bytes, from, end);
    const isOver = this.#isInString || this.#depth === 0;
    return isOver ? pos : this.#searchBrackets(bytes, pos, end);
  }

  #searchBrackets(bytes: Uint8Array, from: number, end: number): number {
    let pos = from;
    let digits = this.#digits;
    while (pos < end) {
      const byte = bytes[pos] ?? 0;
      pos += 1;
      switch (MEANING[byte] ?? PLAIN) {
        case PLAIN:
          digits = 0;
          break;
        case STRING:
          digits = 0;
          pos = this.#skipString(bytes, pos, end);
          if (this.#isInString || this.#depth === 0) return pos;
          break;
        case DIGIT:
          digits += 1;
          if (digits >= 16) this.#noticeInteger(bytes, pos, digits);
          break;
        case MEMBER:
          digits = 0;
          this.members += 1;
          break;
        case OPENER:
          this.#open(byte);
          break;
        case CLOSER:
          digits = 0;
          this.#close(byte);
          if (this.#depth === 0) {
            this.stop = 'value';
            return pos;
          }
          break;
        default:
          this.#digits = 0;
          this.stop = 'line';
          return pos - 1;
      }
    }
    this.#digits = digits;
    this.stop = 'bytes';
    return pos;
  }

  #searchWord(bytes: Uint8Array, from: number, end: number): number {
    let pos = from;
    while (pos < end && ENDS_WORD[bytes[pos] ?? 0] === 0) pos += 1;
    this.stop = pos < end ? 'value' : 'bytes';
    return pos;
  }

  /** Goes behind the string's closing quote; `from` lies inside it. */
  #skipString(bytes: Uint8Array, from: number, end: number): number {
    let pos = from;
    this.#isInString = true;
    this.stop = 'bytes';
    for (; pos < end; pos += 1) {
      const byte = bytes[pos] ?? 0;
      if (IS_PLAIN[byte] === 1) continue;
      if (byte === QUOTE) return this.#closeString(pos);
      if (byte === LINE_FEED) return this.#breakString(pos);
      // A backslash waits until the character after it is there.
      if (pos + 1 === end) return pos;
      if (bytes[pos + 1] !== LINE_FEED) pos += 1;
    }
    return pos;
  }

  #closeString(pos: number): number {
    this.#isInString = false;
    this.stop = 'value';
    return pos + 1;
  }

  /** No JSON string holds a line feed: a quote is missing. The caller gives the value up. */
  #breakString(pos: number): number {
    this.isBroken = true;
    this.stop = 'line';
    return pos;
  }

  #open(byte: number): void {
    if (this.#depth < MAX_JSON_DEPTH) this.#closers[this.#depth] = closerOf(byte);
    else this.isTooDeep = true;
    this.#depth += 1;
  }

  /** Pairs a closer with its opener. One that pairs only with an opener further out closes all between; one with none is ignored. */
  #close(byte: number): void {
    let depth = this.#depth - 1;
    if (depth >= MAX_JSON_DEPTH || this.#closers[depth] === byte) {
      this.#depth = depth;
      return;
    }
    this.isBroken = true;
    while (depth >= 0 && this.#closers[depth] !== byte) depth -= 1;
    if (depth >= 0) this.#depth = depth;
  }

  /** The run of `digits` ends (so far) before `pos`. 16 digits are within 2^53 unless they begin with a 9; fractions do not count. */
  #noticeInteger(bytes: Uint8Array, pos: number, digits: number): void {
    const start = pos - digits;
    if (digits > 17 || bytes[start - 1] === POINT) return;
    if (digits === 17 || bytes[start] === NINE) this.hasLargeInteger = true;
  }
}

/** What is to be known of a value without parsing it; `text` holds nothing else. */
export function lookedThrough(text: string): JsonValueEnd {
  const bytes = Buffer.from(text);
  const value = new JsonValueEnd();
  value.begin(bytes[0] ?? 0);
  let at = 1;
  do at = value.search(bytes, at, bytes.length) + Number(value.stop === 'line');
  while (value.stop === 'line');
  return value;
}
