/** Slots of the hash table; a batch has fewer different names than half of them. */
const SLOTS = 1 << 15;
const MASK = SLOTS - 1;

/** Numbers different byte strings 0, 1, 2, … in order of first appearance. */
export class ByteInterner {
  /** Number + 1 of the string in a slot, 0 for a free one. */
  readonly #slots = new Uint16Array(SLOTS);
  readonly #used: number[] = [];
  readonly #ends: number[] = [];
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** The number of `bytes[from…to]`, negative (−1 − its number) when it is new; null when there are too many. */
  intern(bytes: Uint8Array, from: number, to: number): number | null {
    let hash = to - from;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    let slot = (hash ^ (hash >>> 15)) & MASK;
    for (;;) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0) return this.#add(bytes, from, to, slot);
      if (this.#equals(number - 1, bytes, from, to)) return number - 1;
      slot = (slot + 1) & MASK;
    }
  }

  clear(): void {
    for (const slot of this.#used) this.#slots[slot] = 0;
    this.#used.length = 0;
    this.#ends.length = 0;
    this.#length = 0;
  }

  #add(bytes: Uint8Array, from: number, to: number, slot: number): number | null {
    const number = this.#ends.length;
    if (number >= SLOTS / 2) return null;
    const end = this.#length + to - from;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(end * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    for (let at = from; at < to; at++) this.#bytes[this.#length + at - from] = bytes[at] ?? 0;
    this.#length = end;
    this.#ends.push(end);
    this.#slots[slot] = number + 1;
    this.#used.push(slot);
    return -1 - number;
  }

  #equals(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = number === 0 ? 0 : (this.#ends[number - 1] ?? 0);
    const length = to - from;
    if ((this.#ends[number] ?? 0) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== bytes[from + i]) return false;
    return true;
  }
}
