/** The first 32 bits of the fractional parts of the square roots and cube roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
const PRIMES = firstPrimes(64);
const INITIAL = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fractionBits(prime ** (1 / 2)));
const ROUND = Uint32Array.from(PRIMES, (prime) => fractionBits(prime ** (1 / 3)));

const BLOCK_BYTES = 64;

/**
 * SHA-256 of a text's UTF-8 bytes as 64 hex digits (FIPS 180-4). Analyses import nothing of Node, and WebCrypto answers later
 * only. A few microseconds for a short text.
 */
export function sha256(text: string): string {
  const state = INITIAL.slice();
  const bytes = padded(new TextEncoder().encode(text));
  const words = new Uint32Array(64);
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    schedule(new DataView(bytes.buffer, at, BLOCK_BYTES), words);
    compress(state, words);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** With a 1 bit, zeros, and the length in bits, up to a whole number of blocks. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil((message.length + 9) / BLOCK_BYTES);
  const bytes = new Uint8Array(blocks * BLOCK_BYTES);
  bytes.set(message);
  bytes[message.length] = 0x80;
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return bytes;
}

function schedule(block: DataView, words: Uint32Array): void {
  for (let i = 0; i < 16; i++) words[i] = block.getUint32(i * 4);
  for (let i = 16; i < 64; i++) {
    const a = at(words, i - 15);
    const b = at(words, i - 2);
    const mixedA = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3);
    const mixedB = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
    words[i] = at(words, i - 16) + mixedA + at(words, i - 7) + mixedB;
  }
}

function compress(state: Uint32Array, words: Uint32Array): void {
  const v = state.slice();
  for (let i = 0; i < 64; i++) {
    const a = at(v, 0);
    const e = at(v, 4);
    const choice = (e & at(v, 5)) ^ (~e & at(v, 6));
    const majority = (a & at(v, 1)) ^ (a & at(v, 2)) ^ (at(v, 1) & at(v, 2));
    const sumE = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const sumA = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const first = at(v, 7) + sumE + choice + at(ROUND, i) + at(words, i);
    v.copyWithin(1, 0, 7);
    v[4] = at(v, 4) + first;
    v[0] = first + sumA + majority;
  }
  for (let i = 0; i < 8; i++) state[i] = at(state, i) + at(v, i);
}

function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function fractionBits(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  return primes;
}
