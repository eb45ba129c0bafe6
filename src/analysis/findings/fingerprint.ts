/** 128 bits as eight words of 16, the lowest first: their products are exact. */
const WORDS = 8;
const OFFSET = [0xc58d, 0x6295, 0x2175, 0x62b8, 0x0142, 0x07bb, 0x272e, 0x6c62];
/** The prime is 2^88 + 0x13b. */
const PRIME_LOW = 0x13b;
const PRIME_HIGH_WORD = 5;
const PRIME_HIGH_BIT = 256;
const WORD = 65_536;

/**
 * 32 hex digits that are equal for equal texts: FNV-1a of 128 bits over UTF-8 (http://www.isthe.com/chongo/tech/comp/fnv/).
 * Not SHA-256, because analyses import nothing of Node: a fingerprint has to tell problems apart, not to resist an attacker, who
 * could as well rename a service.
 */
export function fingerprint(text: string): string {
  const hash = Float64Array.from(OFFSET);
  const product = new Float64Array(WORDS);
  for (const byte of new TextEncoder().encode(text)) {
    hash[0] = ((hash[0] ?? 0) ^ byte) >>> 0;
    let carry = 0;
    for (let i = 0; i < WORDS; i++) {
      const high = i < PRIME_HIGH_WORD ? 0 : (hash[i - PRIME_HIGH_WORD] ?? 0) * PRIME_HIGH_BIT;
      const sum = (hash[i] ?? 0) * PRIME_LOW + high + carry;
      product[i] = sum % WORD;
      carry = Math.floor(sum / WORD);
    }
    hash.set(product);
  }
  return Array.from(hash, (word) => word.toString(16).padStart(4, '0'))
    .reverse()
    .join('');
}
