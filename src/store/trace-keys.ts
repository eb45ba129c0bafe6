import type { BatchTrace } from '../encoding/span-batch.ts';
import type { TraceId } from '../model/ids.ts';
import type { Connection } from './connection.ts';
import { fromSqlText, type SqlText, toSqlText } from './sql-text.ts';

/** A trace's row. */
export interface TraceEntry {
  readonly key: number;
  /** The first spelling of the id that was seen. */
  readonly traceIdRaw: string | null;
  /** What is known of the spans that the store has of it: that there are none, all of them, or not all. */
  stored: 'none' | 'known' | 'unknown';
}

/** How many traces stay in memory; spans of one trace come near each other in most dumps. About 3 MB. */
const CACHE_ENTRIES = 10_000;

/** Gives traces their integer keys, in order of first appearance. Call it inside a transaction; `forget` as for `SharedRows`. */
export class TraceKeys {
  readonly #connection: Connection;
  readonly #entries = new Map<TraceId, TraceEntry>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The row of a trace, made if there is none. */
  entry(trace: BatchTrace): TraceEntry {
    let entry = this.#entries.get(trace.id);
    if (entry === undefined) {
      const id = Buffer.from(trace.id, 'hex');
      entry = this.#add(id, trace.raw) ?? this.#find(id);
      if (this.#entries.size >= CACHE_ENTRIES) this.#entries.clear();
      this.#entries.set(trace.id, entry);
    }
    return entry;
  }

  /** Key of a trace; null when the store has none of it. */
  known({ id }: BatchTrace): number | null {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry.key;
    const row = this.#connection.first<TraceRow>(FIND_TRACE, [Buffer.from(id, 'hex')]);
    return row === null ? null : Number(row[0]);
  }

  forget(): void {
    this.#entries.clear();
  }

  /** Null when the trace has a row. */
  #add(id: Buffer, raw: string | null): TraceEntry | null {
    const key = this.#connection.insertNew(ADD_TRACE, [id, raw === null ? null : toSqlText(raw)]);
    return key === null ? null : { key, traceIdRaw: raw, stored: 'none' };
  }

  #find(id: Buffer): TraceEntry {
    const row = this.#connection.first<TraceRow>(FIND_TRACE, [id]);
    if (row === null) throw new RangeError('a trace that is there has no row');
    const traceIdRaw = row[1] === null ? null : fromSqlText(row[1]);
    return { key: Number(row[0]), traceIdRaw, stored: 'unknown' };
  }
}

type TraceRow = readonly [key: bigint, traceIdRaw: SqlText | null];

const ADD_TRACE =
  'INSERT INTO trace_rows (trace_id, trace_id_raw) VALUES (?, ?) ON CONFLICT DO NOTHING';
const FIND_TRACE = 'SELECT trace_key, trace_id_raw FROM trace_rows WHERE trace_id = ?';
