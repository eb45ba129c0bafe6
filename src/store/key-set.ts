/** A set of row keys, which are small and dense: one bit each, where a `Set` takes 40 bytes. */
export class KeySet {
  #bits = new Uint8Array(1024);
  #size = 0;

  /** Number of keys. */
  get size(): number {
    return this.#size;
  }

  add(key: number): void {
    const at = Math.floor(key / 8);
    if (at >= this.#bits.length) this.#grow(at + 1);
    const byte = this.#bits[at] ?? 0;
    const bit = 1 << (key % 8);
    if ((byte & bit) === 0) this.#size++;
    this.#bits[at] = byte | bit;
  }

  #grow(bytes: number): void {
    const bits = new Uint8Array(Math.max(bytes, this.#bits.length * 2));
    bits.set(this.#bits);
    this.#bits = bits;
  }
}
