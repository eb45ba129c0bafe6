import { odd, putDouble } from './host';
import { CLOSING_BRACE, MINUS, POINT, QUOTE, skipSpace, ZERO } from './json';

/** What the last integer was. */
export let integer: u64 = 0;

/** Where the last number that was written ends. */
export let written: usize = 0;

const MAX_INT64: u64 = 0x7fff_ffff_ffff_ffff;
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
/** With so many digits no two decimals mean the same double. */
const EXACT_DIGITS: usize = 15;
/** JavaScript writes smaller fractions with an exponent. */
const MAX_ZEROS: usize = 5;
/** No double's text is longer. */
const MAX_NUMBER_BYTES: usize = 64;

/** How many digits stand at `p`, 16 for as many or more. */
function digitsAt(p: usize): usize {
  const digits = i8x16.sub(v128.load(p), i8x16.splat(<i8>ZERO));
  return ctz(~i8x16.bitmask(i8x16.lt_u(digits, i8x16.splat(10))));
}

function isDigit(byte: u32): bool {
  return byte - ZERO < 10;
}

/** A digit, sign, point, or the E of an exponent. */
function isNumberByte(byte: u32): bool {
  return isDigit(byte) || byte == MINUS || byte == 0x2b || byte == POINT || (byte | 0x20) == 0x65;
}

/** Reads a whole number from 0 to 2^63 − 1, which may stand in quotes. */
export function readInteger(from: usize): usize {
  const first = skipSpace(from);
  if (load<u8>(first) != QUOTE) return endWord(readDigits(first));
  const p = readDigits(first + 1);
  if (load<u8>(p) != QUOTE) odd();
  return p + 1;
}

/** The same for numbers below 2^32. */
export function readUint32(from: usize): usize {
  const p = readInteger(from);
  if (integer > <u64>u32.MAX_VALUE) odd();
  return p;
}

function readDigits(from: usize): usize {
  let p = from;
  let value: u64 = 0;
  let digit = <u32>load<u8>(p) - ZERO;
  while (digit < 10) {
    value = value * 10 + digit;
    digit = <u32>load<u8>(++p) - ZERO;
  }
  const length = p - from;
  if (length == 0 || length > 19 || value > MAX_INT64) odd();
  if (load<u8>(from) == ZERO && length > 1) odd();
  integer = value;
  return p;
}

function endWord(p: usize): usize {
  if (isNumberByte(load<u8>(p))) odd();
  return p;
}

/** Copies a whole number within int64, which may stand in quotes, as it stands in attributes. */
export function copyInteger(from: usize, out: usize): usize {
  const p = skipSpace(from);
  if (load<u8>(p) != QUOTE) return endWord(copySigned(p, out));
  const end = copySigned(p + 1, out);
  if (load<u8>(end) != QUOTE) odd();
  return end + 1;
}

function copySigned(from: usize, out: usize): usize {
  const isNegative = load<u8>(from) == MINUS;
  const first = isNegative ? from + 1 : from;
  const digits = digitsAt(first);
  if (digits > EXACT_DIGITS) return copyLong(from, first, out);
  // −0 is 0, and zeros may be too many.
  if (digits == 0 || (load<u8>(first) == ZERO && (digits > 1 || isNegative))) odd();
  v128.store(out, v128.load(from));
  const end = first + digits;
  written = out + (end - from);
  return end;
}

/** An integer of 16 digits or more: `{"i":"…"}` beyond ±(2^53 − 1). */
function copyLong(from: usize, first: usize, out: usize): usize {
  const end = readDigits(first);
  let o = out;
  const isSafe = integer <= MAX_SAFE_INTEGER;
  if (!isSafe) o = putText(o, '{"i":"');
  const length = end - from;
  memory.copy(o, from, length);
  o += length;
  written = isSafe ? o : putText(o, '"}');
  return end;
}

/** Copies a double, which may stand in quotes, as it stands in attributes. */
export function copyDouble(from: usize, out: usize): usize {
  const p = skipSpace(from);
  const end = copyPlainDouble(p, out);
  if (end != 0) return end;
  const behind = numberEnd(p);
  const length = putDouble(p, behind, out);
  if (length == 0) odd();
  written = out + length;
  return behind;
}

/** Copies a number that is written as JavaScript would write it; gives 0 for any other one. */
function copyPlainDouble(from: usize, out: usize): usize {
  const isNegative = load<u8>(from) == MINUS;
  const first = isNegative ? from + 1 : from;
  const whole = digitsAt(first);
  if (whole == 0 || whole > EXACT_DIGITS) return 0;
  const isZero = load<u8>(first) == ZERO;
  if (isZero && whole > 1) return 0;
  const end = first + whole;
  if (load<u8>(end) == POINT) return copyFraction(from, out, first, end);
  if (isNumberByte(load<u8>(end)) || (isZero && isNegative)) return 0;
  const o = putText(out, '{"d":');
  v128.store(o, v128.load(from));
  written = o + (end - from);
  store<u8>(written, <u8>CLOSING_BRACE);
  written++;
  return end;
}

function copyFraction(from: usize, out: usize, first: usize, point: usize): usize {
  const digits = digitsAt(point + 1);
  const end = point + 1 + digits;
  const last: u32 = load<u8>(end - 1);
  if (point - first + digits > EXACT_DIGITS || !isDigit(last) || last == ZERO) return 0;
  if (isNumberByte(load<u8>(end))) return 0;
  if (load<u8>(first) == ZERO && zerosAt(point + 1) > MAX_ZEROS) return 0;
  v128.store(out, v128.load(from));
  // A sign and a point make it 17.
  store<u8>(out + 16, load<u8>(from + 16));
  written = out + (end - from);
  return end;
}

function zerosAt(from: usize): usize {
  let p = from;
  while (load<u8>(p) == ZERO) p++;
  return p - from;
}

/** Behind the number or the string at `p`. */
function numberEnd(p: usize): usize {
  let end = p;
  if (load<u8>(p) == QUOTE) {
    do end++;
    while (load<u8>(end) > QUOTE && end - p < MAX_NUMBER_BYTES);
    if (load<u8>(end) != QUOTE) odd();
    return end + 1;
  }
  while (isNumberByte(load<u8>(end)) && end - p < MAX_NUMBER_BYTES) end++;
  if (isNumberByte(load<u8>(end))) odd();
  return end;
}

/** Writes ASCII text; gives where it ends. */
export function putText(out: usize, text: string): usize {
  const length = text.length;
  for (let i = 0; i < length; i++) store<u8>(out + i, <u8>text.charCodeAt(i));
  return out + length;
}

/** Writes an integer in decimal digits; gives where it ends. */
export function putInteger(out: usize, value: i64): usize {
  let o = out;
  let rest: u64 = value;
  if (value < 0) {
    store<u8>(o++, <u8>MINUS);
    rest = -value;
  }
  let digits = 1;
  for (let limit: u64 = 10; digits < 20 && rest >= limit; limit *= 10) digits++;
  const end = o + digits;
  let p = end;
  do {
    store<u8>(--p, <u8>(ZERO + <u32>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return end;
}
