/** First size of the buffer; it doubles when one record needs more. */
const INITIAL_BYTES = 64 * 1024;

/** The bytes of a stream that have arrived and were not consumed yet, contiguous, whatever the chunks were. */
export class ByteQueue {
  #buffer = Buffer.alloc(INITIAL_BYTES);
  #start = 0;
  #end = 0;
  #offset = 0;
  #isEnded = false;

  /** Offset in the stream of the first byte that is not consumed. */
  get offset(): number {
    return this.#offset;
  }

  /** How many bytes wait. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Whether no more bytes will come. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Appends a copy of `chunk`. Invalidates what `peek` gave. */
  push(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  end(): void {
    this.#isEnded = true;
  }

  /** A view of the next bytes, at most `length`, fewer when fewer wait. Valid until the next `push`. */
  peek(length: number): Buffer {
    return this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + length));
  }

  /** Consumes the next bytes, at most `length`; how many it were. */
  skip(length: number): number {
    const skipped = Math.min(length, this.length);
    this.#start += skipped;
    this.#offset += skipped;
    return skipped;
  }

  #makeRoom(length: number): void {
    if (this.#end + length <= this.#buffer.length) return;
    const waiting = this.length;
    let capacity = this.#buffer.length;
    while (capacity < waiting + length) capacity *= 2;
    const buffer = capacity === this.#buffer.length ? this.#buffer : Buffer.alloc(capacity);
    this.#buffer.copy(buffer, 0, this.#start, this.#end);
    this.#buffer = buffer;
    this.#start = 0;
    this.#end = waiting;
  }
}
