/** Finds spans by the halves of their ids. Keeps its memory when it is cleared. */
export class SpanIndex {
  /** Numbers of spans + 1; 0 is free. */
  #slots: Int32Array;
  #mask = 0;

  /** For as many spans as `capacity`. */
  constructor(capacity: number) {
    let slots = 2;
    while (slots < capacity * 2) slots *= 2;
    this.#slots = new Int32Array(slots);
  }

  /** Forgets all spans, and makes itself ready for `size`: the fewer, the cheaper. */
  clear(size: number): void {
    let slots = 2;
    while (slots < size * 2) slots *= 2;
    this.#mask = slots - 1;
    this.#slots.fill(0, 0, slots);
  }

  /** Adds a span; false where its id was added before. `high` and `low` are the ids by span. */
  add(high: Uint32Array, low: Uint32Array, span: number): boolean {
    const slot = this.#slotOf(high, low, high[span] ?? 0, low[span] ?? 0);
    if (this.#slots[slot] !== 0) return false;
    this.#slots[slot] = span + 1;
    return true;
  }

  /** The span with an id, −1 for none. */
  find(high: Uint32Array, low: Uint32Array, idHigh: number, idLow: number): number {
    return (this.#slots[this.#slotOf(high, low, idHigh, idLow)] ?? 0) - 1;
  }

  #slotOf(high: Uint32Array, low: Uint32Array, idHigh: number, idLow: number): number {
    const hash = Math.imul(idHigh, 0x9e3779b1) ^ Math.imul(idLow, 0x85ebca6b);
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    for (let found = this.#slots[slot] ?? 0; found !== 0; found = this.#slots[slot] ?? 0) {
      if (high[found - 1] === idHigh && low[found - 1] === idLow) return slot;
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }
}
