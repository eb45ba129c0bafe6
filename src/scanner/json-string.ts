import { odd } from './host';
import { BACKSLASH, QUOTE, SPACE } from './json';

/** Where the last copy ends. */
export let copied: usize = 0;

/** `\\` followed by one of these means the same in JSON.stringify: `"` `\` b f n r t. */
const SHORT_ESCAPES = '"\\bfnrt';
const SHORT_ESCAPED = '"\\\b\f\n\r\t';

/**
 * Copies the string that begins at `from`, with its quotes, in the one spelling that JSON.stringify has, to `out`. It is never longer
 * there. @inline
 */
export function copyString(from: usize, out: usize): usize {
  if (load<u8>(from) != QUOTE) odd();
  store<u8>(out, <u8>QUOTE);
  const p = copyCharacters(from + 1, out + 1, true);
  store<u8>(copied, <u8>QUOTE);
  copied++;
  return p;
}

/** Copies what the string that begins at `from` means, as UTF-8 without quotes, to `out`. */
export function copyText(from: usize, out: usize): usize {
  if (load<u8>(from) != QUOTE) odd();
  return copyCharacters(from + 1, out, false);
}

function copyCharacters(from: usize, out: usize, isSpelled: bool): usize {
  const quote = i8x16.splat(<i8>QUOTE);
  const backslash = i8x16.splat(<i8>BACKSLASH);
  // Compared as signed, what is beyond ASCII is less than any space, as control characters are.
  const space = i8x16.splat(<i8>SPACE);
  let p = from;
  let o = out;
  while (true) {
    const bytes = v128.load(p);
    v128.store(o, bytes);
    const ends = v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash));
    const stops = i8x16.bitmask(v128.or(ends, i8x16.lt_s(bytes, space)));
    if (stops == 0) {
      p += 16;
      o += 16;
      continue;
    }
    const plain = <usize>ctz(stops);
    p += plain;
    o += plain;
    const byte: u32 = load<u8>(p);
    if (byte == QUOTE) {
      copied = o;
      return p + 1;
    }
    p = byte == BACKSLASH ? copyEscape(p, o, isSpelled) : copyBeyondAscii(p, o);
    o = copied;
  }
}

/** Copies the characters beyond ASCII that begin at `from`, if their UTF-8 is well-formed (RFC 3629). */
function copyBeyondAscii(from: usize, out: usize): usize {
  let p = from;
  let o = out;
  let byte: u32 = load<u8>(p);
  do {
    const length = sequenceLength(p, byte);
    store<u32>(o, load<u32>(p));
    p += length;
    o += length;
    byte = load<u8>(p);
  } while (byte >= 0x80);
  copied = o;
  return p;
}

function sequenceLength(p: usize, first: u32): usize {
  const second: u32 = load<u8>(p + 1);
  if (first < 0xc2 || first > 0xf4 || !isContinuation(second)) odd();
  if (first < 0xe0) return 2;
  if (!isContinuation(load<u8>(p + 2))) odd();
  if (first < 0xf0) {
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) odd();
    return 3;
  }
  if (!isContinuation(load<u8>(p + 3))) odd();
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) odd();
  return 4;
}

function isContinuation(byte: u32): bool {
  return (byte & 0xc0) == 0x80;
}

/** Copies the escaped character at `from`. */
function copyEscape(from: usize, out: usize, isSpelled: bool): usize {
  const letter: u32 = load<u8>(from + 1);
  if (letter == 0x75) return copyCodePoint(from, out, isSpelled);
  if (letter == 0x2f) {
    store<u8>(out, <u8>letter);
    copied = out + 1;
    return from + 2;
  }
  for (let i = 0; i < SHORT_ESCAPES.length; i++) {
    if (letter == SHORT_ESCAPES.charCodeAt(i)) {
      copied = putAscii(SHORT_ESCAPED.charCodeAt(i), out, isSpelled);
      return from + 2;
    }
  }
  odd();
  return 0;
}

/** `\u0041`, or two of them for a character beyond the 16-bit ones. A lone surrogate is odd. */
function copyCodePoint(from: usize, out: usize, isSpelled: bool): usize {
  const unit = codeUnit(from);
  if (unit < 0xd800 || unit > 0xdfff) {
    copied = unit < 0x80 ? putAscii(unit, out, isSpelled) : putUtf8(unit, out);
    return from + 6;
  }
  const low = codeUnit(from + 6);
  if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) odd();
  copied = putUtf8(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), out);
  return from + 12;
}

/** What the four digits behind `\u` say. */
function codeUnit(p: usize): u32 {
  if (load<u8>(p) != BACKSLASH || load<u8>(p + 1) != 0x75) odd();
  let unit: u32 = 0;
  for (let i: usize = 2; i < 6; i++) unit = (unit << 4) | hexDigit(load<u8>(p + i));
  return unit;
}

function hexDigit(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  if (letter > 5) odd();
  return letter + 10;
}

/** Writes an ASCII character, escaped if JSON.stringify would. */
function putAscii(character: u32, out: usize, isSpelled: bool): usize {
  store<u8>(out, <u8>character);
  if (!isSpelled || (character >= SPACE && character != QUOTE && character != BACKSLASH))
    return out + 1;
  store<u8>(out, <u8>BACKSLASH);
  for (let i = 0; i < SHORT_ESCAPED.length; i++) {
    if (character == SHORT_ESCAPED.charCodeAt(i)) {
      store<u8>(out + 1, <u8>SHORT_ESCAPES.charCodeAt(i));
      return out + 2;
    }
  }
  store<u32>(out + 1, 0x30303075);
  store<u8>(out + 4, <u8>(0x30 + (character >> 4)));
  const low = character & 15;
  store<u8>(out + 5, <u8>(low < 10 ? 0x30 + low : 0x57 + low));
  return out + 6;
}

function putUtf8(character: u32, out: usize): usize {
  if (character < 0x800) {
    store<u8>(out, <u8>(0xc0 | (character >> 6)));
    store<u8>(out + 1, <u8>(0x80 | (character & 0x3f)));
    return out + 2;
  }
  if (character < 0x10000) {
    store<u8>(out, <u8>(0xe0 | (character >> 12)));
    store<u8>(out + 1, <u8>(0x80 | ((character >> 6) & 0x3f)));
    store<u8>(out + 2, <u8>(0x80 | (character & 0x3f)));
    return out + 3;
  }
  store<u8>(out, <u8>(0xf0 | (character >> 18)));
  store<u8>(out + 1, <u8>(0x80 | ((character >> 12) & 0x3f)));
  store<u8>(out + 2, <u8>(0x80 | ((character >> 6) & 0x3f)));
  store<u8>(out + 3, <u8>(0x80 | (character & 0x3f)));
  return out + 4;
}
