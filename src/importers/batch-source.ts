import type { SpanBatch } from '../encoding/span-batch.ts';
import { type DumpReport, type ImportDumpOptions, importBatches } from './import-dump.ts';
import { type DumpFile, openDump } from './open-dump.ts';
import { batchesOfWorker, hasWorker } from './worker-batches.ts';

/** A dump on its way to the store. */
export interface BatchSource {
  readonly batches: AsyncGenerator<SpanBatch, DumpReport>;
  /** Bytes of the file that have been read so far, as stored. */
  readonly bytesRead: () => number;
}

export interface BatchSourceOptions extends ImportDumpOptions {
  /** Aborted: nothing more is wanted. */
  readonly signal: AbortSignal;
}

/** Batches of a pipe are small: what has come shows in the store soon, however slowly it comes. */
const PIPE_BATCH_ROWS = 1000;

/** A smaller file is read before another thread has started. */
const WORKER_FILE_BYTES = 8 * 1024 * 1024;

/**
 * Opens a dump for `importBatches`. A large file is read and decoded in a thread of its own, beside whatever the caller does with the
 * batches; standard input and small files in this one. Both give the same.
 */
export function openBatches(file: DumpFile, options: BatchSourceOptions): BatchSource {
  if (hasWorker && (file.sizeBytes ?? 0) >= WORKER_FILE_BYTES)
    return batchesOfWorker(file, options);
  const dump = openDump(file, options.limits);
  const batchSize = file.sizeBytes === null ? { batchSize: PIPE_BATCH_ROWS } : {};
  return {
    batches: importBatches(dump, { ...options, ...batchSize }),
    bytesRead: () => dump.bytesRead(),
  };
}
