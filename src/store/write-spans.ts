import type { SpanBatch } from '../encoding/span-batch.ts';
import { SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import type { Span } from '../model/span.ts';
import { BatchKeys } from './batch-keys.ts';
import { type Connection, connectionOf, type SqlValue } from './connection.ts';
import {
  closeLogEntry,
  type ImportedDump,
  type ImportReport,
  openLogEntry,
  updateLogEntry,
} from './import-log.ts';
import { KeySet } from './key-set.ts';
import type { Store } from './open-store.ts';
import { SharedRows } from './shared-rows.ts';
import { type BoundBatch, bindRow, ROW_PLACEHOLDERS, SPAN_COLUMNS } from './span-rows.ts';
import { TraceKeys } from './trace-keys.ts';

/** What an import did to the store. */
export interface ImportResult {
  readonly spansAdded: number;
  /** Spans that the store, or the dump itself, already had with equal content. */
  readonly spansDuplicate: number;
  /** Traces that the dump has spans of. */
  readonly traces: number;
}

/** One dump on its way into the store. */
export interface ImportWriter {
  /** Stores spans in one transaction: all of them or, when it throws, none. Spans that are already there are left alone. */
  write(spans: readonly Span[]): void;
  /** The same for spans that are encoded already. */
  writeBatch(batch: SpanBatch): void;
  /** Marks the import as complete. One that never gets here keeps what it wrote, and the log says that it is incomplete. */
  finish(report: ImportReport): ImportResult;
}

/**
 * Begins the import of one dump. A process that dies in the middle leaves the batches that it wrote; importing the dump again
 * adds the rest and doubles nothing. The lists of traces show what was written after `refreshSummaries`, which is one for many dumps.
 */
export function beginImport(store: Store, dump: ImportedDump): ImportWriter {
  return new StoreImport(connectionOf(store), dump);
}

/** Rows per INSERT statement: beyond 50 it gets no faster. */
const ROWS_AT_ONCE = 50;

function insertRows(count: number): string {
  return `INSERT INTO span_rows (${SPAN_COLUMNS.join(', ')}) VALUES ${Array(count).fill(ROW_PLACEHOLDERS).join(', ')} ON CONFLICT DO NOTHING`;
}

const INSERT_ONE = insertRows(1);
const INSERT_MANY = insertRows(ROWS_AT_ONCE);

class StoreImport implements ImportWriter {
  readonly #connection: Connection;
  readonly #importKey: number;
  readonly #shared: SharedRows;
  readonly #traceKeys: TraceKeys;
  readonly #touched = new KeySet();
  readonly #parameters: SqlValue[] = [];
  #spansAdded = 0;
  #spansDuplicate = 0;
  #dataVersion: unknown = null;

  constructor(connection: Connection, dump: ImportedDump) {
    this.#connection = connection;
    this.#importKey = openLogEntry(connection, dump);
    this.#shared = new SharedRows(connection, this.#importKey);
    this.#traceKeys = new TraceKeys(connection);
  }

  write(spans: readonly Span[]): void {
    const builder = new SpanBatchBuilder();
    for (const span of spans) builder.add(span);
    this.writeBatch(builder.take());
  }

  writeBatch(batch: SpanBatch): void {
    if (batch.length === 0) return;
    const touched = new Set<number>();
    let added = 0;
    try {
      this.#connection.transaction(() => {
        this.#forgetIfOthersWrote();
        added = this.#insert(batch, touched);
        if (added > 0) this.#markStale(touched);
        for (const key of touched) this.#touched.add(key);
        updateLogEntry(this.#connection, this.#importKey, {
          spansAdded: this.#spansAdded + added,
          spansDuplicate: this.#spansDuplicate + batch.length - added,
          traces: this.#touched.size,
        });
      });
    } catch (error) {
      this.#forget();
      throw error;
    }
    this.#spansAdded += added;
    this.#spansDuplicate += batch.length - added;
  }

  finish(report: ImportReport): ImportResult {
    closeLogEntry(this.#connection, this.#importKey, report);
    return {
      spansAdded: this.#spansAdded,
      spansDuplicate: this.#spansDuplicate,
      traces: this.#touched.size,
    };
  }

  /** Inserts the spans that are new and returns their number; `touched` receives the keys of all their traces. */
  #insert(batch: SpanBatch, touched: Set<number>): number {
    const { buffer, byteOffset, byteLength } = batch.text;
    const bound = { ...batch, text: Buffer.from(buffer, byteOffset, byteLength) };
    const keys = new BatchKeys(batch, this.#shared, this.#traceKeys);
    for (const key of keys.traces) touched.add(key);
    let added = 0;
    let row = 0;
    for (; row + ROWS_AT_ONCE <= batch.length; row += ROWS_AT_ONCE) {
      added += this.#insertRows(INSERT_MANY, bound, keys, row, ROWS_AT_ONCE);
    }
    for (; row < batch.length; row++) added += this.#insertRows(INSERT_ONE, bound, keys, row, 1);
    return added;
  }

  #insertRows(
    sql: string,
    batch: BoundBatch,
    keys: BatchKeys,
    first: number,
    count: number,
  ): number {
    for (let i = 0; i < count; i++) {
      bindRow(this.#parameters, i * SPAN_COLUMNS.length, batch, first + i, keys.of(first + i));
    }
    this.#parameters.length = count * SPAN_COLUMNS.length;
    return this.#connection.run(sql, this.#parameters);
  }

  #markStale(touched: ReadonlySet<number>): void {
    for (const key of touched) {
      this.#connection.run('INSERT OR IGNORE INTO stale_summaries (trace_key) VALUES (?)', [key]);
    }
  }

  /** Keys that this import remembers hold only as long as no other connection changes the tables. */
  #forgetIfOthersWrote(): void {
    const version = this.#connection.database.pragma('data_version', { simple: true });
    if (version !== this.#dataVersion) this.#forget();
    this.#dataVersion = version;
  }

  #forget(): void {
    this.#shared.forget();
    this.#traceKeys.forget();
  }
}
