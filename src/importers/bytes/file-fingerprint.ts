import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { DumpFile } from '../open-dump.ts';

/** A smaller file is imported again sooner than it takes to look whether that is needed. */
const MIN_BYTES = 1024 * 1024;
/** How much is read of the beginning and of the end. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * Tells a file, as it is now, from all others and from what it was before: by its size, when it was changed, and what it begins and ends
 * with. `reader` says how it is going to be read, as far as that decides what comes out. Null for what is small, gone or no file.
 */
export async function fileFingerprint(
  { name, sizeBytes }: DumpFile,
  reader: string,
): Promise<string | null> {
  if (sizeBytes === null || sizeBytes < MIN_BYTES) return null;
  try {
    const file = await open(name);
    try {
      const { size, mtimeNs } = await file.stat({ bigint: true });
      const hash = createHash('sha256').update(`${size} ${mtimeNs} ${reader} `);
      for (const position of [0, Number(size) - SAMPLE_BYTES]) {
        const { buffer, bytesRead } = await file.read({
          buffer: Buffer.alloc(SAMPLE_BYTES),
          position,
        });
        hash.update(buffer.subarray(0, bytesRead));
      }
      return hash.digest('hex');
    } finally {
      await file.close();
    }
  } catch {
    // Whoever reads it says why it cannot be read.
    return null;
  }
}
