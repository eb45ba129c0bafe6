import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { UserError } from '../model/user-error.ts';
import type { Store } from '../store/open-store.ts';
import type { ExplorerQuestion } from './explorer-answers.ts';
import type { ExplorerMessage, ExplorerTask } from './explorer-worker.ts';

export interface AskOptions {
  readonly signal: AbortSignal;
  /** When this is aborted, what is known by then will do. */
  readonly stop?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The bundled worker, which lies beside the bundle of this file; there is none where the sources run as they are. */
const WORKER = new URL('./explorer-worker.js', import.meta.url);

/** Has a question answered by a thread of its own, so that keys are answered meanwhile. Rejects when `signal` is aborted. */
export async function askStore(
  store: Store,
  question: ExplorerQuestion,
  options: AskOptions,
): Promise<unknown> {
  options.signal.throwIfAborted();
  if (existsSync(WORKER)) return askWorker(store.path, question, options);
  const { answerOf } = await import('./explorer-answers.ts');
  const { onProgress = () => {}, stop } = options;
  return answerOf(store, question, { onProgress, isStopped: () => stop?.aborted === true });
}

function askWorker(
  path: string,
  question: ExplorerQuestion,
  { signal, stop, onProgress }: AskOptions,
): Promise<unknown> {
  const task: ExplorerTask = { path, question, stop: new Int32Array(new SharedArrayBuffer(4)) };
  const worker = new Worker(WORKER, { workerData: task });
  const abandon = () => void worker.terminate();
  signal.addEventListener('abort', abandon, { once: true });
  stop?.addEventListener('abort', () => Atomics.store(task.stop, 0, 1), { once: true });
  return new Promise((resolve, reject) => {
    worker.on('message', (message: ExplorerMessage) => {
      if (message.kind === 'progress') onProgress?.(message.done, message.total);
      else if (message.kind === 'answer') resolve(message.value);
      else reject(userError(message));
    });
    worker.on('error', reject);
    // After the last word this does nothing.
    worker.on('exit', () =>
      reject(signal.reason ?? new Error('the thread ended without an answer')),
    );
  }).finally(() => signal.removeEventListener('abort', abandon));
}

function userError({ what, where, fix }: Extract<ExplorerMessage, { kind: 'error' }>): UserError {
  return new UserError('input', what, { where, ...(fix !== null && { fix }) });
}
