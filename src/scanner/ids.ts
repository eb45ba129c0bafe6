import { odd } from './host';
import { QUOTE, skipSpace } from './json';

/** What the last 64-bit id was. */
export let id: u64 = 0;

/** Reads a string of 16 lower-case hex digits. */
export function readId64(from: usize): usize {
  const p = skipSpace(from);
  if (load<u8>(p) != QUOTE || load<u8>(p + 17) != QUOTE) odd();
  id = bswap(hexBytes(p + 1));
  return p + 18;
}

/** Reads a string of 32 lower-case hex digits and writes their 16 bytes to `out`. */
export function readId128(from: usize, out: usize): usize {
  const p = skipSpace(from);
  if (load<u8>(p) != QUOTE || load<u8>(p + 33) != QUOTE) odd();
  store<u64>(out, hexBytes(p + 1));
  store<u64>(out + 8, hexBytes(p + 17));
  return p + 34;
}

/** What the last id of any length was: `id` are its lower 64 bits, these the upper ones, */
export let upper: u64 = 0;
/** and how many digits it has. */
export let digits: u32 = 0;

/** Reads a string of 1 to 32 lower-case hex digits. */
export function readHex(from: usize): usize {
  const first = skipSpace(from) + 1;
  let length = hexDigits(first);
  if (length == 16) length += hexDigits(first + 16);
  const behind = first + length;
  if (load<u8>(first - 1) != QUOTE || load<u8>(behind) != QUOTE || length == 0) odd();
  const isLong = length > 16;
  upper = isLong ? hexNumber(first, length - 16) : 0;
  id = isLong ? hexNumber(behind - 16, 16) : hexNumber(first, length);
  digits = <u32>length;
  return behind + 1;
}

function hexDigits(p: usize): usize {
  const text = v128.load(p);
  const isDigit = i8x16.lt_u(i8x16.sub(text, i8x16.splat(0x30)), i8x16.splat(10));
  const isLetter = i8x16.lt_u(i8x16.sub(text, i8x16.splat(0x61)), i8x16.splat(6));
  return ctz(~i8x16.bitmask(v128.or(isDigit, isLetter)));
}

function hexNumber(p: usize, length: usize): u64 {
  if (length == 16) return bswap(hexBytes(p));
  let number: u64 = 0;
  for (let i: usize = 0; i < length; i++) {
    const byte: u64 = load<u8>(p + i);
    number = (number << 4) | (byte < 0x61 ? byte - 0x30 : byte - 0x57);
  }
  return number;
}

/** The bytes that 16 lower-case hex digits say, as they would stand in memory. */
export function hexBytes(p: usize): u64 {
  const text = v128.load(p);
  const digits = i8x16.sub(text, i8x16.splat(0x30));
  const isDigit = i8x16.lt_u(digits, i8x16.splat(10));
  const letters = i8x16.sub(text, i8x16.splat(0x61));
  const isLetter = i8x16.lt_u(letters, i8x16.splat(6));
  if (!i8x16.all_true(v128.or(isDigit, isLetter))) odd();
  const halves = v128.bitselect(digits, i8x16.add(letters, i8x16.splat(10)), isDigit);
  // Of each pair the first half byte stands in the lower byte of a 16-bit lane, and counts sixteenfold.
  const upper = v128.and(i16x8.shl(halves, 4), i16x8.splat(0xf0));
  const bytes = v128.or(upper, i16x8.shr_u(halves, 8));
  return i64x2.extract_lane(i8x16.narrow_i16x8_u(bytes, bytes), 0);
}
