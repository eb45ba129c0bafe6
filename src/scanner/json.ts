import { odd } from './host';

/** The bytes of JSON's grammar. */
export const LINE_FEED: u32 = 0x0a;
export const SPACE: u32 = 0x20;
export const QUOTE: u32 = 0x22;
export const COMMA: u32 = 0x2c;
export const MINUS: u32 = 0x2d;
export const POINT: u32 = 0x2e;
export const ZERO: u32 = 0x30;
export const COLON: u32 = 0x3a;
export const BRACKET: u32 = 0x5b;
export const BACKSLASH: u32 = 0x5c;
export const CLOSING_BRACKET: u32 = 0x5d;
export const BRACE: u32 = 0x7b;
export const CLOSING_BRACE: u32 = 0x7d;

/*
 * Reading JSON from memory. Every function takes the address where something is to be read, after white space, and gives the address
 * behind it; where something else stands it is `odd`. Zeros stand behind the input, which no JSON has, so reading ends there.
 */

/** Goes to the next byte that is not white space. @inline */
export function skipSpace(p: usize): usize {
  return load<u8>(p) > SPACE ? p : skipSpaces(p);
}

function skipSpaces(from: usize): usize {
  let p = from;
  while (true) {
    const bytes = v128.load(p);
    const spaces = v128.or(i8x16.eq(bytes, i8x16.splat(0x20)), i8x16.eq(bytes, i8x16.splat(0x09)));
    const breaks = v128.or(i8x16.eq(bytes, i8x16.splat(0x0a)), i8x16.eq(bytes, i8x16.splat(0x0d)));
    const stops = ~i8x16.bitmask(v128.or(spaces, breaks)) & 0xffff;
    if (stops != 0) {
      p += ctz(stops);
      if (load<u8>(p) <= SPACE) odd();
      return p;
    }
    p += 16;
  }
}

/** Consumes `byte`. @inline */
export function expect(from: usize, byte: u32): usize {
  const p = skipSpace(from);
  if (load<u8>(p) != byte) odd();
  return p + 1;
}

/**
 * Consumes a comma, or the `closer` of a list or object; which one is told by the byte before the address it gives:
 *
 *     do { p = next(readElement(p), CLOSING_BRACKET); } while (load<u8>(p - 1) == COMMA);
 *
 * @inline
 */
export function next(from: usize, closer: u32): usize {
  const p = skipSpace(from);
  const byte: u32 = load<u8>(p);
  if (byte != COMMA && byte != closer) odd();
  return p + 1;
}

/** Up to eight ASCII characters as they stand in memory, for comparing them at once. */
export function word(text: string): u64 {
  let bytes: u64 = 0;
  for (let i = 0; i < text.length; i++) bytes |= (<u64>text.charCodeAt(i)) << (i << 3);
  return bytes;
}

const TRUE = word('true');
const FALSE = word('false');
const FIVE_BYTES: u64 = 0xff_ffff_ffff;

/** What `readBoolean` read. */
export let boolean: bool = false;

/** Reads `true` or `false`. */
export function readBoolean(from: usize): usize {
  const p = skipSpace(from);
  boolean = load<u32>(p) == <u32>TRUE;
  if (boolean) return p + 4;
  if ((load<u64>(p) & FIVE_BYTES) != FALSE) odd();
  return p + 5;
}

const NULL = word('null');

/** Whether a value is `null`, which has four bytes. */
export function isNull(p: usize): bool {
  return load<u32>(p) == <u32>NULL;
}

/** Goes behind a value without looking whether it is well-formed: something else has to. */
export function skipValue(from: usize): usize {
  let p = skipSpace(from);
  let depth = 0;
  do {
    const byte: u32 = load<u8>(p);
    if (byte == 0) odd();
    if (byte == QUOTE) p = skipString(p);
    else {
      if (byte == BRACE || byte == BRACKET) depth++;
      else if (byte == CLOSING_BRACE || byte == CLOSING_BRACKET) depth--;
      else if (depth == 0) return skipWord(p);
      p++;
    }
  } while (depth > 0);
  return p;
}

/** Behind a value that was skipped first and read later: both have to agree on where it ends. */
export function expectEnd(from: usize): void {
  const p = skipSpace(from);
  if (load<u8>(p) != COMMA && load<u8>(p) != CLOSING_BRACE) odd();
}

function skipWord(from: usize): usize {
  let p = from;
  while (true) {
    const byte: u32 = load<u8>(p);
    if (byte <= SPACE || byte == COMMA || byte == CLOSING_BRACE || byte == CLOSING_BRACKET)
      return p;
    p++;
  }
}

/** Goes behind the string that begins at `from`. */
function skipString(from: usize): usize {
  const quote = i8x16.splat(<i8>QUOTE);
  const backslash = i8x16.splat(<i8>BACKSLASH);
  const zero = i8x16.splat(0);
  let p = from + 1;
  while (true) {
    const bytes = v128.load(p);
    const ends = v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash));
    const stops = i8x16.bitmask(v128.or(ends, i8x16.eq(bytes, zero)));
    if (stops == 0) p += 16;
    else {
      p += ctz(stops);
      const byte: u32 = load<u8>(p);
      if (byte == QUOTE) return p + 1;
      if (byte == 0) odd();
      p += 2;
    }
  }
}
