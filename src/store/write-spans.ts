import type { SpanBatch } from '../encoding/span-batch.ts';
import { SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import type { Span } from '../model/span.ts';
import { columnsOfRows, rowsByTrace } from './batch-columns.ts';
import { BatchKeys } from './batch-keys.ts';
import { type Connection, connectionOf } from './connection.ts';
import {
  type BegunDump,
  closeLogEntry,
  type ImportReport,
  openLogEntry,
  updateLogEntry,
} from './import-log.ts';
import { forgetPositions, importedSpans, notePosition } from './import-positions.ts';
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
 * adds the rest and doubles nothing. Of a file that is still the same, what was written before the process died is passed over. The lists of traces show what was written after `refreshSummaries`, which is one for many dumps.
 */
export function beginImport(store: Store, dump: BegunDump): ImportWriter {
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
  readonly #fingerprint: string | null;
  /** So many spans of the dump were written by an import that was stopped. */
  #writtenBefore: number;
  #spansAdded = 0;
  #spansDuplicate = 0;
  #dataVersion: unknown = null;

  constructor(connection: Connection, dump: BegunDump) {
    this.#connection = connection;
    this.#importKey = openLogEntry(connection, dump);
    this.#shared = new SharedRows(connection, this.#importKey);
    this.#traceKeys = new TraceKeys(connection);
    this.#newSpans = new NewSpans(connection);
    this.#services = new OperationServices(connection);
    this.#fingerprint = dump.fingerprint ?? null;
    this.#writtenBefore =
      this.#fingerprint === null ? 0 : importedSpans(connection, this.#fingerprint);
  }

  write(spans: readonly Span[]): void {
    const builder = new SpanBatchBuilder();
    for (const span of spans) builder.add(span);
    this.writeBatch(builder.take());
  }

  writeBatch(batch: SpanBatch): void {
    if (batch.length === 0 || this.#passesOver(batch)) return;
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
        this.#notePosition(batch.length);
      });
    } catch (error) {
      this.#forget();
      throw error;
    }
    this.#spansAdded += added;
    this.#spansDuplicate += batch.length - added;
  }

  finish(report: ImportReport): ImportResult {
    this.#connection.transaction(() => {
      updateLogEntry(this.#connection, this.#importKey, {
        spansAdded: this.#spansAdded,
        spansDuplicate: this.#spansDuplicate,
        traces: this.#touched.size,
      });
      closeLogEntry(this.#connection, this.#importKey, report);
      if (this.#fingerprint !== null) forgetPositions(this.#connection, this.#fingerprint);
    });
    return {
      spansAdded: this.#spansAdded,
      spansDuplicate: this.#spansDuplicate,
      traces: this.#touched.size,
    };
  }

  /** Spans of the dump so far. */
  get #spans(): number {
    return this.#spansAdded + this.#spansDuplicate;
  }

  /**
   * Whether the batch was written by an import that was stopped. The same file gives the same spans in the same order. Once a batch was
   * not, perhaps because its traces were removed meanwhile, all that follow are written: those that are there are left alone.
   */
  #passesOver(batch: SpanBatch): boolean {
    if (this.#spans + batch.length > this.#writtenBefore) this.#writtenBefore = 0;
    if (this.#writtenBefore === 0) return false;
    const keys: number[] = [];
    for (const trace of batch.traces) {
      const key = this.#traceKeys.known(trace);
      if (key === null) {
        this.#writtenBefore = 0;
        return false;
      }
      keys.push(key);
    }
    for (const key of keys) this.#touched.add(key);
    this.#spansDuplicate += batch.length;
    return true;
  }

  #notePosition(more: number): void {
    if (this.#fingerprint === null) return;
    const position = { fingerprint: this.#fingerprint, spans: this.#spans + more };
    notePosition(this.#connection, this.#importKey, position);
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
