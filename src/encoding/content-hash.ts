/** 53 bits in a number: SQLite stores it as an integer and JavaScript needs no bigint for it. */
export type ContentHash = number;

const BUFFER_BYTES = 1 << 16;
const buffer = Buffer.alloc(BUFFER_BYTES);
const words = new Int32Array(buffer.buffer, buffer.byteOffset, BUFFER_BYTES / 4);

/** Longest piece whose UTF-8 form surely fits into the buffer. */
const PIECE = Math.floor(BUFFER_BYTES / 3);

/**
 * A hash of `text`, the same on every little-endian machine, mixed with `seed` so that hashes can be chained.
 * Two lanes of multiply and rotate over the UTF-8 words (as in MurmurHash3): four times as fast as a cryptographic hash for texts of
 * a few hundred bytes. Equal hashes of different texts have a chance of 2^-53, and matter only between spans that share their ids.
 */
export function contentHash(text: string, seed: ContentHash = 0): ContentHash {
  let a = (seed | 0) ^ text.length;
  let b = Math.floor(seed / 2 ** 32) ^ 0x41c6ce57;
  for (let at = 0; at < text.length; at += PIECE) {
    const piece = text.length <= PIECE ? text : text.slice(at, at + PIECE);
    const count = fill(piece);
    for (let i = 0; i < count; i++) {
      const word = words[i] ?? 0;
      a = Math.imul(a ^ word, 0x9e3779b1);
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b ^ word, 0x5f356495);
      b ^= b >>> 15;
    }
  }
  return finish(a, b);
}

/**
 * A hash of the 32-bit words `from`…`to` of `words`, mixed with `seed`; no words give a hash that depends on the seed alone.
 * The same lanes as `contentHash`.
 */
export function wordsHash(
  words: Int32Array,
  from: number,
  to: number,
  seed: ContentHash,
): ContentHash {
  let a = (seed | 0) ^ (to - from);
  let b = Math.floor(seed / 2 ** 32) ^ 0x41c6ce57;
  for (let i = from; i < to; i++) {
    const word = words[i] ?? 0;
    a = Math.imul(a ^ word, 0x9e3779b1);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ word, 0x5f356495);
    b ^= b >>> 15;
  }
  return finish(a, b);
}

/** A hash of two hashes in their order. */
export function chainedHash(first: ContentHash, second: ContentHash): ContentHash {
  const a = Math.imul((first | 0) ^ 0x2545f491, 0x9e3779b1) ^ (second | 0);
  const b =
    Math.imul(Math.floor(first / 2 ** 32) ^ 0x41c6ce57, 0x5f356495) ^ Math.floor(second / 2 ** 32);
  return finish(a, b);
}

/** Copies `piece` into the buffer, zeros behind it, and returns the number of words. */
function fill(piece: string): number {
  const bytes = buffer.write(piece, 'utf8');
  const count = (bytes + 3) >> 2;
  for (let i = bytes; i < count * 4; i++) buffer[i] = 0;
  return count;
}

/** MurmurHash3's finalizer, crosswise, cut to 53 bits. */
function finish(first: number, second: number): ContentHash {
  let a = first;
  let b = second;
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b & 0x1fffff) * 2 ** 32 + (a >>> 0);
}
