import type { SpanBatch } from '../encoding/span-batch.ts';
import { SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import type { Span } from '../model/span.ts';
import { columnsOfRows, rowsByTrace } from './batch-columns.ts';
import { BatchKeys } from './batch-keys.ts';
import { type Connection, connectionOf } from './connection.ts';
import {
  closeLogEntry,
  type ImportedDump,
  type ImportReport,
  openLogEntry,
  updateLogEntry,
} from './import-log.ts';
import { KeySet } from './key-set.ts';
import { NewSpans } from './new-spans.ts';
import type { Store } from './open-store.ts';
import { OperationServices } from './operation-services.ts';
import { SharedRows } from './shared-rows.ts';
import { eachTraceRun, insertChunks } from './span-chunks.ts';
import { TraceKeys } from './trace-keys.ts';
import { StaleSummaries } from './trace-summaries.ts';
import { traceTotals } from './trace-totals.ts';

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

class StoreImport implements ImportWriter {
  readonly #connection: Connection;
  readonly #importKey: number;
  readonly #shared: SharedRows;
  readonly #traceKeys: TraceKeys;
  readonly #newSpans: NewSpans;
  readonly #services: OperationServices;
  readonly #touched = new KeySet();
  #spansAdded = 0;
  #spansDuplicate = 0;
  #dataVersion: unknown = null;

  constructor(connection: Connection, dump: ImportedDump) {
    this.#connection = connection;
    this.#importKey = openLogEntry(connection, dump);
    this.#shared = new SharedRows(connection, this.#importKey);
    this.#traceKeys = new TraceKeys(connection);
    this.#newSpans = new NewSpans(connection);
    this.#services = new OperationServices(connection);
  }

  write(spans: readonly Span[]): void {
    const builder = new SpanBatchBuilder();
    for (const span of spans) builder.add(span);
    this.writeBatch(builder.take());
  }

  writeBatch(batch: SpanBatch): void {
    if (batch.length === 0) return;
    let added = 0;
    try {
      this.#connection.transaction(() => {
        this.#forgetIfOthersWrote();
        added = this.#insert(batch);
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

  /** Inserts the spans that are new and returns their number. */
  #insert(batch: SpanBatch): number {
    const keys = new BatchKeys(batch, this.#shared, this.#traceKeys);
    const fresh = new Set(
      keys.traces.filter(({ stored }) => stored === 'none').map(({ key }) => key),
    );
    for (const { key } of keys.traces) this.#touched.add(key);
    const sorted = columnsOfRows(batch, keys, rowsByTrace(batch, keys));
    const columns = this.#newSpans.select(sorted, keys);
    const stale = new StaleSummaries(this.#connection, this.#services);
    eachTraceRun(columns, 0, columns.length, (trace, first, count) => {
      if (fresh.has(trace)) stale.begin(trace, traceTotals([{ columns, first, count }]));
      else stale.markStale(trace);
    });
    stale.flush();
    insertChunks(this.#connection, columns);
    return columns.length;
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
    this.#services.forget();
  }
}
