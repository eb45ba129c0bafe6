import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../model/user-error.ts';
import { openStore } from '../store/open-store.ts';
import { answerOf, type ExplorerQuestion } from './explorer-answers.ts';

/** What the thread is asked. */
export interface ExplorerTask {
  readonly path: string;
  readonly question: ExplorerQuestion;
  /** Shared; becomes 1 when what is known by then will do. */
  readonly stop: Int32Array;
}

/** What the thread says; the last one is the answer or the error. */
export type ExplorerMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'answer'; readonly value: unknown }
  | {
      readonly kind: 'error';
      readonly what: string;
      readonly where: readonly string[];
      readonly fix: string | null;
    };

type Say = (message: ExplorerMessage, handedOver?: readonly ArrayBuffer[]) => void;

function answer({ path, question, stop }: ExplorerTask, say: Say): void {
  const store = openStore(path, 'read');
  try {
    const value = answerOf(store, question, {
      onProgress: (done, total) => say({ kind: 'progress', done, total }),
      isStopped: () => Atomics.load(stop, 0) === 1,
    });
    say({ kind: 'answer', value }, buffersIn(value));
  } catch (error) {
    // An error of another thread is a copy without its class; those that the user can mend go as what they say.
    if (!(error instanceof UserError)) throw error;
    const { what, where, fix } = error;
    say({ kind: 'error', what, where, fix });
  } finally {
    store.close();
  }
}

/** Columns of an answer, which change hands instead of being copied: nobody needs them here any more. */
function buffersIn(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  }
  const isRecord = typeof value === 'object' && value?.constructor === Object;
  return isRecord ? Object.values(value).flatMap(buffersIn) : [];
}

const port = parentPort;
if (port) {
  answer(workerData as ExplorerTask, (message, handedOver) =>
    port.postMessage(message, handedOver),
  );
}
