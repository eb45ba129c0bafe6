/*
 * The hashes of `content-hash.ts` in the encoding, which a span must get whichever way it was read. A hash has 53 bits.
 */

const MULTIPLIER_A: u32 = 0x9e3779b1;
const MULTIPLIER_B: u32 = 0x5f356495;
const OFFSET_B: u32 = 0x41c6ce57;

/** Of `count` 32-bit words, mixed with `seed`. */
export function wordsHash(from: usize, count: u32, seed: u64): u64 {
  let a = <u32>seed ^ count;
  let b = <u32>(seed >> 32) ^ OFFSET_B;
  const end = from + ((<usize>count) << 2);
  for (let p = from; p < end; p += 4) {
    const bits = load<u32>(p);
    a = rotl((a ^ bits) * MULTIPLIER_A, 13);
    b = (b ^ bits) * MULTIPLIER_B;
    b ^= b >> 15;
  }
  return finish(a, b);
}

/** Of a text that stands in UTF-8 and has zeros behind it up to a whole word. */
export function textHash(from: usize, length: usize): u64 {
  // The seed is mixed with the length in UTF-16 units in place of the number of words.
  const words = <u32>((length + 3) >> 2);
  return wordsHash(from, words, <u64>(utf16Length(from, length) ^ words));
}

/** How many UTF-16 units a UTF-8 text has. */
export function utf16Length(from: usize, length: usize): u32 {
  let units: u32 = 0;
  for (let p = from; p < from + length; p++) {
    const byte: u32 = load<u8>(p);
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** Of two hashes in their order. */
export function chainedHash(first: u64, second: u64): u64 {
  const a = ((<u32>first ^ 0x2545f491) * MULTIPLIER_A) ^ <u32>second;
  const b = ((<u32>(first >> 32) ^ OFFSET_B) * MULTIPLIER_B) ^ <u32>(second >> 32);
  return finish(a, b);
}

/** MurmurHash3's finalizer, crosswise, cut to 53 bits. */
function finish(first: u32, second: u32): u64 {
  let a = first;
  let b = second;
  a = ((a ^ (a >> 16)) * 0x85ebca6b) ^ ((b ^ (b >> 13)) * 0xc2b2ae35);
  b = ((b ^ (b >> 16)) * 0x85ebca6b) ^ ((a ^ (a >> 13)) * 0xc2b2ae35);
  return ((<u64>(b & 0x1fffff)) << 32) | a;
}
