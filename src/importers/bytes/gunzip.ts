import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 1024 * 1024;
/** Chunks that may wait to be read: a few bytes give gigabytes. */
const MAX_WAITING = 4;

/** Whether bytes begin like gzip, whatever the file is called. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decompresses gzip, also several members one after another. Gives back what is wrong with it, null for nothing; all that could be
 * decompressed before the damage has been yielded then.
 *
 * Written by hand because piping, like iterating over the stream, discards what is decompressed but not yet read when an error comes.
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, string | null> {
  const stream = new Gunzipper();
  try {
    for await (const chunk of source) {
      yield* stream.write(chunk);
      if (stream.failure !== null) return stream.failure;
    }
    yield* stream.end();
    return stream.failure;
  } finally {
    stream.destroy();
  }
}

/** Node's stream, asked for what it gives. */
class Gunzipper {
  failure: string | null = null;
  readonly #stream = createGunzip({ chunkSize: CHUNK_BYTES });
  #output: Uint8Array[] = [];
  #wake = () => {};

  constructor() {
    this.#stream.on('data', (chunk: Uint8Array) => {
      this.#output.push(chunk);
      if (this.#output.length < MAX_WAITING) return;
      // Then it stops decompressing, so that nothing is lost with an error.
      this.#stream.pause();
      this.#wake();
    });
    this.#stream.on('error', (error) => {
      this.failure = error.message;
    });
  }

  /** What more bytes give. They are not needed any more when it has ended. */
  write(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
    return this.#outputUntil((done) => this.#stream.write(chunk, done));
  }

  /** What is left. */
  end(): AsyncGenerator<Uint8Array> {
    return this.#outputUntil((done) => this.#stream.once('close', done).end());
  }

  destroy(): void {
    this.#stream.destroy();
  }

  async *#outputUntil(begin: (done: () => void) => void): AsyncGenerator<Uint8Array> {
    let isDone = false;
    begin(() => {
      isDone = true;
      this.#wake();
    });
    while (!isDone || this.#output.length > 0) {
      if (!isDone && this.#output.length < MAX_WAITING) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          this.#stream.resume();
        });
      }
      const ready = this.#output;
      this.#output = [];
      yield* ready;
    }
  }
}
