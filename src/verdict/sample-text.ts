/**
 * A sample of whole numbers, ascending, as text: the differences between neighbours as varints (seven bits a byte, low ones first, the
 * high bit says that more follow), in base64. Two to four bytes a duration.
 */
export function sampleText(sorted: Float64Array): string {
  const bytes: number[] = [];
  let last = 0;
  for (const value of sorted) {
    let rest = value - last;
    last = value;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return base64(bytes);
}

/** The sample that `sampleText` wrote; null for a text that it cannot have written. */
export function sampleOf(text: string): Float64Array | null {
  const bytes = bytesOf(text);
  if (bytes === null) return null;
  const values: number[] = [];
  let last = 0;
  let delta = 0;
  let factor = 1;
  for (const byte of bytes) {
    delta += (byte % 128) * factor;
    if (byte >= 128) {
      factor *= 128;
      continue;
    }
    last += delta;
    if (last > Number.MAX_SAFE_INTEGER) return null;
    values.push(last);
    delta = 0;
    factor = 1;
  }
  return factor === 1 ? Float64Array.from(values) : null;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));

function base64(bytes: readonly number[]): string {
  const digits: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    const bits = a * 65536 + (b ?? 0) * 256 + (c ?? 0);
    const digit = (shift: number) => DIGITS[(bits >> shift) & 63] ?? '';
    digits.push(
      digit(18),
      digit(12),
      b === undefined ? '=' : digit(6),
      c === undefined ? '=' : digit(0),
    );
  }
  return digits.join('');
}

function bytesOf(text: string): number[] | null {
  if (text.length % 4 !== 0) return null;
  const digits = text.replace(/={1,2}$/, '');
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of digits) {
    const value = VALUES.get(digit);
    if (value === undefined) return null;
    bits = (bits * 64 + value) % 2 ** 20;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push(Math.floor(bits / 2 ** count) % 256);
  }
  return bytes;
}
