import { parentPort, workerData } from 'node:worker_threads';
import type { SpanBatch } from '../encoding/span-batch.ts';
import { UserError } from '../model/user-error.ts';
import { importBatches } from './import-dump.ts';
import { openDump } from './open-dump.ts';
import { BATCHES_AHEAD, type WorkerMessage, type WorkerTask } from './worker-message.ts';
import { freezeYoungGeneration } from './young-generation.ts';

/** The entry of a thread that reads one dump and posts its batches. */
const { file, format, limits }: WorkerTask = workerData;
let ahead = 0;
let onUsed = () => {};

parentPort?.on('message', () => {
  ahead -= 1;
  onUsed();
});

freezeYoungGeneration();
try {
  await postBatches();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  const { kind, what, where, fix } = error;
  post({ kind: 'error', error: { kind, what, where, fix } });
} finally {
  parentPort?.close();
}

async function postBatches(): Promise<void> {
  let issues = 0;
  const dump = openDump(file, limits);
  const batches = importBatches(dump, {
    format,
    limits,
    onIssues: (count) => {
      issues = count;
    },
  });
  for (;;) {
    const next = await batches.next();
    if (next.done === true) {
      post({ kind: 'report', report: next.value, issues });
      return;
    }
    ahead += 1;
    post({ kind: 'batch', batch: next.value, bytesRead: dump.bytesRead(), issues });
    while (ahead >= BATCHES_AHEAD) await new Promise<void>((resolve) => (onUsed = resolve));
  }
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message, message.kind === 'batch' ? buffersOf(message.batch) : []);
}

/** Moved to the other thread, not copied. */
function buffersOf({ int64, uint32, hashes, text }: SpanBatch): ArrayBuffer[] {
  return [int64, uint32, hashes, text].map(({ buffer }) => buffer as ArrayBuffer);
}
