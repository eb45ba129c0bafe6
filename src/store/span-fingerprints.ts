import { type SpanColumns, WORD, wordOf } from './span-columns.ts';

const FIRST_SLOTS = 2 ** 16;

/** 64 MiB; three quarters of them are used at most. */
const MOST_SLOTS = 2 ** 24;

/**
 * A fingerprint of 32 bits for each span of a large trace. Whoever takes one span in ten thousand for known reads all that is stored of its
 * trace for nearly every batch of an import, which is quadratic; of a million spans with fingerprints one in four thousand of these is left.
 */
export class SpanFingerprints {
  #slots = new Uint32Array(FIRST_SLOTS);
  #used = 0;

  /** Adds the spans `first`…`end`. */
  addAll(columns: SpanColumns, first: number, end: number): void {
    for (let span = first; span < end && !this.#isFull(); span++) {
      if (this.#used >= this.#slots.length * 0.75) this.#grow();
      this.#add(fingerprintOf(columns, span));
    }
  }

  /** False only when none of the spans `first`…`end` was added. Beyond twelve million spans it is always true. */
  mayHaveOneOf(columns: SpanColumns, first: number, end: number): boolean {
    if (this.#isFull()) return true;
    for (let span = first; span < end; span++) {
      const fingerprint = fingerprintOf(columns, span);
      if (this.#slots[this.#slotOf(fingerprint)] === fingerprint) return true;
    }
    return false;
  }

  #isFull(): boolean {
    return this.#used >= MOST_SLOTS * 0.75;
  }

  #add(fingerprint: number): void {
    const slot = this.#slotOf(fingerprint);
    if (this.#slots[slot] === fingerprint) return;
    this.#slots[slot] = fingerprint;
    this.#used += 1;
  }

  /** Where it is, or the empty slot where it would be. */
  #slotOf(fingerprint: number): number {
    const last = this.#slots.length - 1;
    let slot = fingerprint & last;
    for (;;) {
      const found = this.#slots[slot];
      if (found === 0 || found === fingerprint) return slot;
      slot = (slot + 1) & last;
    }
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    this.#used = 0;
    for (const fingerprint of before) if (fingerprint !== 0) this.#add(fingerprint);
  }
}

/** Never 0, which stands for an empty slot. Other bits than those that `KnownSpans` looks at. */
function fingerprintOf(columns: SpanColumns, span: number): number {
  const hash = columns.hashes[span] ?? 0;
  const high = Math.imul((columns.ids[span * 4] ?? 0) ^ (hash / 2 ** 21), 0x27d4eb2f);
  const low = Math.imul((columns.ids[span * 4 + 1] ?? 0) ^ hash ^ (high >>> 15), 0x165667b1);
  const mixed = Math.imul(low ^ (low >>> 13) ^ wordOf(columns, span, WORD.trace), 0x9e3779b1);
  return (mixed ^ (mixed >>> 16) ^ high) >>> 0 || 1;
}
