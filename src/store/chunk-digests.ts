import { type ChunkDigest, digestChunk, readDigest } from './chunk-digest.ts';
import { Connection } from './connection.ts';
import { readChunk } from './span-chunks.ts';

/** Stores with fewer chunks are gone through as fast as their digests are read; nothing is written into them. */
const CHUNKS_WORTH_IT = 40;

/** Digests per transaction that writes: other processes get their turn in between. */
const DIGESTS_AT_ONCE = 500;

/** A chunk and what is known of it; null when it has to be looked into. */
export interface DigestedChunk {
  readonly key: number;
  readonly digest: ChunkDigest | null;
}

/**
 * All chunks with their digests, in the order of their keys. Digests that are missing, of chunks imported since the last question, are
 * made and kept in the store if it can be written to.
 */
export function digestedChunks(connection: Connection): DigestedChunk[] {
  const rows = connection.all<readonly [bigint, Buffer | null]>(
    `SELECT c.chunk_key, d.digest FROM (SELECT chunk_key FROM span_chunks) c
     LEFT JOIN chunk_digests d ON d.chunk_key = c.chunk_key ORDER BY c.chunk_key`,
  );
  const missing = rows.filter(([, digest]) => digest === null).map(([key]) => Number(key));
  const made =
    rows.length < CHUNKS_WORTH_IT ? new Map<number, Buffer>() : make(connection, missing);
  return rows.map(([key, stored]) => {
    const bytes = stored ?? made.get(Number(key)) ?? null;
    return { key: Number(key), digest: bytes === null ? null : readDigest(bytes) };
  });
}

function make(connection: Connection, keys: readonly number[]): Map<number, Buffer> {
  const made = new Map<number, Buffer>();
  for (const key of keys) {
    const chunk = readChunk(connection, key);
    if (chunk !== null) made.set(key, digestChunk(chunk));
  }
  if (made.size > 0) keep(connection.path, made);
  return made;
}

/** Writes what was made over a connection of its own: the one that asks may only read. */
function keep(path: string, made: ReadonlyMap<number, Buffer>): void {
  try {
    const connection = new Connection(path, { readonly: false });
    try {
      connection.database.pragma('busy_timeout = 100');
      connection.database.pragma('synchronous = NORMAL');
      const entries = Array.from(made);
      for (let at = 0; at < entries.length; at += DIGESTS_AT_ONCE) {
        connection.transaction(() => {
          for (const [key, digest] of entries.slice(at, at + DIGESTS_AT_ONCE)) {
            connection.run(
              'INSERT OR REPLACE INTO chunk_digests (chunk_key, digest) VALUES (?, ?)',
              [key, digest],
            );
          }
        });
      }
      connection.run(
        'DELETE FROM chunk_digests WHERE chunk_key NOT IN (SELECT chunk_key FROM span_chunks)',
      );
    } finally {
      connection.close();
    }
  } catch {
    // Read-only, full or busy: the answer is there all the same, and the next question makes them again.
  }
}
