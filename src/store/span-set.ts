import { type SpanColumns, WORD, wordOf } from './span-columns.ts';

/** A set of spans, each told by its trace's key, its id and the hash of its content, in an open table. */
export class SpanSet {
  readonly #mask: number;
  /** Index + 1 of a span; 0 for none. */
  readonly #table: Int32Array;
  readonly #traces: Uint32Array;
  readonly #ids: Uint32Array;
  readonly #hashes: Float64Array;
  #size = 0;

  /** For up to `capacity` spans. */
  constructor(capacity: number) {
    let slots = 4;
    while (slots < capacity * 2) slots *= 2;
    this.#mask = slots - 1;
    this.#table = new Int32Array(slots);
    this.#traces = new Uint32Array(capacity);
    this.#ids = new Uint32Array(capacity * 2);
    this.#hashes = new Float64Array(capacity);
  }

  /** Adds a span; false if it is there already. */
  add(columns: SpanColumns, span: number): boolean {
    const trace = wordOf(columns, span, WORD.trace);
    const high = columns.ids[span * 4] ?? 0;
    const low = columns.ids[span * 4 + 1] ?? 0;
    const hash = columns.hashes[span] ?? 0;
    const mixed = Math.imul(high ^ trace, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & this.#mask;
    for (let found = this.#table[slot] ?? 0; found !== 0; found = this.#table[slot] ?? 0) {
      if (this.#is(found - 1, trace, high, low, hash)) return false;
      slot = (slot + 1) & this.#mask;
    }
    const index = this.#size++;
    this.#table[slot] = index + 1;
    this.#traces[index] = trace;
    this.#ids[index * 2] = high;
    this.#ids[index * 2 + 1] = low;
    this.#hashes[index] = hash;
    return true;
  }

  #is(index: number, trace: number, high: number, low: number, hash: number): boolean {
    return (
      this.#ids[index * 2 + 1] === low &&
      this.#ids[index * 2] === high &&
      this.#traces[index] === trace &&
      this.#hashes[index] === hash
    );
  }
}
