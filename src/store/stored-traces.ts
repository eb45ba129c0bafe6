import type { Connection } from './connection.ts';
import { readChunk } from './span-chunks.ts';
import type { SpanColumns, SpanRange } from './span-columns.ts';

/** Bytes of chunks that stay in memory; traces that started near each other mostly share chunks. */
const CACHE_BYTES = 16 * 2 ** 20;

/** What a chunk takes beside its texts. */
const CHUNK_BYTES = 32 * 1024;

type RangeRow = readonly [chunkKey: bigint, first: bigint, spans: bigint];

/** Finds the spans of traces. Chunks never change, so those that were read last are kept. */
export class StoredTraces {
  readonly #connection: Connection;
  readonly #chunks = new Map<number, SpanColumns>();
  #bytes = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** All spans of a trace; none when the store does not have it, or no longer. */
  ranges(traceKey: number): readonly SpanRange[] {
    const found = this.#find(traceKey);
    if (found !== null) return found;
    // Between looking up the chunks and reading them another process has written what is left of them elsewhere.
    const again = this.#connection.database.transaction(() => this.#find(traceKey) ?? []);
    return this.#connection.guard(() => again.deferred());
  }

  /** Null when a chunk is gone. */
  #find(traceKey: number): SpanRange[] | null {
    const rows = this.#connection.all<RangeRow>(
      'SELECT chunk_key, first, spans FROM trace_chunks WHERE trace_key = ? ORDER BY chunk_key',
      [traceKey],
    );
    const ranges: SpanRange[] = [];
    for (const [key, first, spans] of rows) {
      const columns = this.#chunk(Number(key));
      if (columns === null) return null;
      ranges.push({ columns, first: Number(first), count: Number(spans) });
    }
    return ranges;
  }

  #chunk(key: number): SpanColumns | null {
    const kept = this.#chunks.get(key);
    if (kept !== undefined) return kept;
    const chunk = readChunk(this.#connection, key);
    if (chunk === null) return null;
    this.#chunks.set(key, chunk);
    this.#bytes += chunk.texts.length + CHUNK_BYTES;
    this.#dropOldest();
    return chunk;
  }

  #dropOldest(): void {
    for (const [key, { texts }] of this.#chunks) {
      if (this.#bytes <= CACHE_BYTES || this.#chunks.size === 1) return;
      this.#chunks.delete(key);
      this.#bytes -= texts.length + CHUNK_BYTES;
    }
  }
}
