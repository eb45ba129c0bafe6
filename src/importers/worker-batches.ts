import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { SpanBatch } from '../encoding/span-batch.ts';
import { UserError } from '../model/user-error.ts';
import type { BatchSource, BatchSourceOptions } from './batch-source.ts';
import type { DumpReport } from './import-dump.ts';
import { DEFAULT_LIMITS } from './memory-limits.ts';
import type { DumpFile } from './open-dump.ts';
import type { WorkerMessage, WorkerTask } from './worker-message.ts';

/** The bundled worker, which lies beside the bundle of this file. */
const WORKER = new URL('./import-worker.js', import.meta.url);

/** Whether there is a worker: not where the sources run as they are. */
export const hasWorker = existsSync(WORKER);

/** Reads a dump in a thread of its own, which is at most some batches ahead and ends with the generator or the signal. */
export function batchesOfWorker(
  file: DumpFile,
  { format, onIssues, signal, limits = DEFAULT_LIMITS }: BatchSourceOptions,
): BatchSource {
  let bytesRead = 0;
  const note = (message: WorkerMessage) => {
    if (message.kind === 'batch') bytesRead = message.bytesRead;
    if (message.kind !== 'error') onIssues?.(message.issues);
  };
  return { batches: batches({ file, format, limits }, signal, note), bytesRead: () => bytesRead };
}

async function* batches(
  workerData: WorkerTask,
  signal: AbortSignal,
  note: (message: WorkerMessage) => void,
): AsyncGenerator<SpanBatch, DumpReport> {
  const worker = new Worker(WORKER, { workerData });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  const next = messagesOf(worker);
  try {
    for (;;) {
      const message = await next();
      note(message);
      if (message.kind === 'report') return message.report;
      if (message.kind === 'error') throw userError(message.error);
      yield message.batch;
      worker.postMessage('used');
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/** A function that waits for the worker's next message. It rejects when the worker fails or ends without a last word. */
function messagesOf(worker: Worker): () => Promise<WorkerMessage> {
  const waiting: WorkerMessage[] = [];
  let failure: unknown = null;
  let wake = () => {};
  worker.on('message', (message: WorkerMessage) => {
    waiting.push(message);
    wake();
  });
  worker.on('error', (error) => {
    failure = error;
    wake();
  });
  worker.on('exit', () => {
    failure ??= new Error('the thread that reads the dump has ended');
    wake();
  });
  return async () => {
    for (;;) {
      const message = waiting.shift();
      if (message !== undefined) return message;
      if (failure !== null) throw failure;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

function userError({ kind, what, where, fix }: WorkerError): UserError {
  return new UserError(kind, what, { where, ...(fix !== null && { fix }) });
}

type WorkerError = Extract<WorkerMessage, { kind: 'error' }>['error'];
