import { once } from 'node:events';
import { createGunzip, type Gunzip } from 'node:zlib';

const CHUNK_BYTES = 1024 * 1024;

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
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  const output: Uint8Array[] = [];
  const failure: { message: string | null } = { message: null };
  stream.on('data', (chunk: Uint8Array) => output.push(chunk));
  stream.on('error', (error) => {
    failure.message = error.message;
  });
  try {
    for await (const chunk of source) {
      await write(stream, chunk);
      yield* output.splice(0);
      if (failure.message !== null) return failure.message;
    }
    const closed = once(stream, 'close');
    stream.end();
    // `once` rejects on an error, which the listener above has noted.
    await closed.catch(() => {});
    yield* output.splice(0);
    return failure.message;
  } finally {
    stream.destroy();
  }
}

/** Resolves when the bytes have been decompressed, or cannot be. */
function write(stream: Gunzip, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(chunk, () => resolve());
  });
}
