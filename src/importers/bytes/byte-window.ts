/** First size of the buffer; it doubles when one record needs more. */
const INITIAL_BYTES = 64 * 1024;

/** The part of a stream that is still needed, contiguous whatever the chunks were, for reading at any place of it. */
export class ByteWindow {
  /** Holds the window's bytes from index 0; what lies behind `length` is left over. */
  bytes = Buffer.alloc(INITIAL_BYTES);
  length = 0;
  /** Offset in the stream of index 0. */
  offset = 0;

  /** Forgets what lies before index `keepFrom` and appends a copy of `chunk`. Every index is then less by `keepFrom`. */
  advance(keepFrom: number, chunk: Uint8Array): void {
    const kept = this.length - keepFrom;
    const needed = kept + chunk.length;
    const target = needed <= this.bytes.length ? this.bytes : Buffer.alloc(capacityFor(needed));
    if (keepFrom > 0 || target !== this.bytes) this.bytes.copy(target, 0, keepFrom, this.length);
    target.set(chunk, kept);
    this.bytes = target;
    this.length = needed;
    this.offset += keepFrom;
  }
}

function capacityFor(needed: number): number {
  let capacity = INITIAL_BYTES;
  while (capacity < needed) capacity *= 2;
  return capacity;
}
