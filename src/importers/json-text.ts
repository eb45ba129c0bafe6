import { BACKSLASH, LINE_FEED, POINT, QUOTE } from './json-bytes.ts';

/** Thrown where bytes are not what a byte reader knows; whoever called it reads the value in the ordinary way. */
export const ODD = new Error('read this in the ordinary way');

const NOT_ESCAPED = new Uint8Array(256);
for (let byte = 0x20; byte < 0x80; byte++) NOT_ESCAPED[byte] = 1;
NOT_ESCAPED[QUOTE] = 0;
NOT_ESCAPED[BACKSLASH] = 0;

/** What follows a backslash and is written the same way by JSON.stringify: `"` `\` b f n r t. */
const SAME_ESCAPE = new Uint8Array(256);
for (const byte of Buffer.from('"\\bfnrt')) SAME_ESCAPE[byte] = 1;

/** The short escapes of control characters. */
const SHORT_ESCAPES: ReadonlyMap<number, number> = new Map(
  Array.from('bfnrt').map((letter) => [
    JSON.parse(`"\\${letter}"`).charCodeAt(0),
    letter.charCodeAt(0),
  ]),
);

const HEX_DIGIT = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  HEX_DIGIT[digit.toString(16).charCodeAt(0)] = digit;
  HEX_DIGIT[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

const SLASH = 0x2f;
const LETTER_U = 0x75;
const SPACE = 0x20;
const ZERO = 0x30;
const MINUS = 0x2d;

/**
 * Reads JSON from bytes without making values of it: what is wanted is copied, in the one spelling that JSON.stringify has, or
 * taken as numbers. Anything else than plain well-formed JSON throws `ODD`. Bytes behind `end` may be read, so what was read
 * counts only if `pos` is not behind `end` afterwards.
 */
export class JsonText {
  bytes: Uint8Array = new Uint8Array();
  pos = 0;
  /** What `longInteger` read. */
  billions = 0;
  units = 0;

  begin(bytes: Uint8Array, pos: number): void {
    this.bytes = bytes;
    this.pos = pos;
  }

  /** The next byte that is not white space; it is not consumed. */
  peek(): number {
    let byte = this.bytes[this.pos] ?? 0;
    while (byte <= SPACE) {
      if (byte !== SPACE && byte !== LINE_FEED && byte !== 0x0d && byte !== 0x09) throw ODD;
      this.pos += 1;
      byte = this.bytes[this.pos] ?? 0;
    }
    return byte;
  }

  /** Consumes `byte`, after white space. */
  expect(byte: number): void {
    if (this.bytes[this.pos] !== byte && this.peek() !== byte) throw ODD;
    this.pos += 1;
  }

  /** Consumes the next byte if it is `byte`; whether it was. */
  accept(byte: number): boolean {
    if (this.bytes[this.pos] !== byte && this.peek() !== byte) return false;
    this.pos += 1;
    return true;
  }

  /** Consumes `text`, which begins right here. */
  acceptText(text: Uint8Array): boolean {
    const { bytes, pos } = this;
    for (let i = 0; i < text.length; i++) if (bytes[pos + i] !== text[i]) return false;
    this.pos = pos + text.length;
    return true;
  }

  /** Copies a string with its quotes to `out[at…]`, gives where it ends there. It is never longer there than here. */
  copyString(out: Uint8Array, at: number): number {
    if (this.peek() !== QUOTE) throw ODD;
    const { bytes } = this;
    let to = at;
    out[to++] = QUOTE;
    let from = this.pos + 1;
    for (;;) {
      let byte = bytes[from] ?? 0;
      while (NOT_ESCAPED[byte] === 1) {
        out[to++] = byte;
        byte = bytes[++from] ?? 0;
      }
      if (byte === QUOTE) break;
      this.pos = from;
      to = byte === BACKSLASH ? this.#copyEscape(out, to) : this.#copyCharacter(byte, out, to);
      from = this.pos;
    }
    out[to] = QUOTE;
    this.pos = from + 1;
    return to + 1;
  }

  /** Consumes `digits` lower-case hex digits in quotes and copies them to `out[at…]`. */
  copyHex(digits: number, out: Uint8Array, at: number): void {
    this.expect(QUOTE);
    const { bytes, pos } = this;
    for (let i = 0; i < digits; i++) {
      const byte = bytes[pos + i] ?? 0;
      if ((byte & 0x60) === 0x40 || (HEX_DIGIT[byte] ?? -1) < 0) throw ODD;
      out[at + i] = byte;
    }
    if (bytes[pos + digits] !== QUOTE) throw ODD;
    this.pos = pos + digits + 1;
  }

  /** Copies a whole number of at most 15 digits, which may stand in quotes, to `out[at…]`; gives where it ends there. */
  copyInteger(out: Uint8Array, at: number): number {
    const isQuoted = this.accept(QUOTE);
    const { bytes } = this;
    let from = this.pos;
    let to = at;
    if (bytes[from] === MINUS) out[to++] = bytes[from++] ?? 0;
    const first = from;
    for (let byte = bytes[from] ?? 0; isDigit(byte); byte = bytes[++from] ?? 0) out[to++] = byte;
    const length = from - first;
    if (length === 0 || length > 15 || (bytes[first] === ZERO && (length > 1 || to - at > 1))) {
      throw ODD;
    }
    this.pos = from;
    this.#endNumber(isQuoted);
    return to;
  }

  /** Consumes a whole number of at most 9 digits, not in quotes. */
  smallInteger(): number {
    this.peek();
    const { bytes } = this;
    const first = this.pos;
    let value = 0;
    let from = first;
    for (let byte = bytes[from] ?? 0; isDigit(byte); byte = bytes[++from] ?? 0) {
      value = value * 10 + byte - ZERO;
    }
    const length = from - first;
    if (length === 0 || length > 9 || (length > 1 && bytes[first] === ZERO)) throw ODD;
    this.pos = from;
    this.#endNumber(false);
    return value;
  }

  /**
   * Consumes a whole number of 1 to 19 digits below 2^63 and above 0, which may stand in quotes, as `billions` · 10^9 + `units`:
   * a double cannot hold it.
   */
  longInteger(): void {
    const isQuoted = this.accept(QUOTE);
    const { bytes } = this;
    const first = this.pos;
    let from = first;
    while (isDigit(bytes[from] ?? 0)) from += 1;
    const length = from - first;
    if (length === 0 || length > 19 || bytes[first] === ZERO) throw ODD;
    const middle = Math.max(first, from - 9);
    this.billions = digitsOf(bytes, first, middle);
    this.units = digitsOf(bytes, middle, from);
    if (this.billions >= MAX_BILLIONS) throw ODD;
    this.pos = from;
    this.#endNumber(isQuoted);
  }

  /**
   * Copies a number with a fraction that is written as JavaScript would write it, to `out[at…]`; gives where it ends there, −1 when
   * it may be written in another way, and nothing is consumed. With at most 15 digits no two texts mean the same double.
   */
  copyFraction(out: Uint8Array, at: number): number {
    this.peek();
    const { bytes } = this;
    let from = this.pos;
    let to = at;
    if (bytes[from] === MINUS) out[to++] = bytes[from++] ?? 0;
    const first = from;
    for (let byte = bytes[from] ?? 0; isDigit(byte); byte = bytes[++from] ?? 0) out[to++] = byte;
    const whole = from - first;
    // Small numbers have an exponent in JavaScript; a leading zero stands alone.
    if (whole === 0 || bytes[from] !== POINT || bytes[first] === ZERO) return -1;
    out[to++] = bytes[from++] ?? 0;
    for (let byte = bytes[from] ?? 0; isDigit(byte); byte = bytes[++from] ?? 0) out[to++] = byte;
    const isPlain = from - first <= 16 && bytes[from - 1] !== ZERO && bytes[from - 1] !== POINT;
    if (!isPlain || isNumberByte(bytes[from] ?? 0)) return -1;
    this.pos = from;
    return to;
  }

  /** Consumes a JSON number. */
  number(): number {
    this.peek();
    const { bytes } = this;
    const first = this.pos;
    let from = first;
    while (isNumberByte(bytes[from] ?? 0)) from += 1;
    if (from - first > 40) throw ODD;
    const text = String.fromCharCode(...bytes.subarray(first, from));
    if (!NUMBER.test(text)) throw ODD;
    this.pos = from;
    return Number(text);
  }

  /** `true` or `false`. */
  boolean(): boolean {
    this.peek();
    if (this.acceptText(TRUE)) return true;
    if (this.acceptText(FALSE)) return false;
    throw ODD;
  }

  #endNumber(isQuoted: boolean): void {
    const byte = this.bytes[this.pos] ?? 0;
    if (isQuoted) {
      if (byte !== QUOTE) throw ODD;
      this.pos += 1;
    } else if (isNumberByte(byte)) throw ODD;
  }

  #copyEscape(out: Uint8Array, at: number): number {
    const letter = this.bytes[this.pos + 1] ?? 0;
    if (SAME_ESCAPE[letter] === 1) {
      out[at] = BACKSLASH;
      out[at + 1] = letter;
      this.pos += 2;
      return at + 2;
    }
    if (letter === SLASH) {
      out[at] = SLASH;
      this.pos += 2;
      return at + 1;
    }
    if (letter !== LETTER_U) throw ODD;
    return this.#copyCodeUnit(out, at);
  }

  /** `\u0041` in the form that JSON.stringify gives it. Surrogates are left to others. */
  #copyCodeUnit(out: Uint8Array, at: number): number {
    let unit = 0;
    for (let i = 2; i < 6; i++) {
      const digit = HEX_DIGIT[this.bytes[this.pos + i] ?? 0] ?? -1;
      if (digit < 0) throw ODD;
      unit = unit * 16 + digit;
    }
    this.pos += 6;
    if (unit >= 0xd800 && unit < 0xe000) throw ODD;
    if (unit < 0x20 || unit === QUOTE || unit === BACKSLASH) return putEscape(unit, out, at);
    return putCodePoint(unit, out, at);
  }

  /** A character beyond ASCII, if its UTF-8 is well-formed. */
  #copyCharacter(first: number, out: Uint8Array, at: number): number {
    const { bytes, pos } = this;
    const second = bytes[pos + 1] ?? 0;
    const length = sequenceLength(first, second);
    out[at] = first;
    out[at + 1] = second;
    for (let i = 2; i < length; i++) {
      const byte = bytes[pos + i] ?? 0;
      if ((byte & 0xc0) !== 0x80) throw ODD;
      out[at + i] = byte;
    }
    this.pos = pos + length;
    return at + length;
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/** 2^63 in billions, rounded down. */
const MAX_BILLIONS = 9_223_372_036;

function digitsOf(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  return value;
}

/** The 32 bits that 8 hex digits say. */
export function hexWord(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let i = at; i < at + 8; i++) word = (word << 4) | (HEX_DIGIT[bytes[i] ?? 0] ?? 0);
  return word;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

/** A digit, sign, point, or the E of an exponent. */
function isNumberByte(byte: number): boolean {
  return (
    isDigit(byte) || byte === MINUS || byte === 0x2b || byte === 0x2e || (byte | 0x20) === 0x65
  );
}

/** How long the UTF-8 sequence is that begins with two bytes (RFC 3629); its third and fourth are not looked at. */
function sequenceLength(first: number, second: number): number {
  if ((second & 0xc0) !== 0x80) throw ODD;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) {
    if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) throw ODD;
    return 3;
  }
  const isInRange = first === 0xf0 ? second >= 0x90 : first === 0xf4 ? second < 0x90 : true;
  if (first < 0xf0 || first > 0xf4 || !isInRange) throw ODD;
  return 4;
}

function putEscape(unit: number, out: Uint8Array, at: number): number {
  out[at] = BACKSLASH;
  if (unit === QUOTE || unit === BACKSLASH) {
    out[at + 1] = unit;
    return at + 2;
  }
  const letter = SHORT_ESCAPES.get(unit);
  if (letter !== undefined) {
    out[at + 1] = letter;
    return at + 2;
  }
  return at + 1 + putAscii(`u00${unit.toString(16).padStart(2, '0')}`, out, at + 1);
}

function putCodePoint(unit: number, out: Uint8Array, at: number): number {
  if (unit < 0x80) {
    out[at] = unit;
    return at + 1;
  }
  if (unit < 0x800) {
    out[at] = 0xc0 | (unit >> 6);
    out[at + 1] = 0x80 | (unit & 0x3f);
    return at + 2;
  }
  out[at] = 0xe0 | (unit >> 12);
  out[at + 1] = 0x80 | ((unit >> 6) & 0x3f);
  out[at + 2] = 0x80 | (unit & 0x3f);
  return at + 3;
}

/** Writes ASCII text to `out[at…]`; gives its length. */
export function putAscii(text: string, out: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
  return text.length;
}
