import { ByteQueue } from './byte-queue.ts';

/** Takes exact numbers of bytes from a stream of chunks. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #queue = new ByteQueue();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes without taking them, at most `length`; fewer only where the stream ends. Valid until the next call. */
  async peek(length: number): Promise<Buffer> {
    while (this.#queue.length < length) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      this.#queue.push(next.value);
    }
    return this.#queue.peek(length);
  }

  /** Passes over bytes; false when the stream ends before. */
  async skip(length: number): Promise<boolean> {
    let left = length - this.#queue.skip(length);
    while (left > 0 && (await this.peek(1)).length > 0) left -= this.#queue.skip(left);
    return left === 0;
  }

  /** Takes the next bytes, a copy; null when the stream ends before. */
  async take(length: number): Promise<Buffer | null> {
    const bytes = await this.peek(length);
    if (bytes.length < length) return null;
    this.#queue.skip(length);
    return Buffer.from(bytes);
  }

  /** Lets the stream go. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
