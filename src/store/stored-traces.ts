import type { Connection } from './connection.ts';
import { readChunk, readChunkNumbers } from './span-chunks.ts';
import type { SpanColumns, SpanRange } from './span-columns.ts';

/** Bytes of chunks that stay in memory; traces that started near each other mostly share chunks. */
const CACHE_BYTES = 16 * 2 ** 20;

/** What a chunk takes beside its texts. */
const CHUNK_BYTES = 32 * 1024;

type RangeRow = readonly [chunkKey: bigint, first: bigint, spans: bigint];

/** What of the spans is wanted: all, or their numbers alone, which are a small part of what there is to read. */
export type WantedColumns = 'all' | 'numbers';

/** Finds the spans of traces. Chunks never change, so those that were read last are kept. */
export class StoredTraces {
  readonly #connection: Connection;
  readonly #readChunk: typeof readChunk;
  readonly #chunks = new Map<number, SpanColumns>();
  #bytes = 0;
  /** Of the traces that were asked for ahead. */
  #ahead = new Map<number, RangeRow[]>();

  constructor(connection: Connection, wanted: WantedColumns = 'all') {
    this.#connection = connection;
    this.#readChunk = wanted === 'all' ? readChunk : readChunkNumbers;
  }

  /** Looks up the chunks of many traces at once, which costs a fraction of one by one. Call `ranges` for them soon. */
  lookAhead(traceKeys: readonly bigint[]): void {
    this.#ahead = new Map();
    const rows = this.#connection.all<readonly [bigint, ...RangeRow]>(
      `SELECT trace_key, chunk_key, first, spans FROM trace_chunks
       WHERE trace_key IN (SELECT value FROM json_each(?)) ORDER BY trace_key, chunk_key`,
      [`[${traceKeys.join(',')}]`],
    );
    for (const [trace, ...range] of rows) {
      const ranges = this.#ahead.get(Number(trace));
      if (ranges === undefined) this.#ahead.set(Number(trace), [range]);
      else ranges.push(range);
    }
  }

  /** How many spans a trace has. */
  countSpans(traceKey: number): number {
    const rows = this.#ahead.get(traceKey) ?? this.#find(traceKey);
    return rows.reduce((sum, [, , spans]) => sum + Number(spans), 0);
  }

  /** All spans of a trace; none when the store does not have it, or no longer. */
  ranges(traceKey: number): readonly SpanRange[] {
    const ahead = this.#ahead.get(traceKey);
    const found = this.#read(ahead ?? this.#find(traceKey));
    if (found !== null) return found;
    // Between looking up the chunks and reading them another process has written what is left of them elsewhere.
    const again = this.#connection.database.transaction(() => this.#read(this.#find(traceKey)));
    return this.#connection.guard(() => again.deferred() ?? []);
  }

  #find(traceKey: number): RangeRow[] {
    return this.#connection.all<RangeRow>(
      'SELECT chunk_key, first, spans FROM trace_chunks WHERE trace_key = ? ORDER BY chunk_key',
      [traceKey],
    );
  }

  /** Null when a chunk is gone. */
  #read(rows: readonly RangeRow[]): SpanRange[] | null {
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
    const chunk = this.#readChunk(this.#connection, key);
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
