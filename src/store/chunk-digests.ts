import { checksum } from './checksum.ts';
import { type ChunkDigest, digestChunk } from './chunk-digest.ts';
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

type DigestRow = readonly [
  key: bigint,
  groups: Buffer,
  groupsSum: bigint | null,
  attributes: Buffer | null,
  attributesSum: bigint | null,
];

const NO_FILTER = Buffer.alloc(0);

const GROUPS =
  'SELECT chunk_key, groups, checksum, NULL, NULL FROM chunk_digests ORDER BY chunk_key';
const GROUPS_AND_ATTRIBUTES = `SELECT chunk_key, groups, d.checksum, attributes, f.checksum
  FROM chunk_digests d JOIN chunk_filters f USING (chunk_key) ORDER BY chunk_key`;

/**
 * All chunks with their digests, in the order of their keys, some of which may be no more. Digests that are missing, of chunks imported
 * since the last question, are made and kept in the store if it can be written to. Without `withAttributes` the filters of attributes
 * are empty.
 */
export function digestedChunks(connection: Connection, withAttributes: boolean): DigestedChunk[] {
  const chunks: DigestedChunk[] = connection
    .all<DigestRow>(withAttributes ? GROUPS_AND_ATTRIBUTES : GROUPS)
    .map((row) => ({ key: Number(row[0]), digest: digestOf(row) }));
  // Keys only grow, and digests are written in their order: what is missing comes behind the last.
  const missing = connection
    .all<readonly [bigint]>(
      'SELECT chunk_key FROM span_chunks WHERE chunk_key > ? ORDER BY chunk_key',
      [chunks.at(-1)?.key ?? 0],
    )
    .map(([key]) => Number(key));
  if (chunks.length + missing.length < CHUNKS_WORTH_IT) {
    return [...chunks, ...missing.map((key) => ({ key, digest: null }))];
  }
  const made = make(connection, missing);
  return [...chunks, ...Array.from(made, ([key, digest]) => ({ key, digest }))];
}

/** Null for one that is damaged: its chunk is looked into, and nothing is overlooked. */
function digestOf([, groups, groupsSum, attributes, attributesSum]: DigestRow): ChunkDigest | null {
  const isAsWritten =
    checksum([groups]) === groupsSum &&
    (attributes === null || checksum([attributes]) === attributesSum);
  return isAsWritten ? { groups, attributes: attributes ?? NO_FILTER } : null;
}

function make(connection: Connection, keys: readonly number[]): Map<number, ChunkDigest> {
  const made = new Map<number, ChunkDigest>();
  for (const key of keys) {
    const chunk = readChunk(connection, key);
    if (chunk !== null) made.set(key, digestChunk(chunk));
  }
  if (made.size > 0) keep(connection.path, made);
  return made;
}

/** Writes what was made over a connection of its own: the one that asks may only read. */
function keep(path: string, made: ReadonlyMap<number, ChunkDigest>): void {
  try {
    const connection = new Connection(path, { readonly: false });
    try {
      connection.database.pragma('busy_timeout = 100');
      connection.database.pragma('synchronous = NORMAL');
      const entries = Array.from(made);
      for (let at = 0; at < entries.length; at += DIGESTS_AT_ONCE) {
        connection.transaction(() => insert(connection, entries.slice(at, at + DIGESTS_AT_ONCE)));
      }
      for (const table of ['chunk_digests', 'chunk_filters']) {
        connection.run(
          `DELETE FROM ${table} WHERE chunk_key NOT IN (SELECT chunk_key FROM span_chunks)`,
        );
      }
    } finally {
      connection.close();
    }
  } catch {
    // Read-only, full or busy: the answer is there all the same, and the next question makes them again.
  }
}

function insert(
  connection: Connection,
  entries: readonly (readonly [number, ChunkDigest])[],
): void {
  for (const [key, { groups, attributes }] of entries) {
    connection.run(
      'INSERT OR REPLACE INTO chunk_digests (chunk_key, groups, checksum) VALUES (?, ?, ?)',
      [key, groups, checksum([groups])],
    );
    connection.run(
      'INSERT OR REPLACE INTO chunk_filters (chunk_key, attributes, checksum) VALUES (?, ?, ?)',
      [key, attributes, checksum([attributes])],
    );
  }
}
