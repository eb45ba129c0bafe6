const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x1000000000000000000013bn;
const MASK = (1n << 128n) - 1n;

/**
 * 32 hex digits that are equal for equal texts: FNV-1a of 128 bits over UTF-8 (http://www.isthe.com/chongo/tech/comp/fnv/).
 * Not SHA-256, because analyses import nothing of Node: a fingerprint has to tell problems apart, not to resist an attacker, who
 * could as well rename a service. Slow (bigint): for texts of a few hundred characters, once a finding.
 */
export function fingerprint(text: string): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  return hash.toString(16).padStart(32, '0');
}
