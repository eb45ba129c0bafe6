import { ODD } from './json-text.ts';

const SLOTS = 1 << 16;

/** Notices a key that occurs twice among attributes. By a hash alone: one in some thousand lists is held for one that has. */
export class SeenKeys {
  /** The list that a slot's key was last seen in. */
  readonly #lists = new Uint32Array(SLOTS);
  #list = 0;

  /** Another list begins. */
  begin(): void {
    this.#list += 1;
    if (this.#list < 2 ** 32) return;
    this.#lists.fill(0);
    this.#list = 1;
  }

  /** Throws `ODD` when the key in `bytes[from…to]` may have been seen in this list. */
  see(bytes: Uint8Array, from: number, to: number): void {
    let hash = to - from;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    if (this.#lists[slot] === this.#list) throw ODD;
    this.#lists[slot] = this.#list;
  }
}
