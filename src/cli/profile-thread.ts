import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Store } from '../store/open-store.ts';
import { storedCounts } from '../store/store-info.ts';
import type { RunProfile } from '../verdict/run-profile.ts';
import type { RunQuestions } from './run-questions.ts';

/** A store's traces, or those that `selection` chooses. */
export interface StoreRun {
  readonly path: string;
  readonly selection: string | null;
}

/** What the thread is to do, in this order. It says the profiles in one message. */
export interface ProfileTask {
  readonly runs: readonly StoreRun[];
  /** What is asked of each besides. */
  readonly questions: RunQuestions | null;
}

/** The bundled worker, which lies beside the bundle of this file; there is none where the sources run as they are. */
const WORKER = new URL('./profile-worker.js', import.meta.url);

/** Smaller stores are profiled before a thread has started. */
const SPANS_WORTH_A_THREAD = 10_000;

/** Whether a thread of its own for a store makes a comparison faster. */
export function isWorthProfilingAside(store: Store): boolean {
  return (
    existsSync(WORKER) &&
    availableParallelism() > 1 &&
    storedCounts(store).spans >= SPANS_WORTH_A_THREAD
  );
}

/**
 * Profiles runs in a thread, which does not keep the process from ending until somebody waits: by the function that comes back. It gives
 * the profiles in the order of `runs`; null when the thread failed, whose work then has to be done by the caller, who will see why.
 */
export function profileAside(
  runs: readonly StoreRun[],
  questions: RunQuestions | null,
): () => Promise<readonly RunProfile[] | null> {
  const workerData: ProfileTask = { runs, questions };
  const worker = new Worker(WORKER, { workerData });
  const answer = new Promise<readonly RunProfile[] | null>((resolve) => {
    worker.once('message', resolve);
    worker.once('error', () => resolve(null));
    worker.once('exit', () => resolve(null));
  });
  worker.unref();
  return () => {
    worker.ref();
    return answer;
  };
}
