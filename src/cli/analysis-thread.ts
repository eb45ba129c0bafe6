import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { Store } from '../store/open-store.ts';
import { storedCounts } from '../store/store-info.ts';
import type { Analysis, AnalyzeOptions } from './analyze-traces.ts';
import type { Costs } from './section-costs.ts';

/** What the thread is to do. It counts up `beats` while it works, and once more when it has said its last word. */
export interface AnalysisTask {
  readonly path: string;
  readonly filter: TraceFilter;
  readonly options: AnalyzeOptions;
  readonly beats: Int32Array;
  readonly port: MessagePort;
}

/** What the thread says: its part of the analysis, or null where it failed. */
export interface AnalysisAnswer {
  readonly analysis: Analysis;
  readonly costs: Costs;
}

/** The bundled worker, which lies beside the bundle of this file; there is none where the sources run as they are. */
const WORKER = new URL('./analysis-worker.js', import.meta.url);

/** Smaller stores are analysed before a thread has started. */
const SPANS_WORTH_A_THREAD = 20_000;

/** What an analysis makes dies young: the 48 MB that V8 would let new objects take save it no more than a twentieth of the time. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 12 };

/** A thread that has not looked at a single trace for so long is given up. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 1000;

/** Whether a thread of its own for a part of the analysis makes it faster. */
export function isWorthAThread(store: Store): boolean {
  return (
    existsSync(WORKER) &&
    availableParallelism() > 1 &&
    storedCounts(store).spans >= SPANS_WORTH_A_THREAD
  );
}

/**
 * Starts an analysis in a thread of its own. The function that comes back waits for it; null when the thread failed, whose work then has
 * to be done by the caller, who will see why.
 */
export function analyzeAside(
  { path }: Store,
  filter: TraceFilter,
  options: AnalyzeOptions,
): () => AnalysisAnswer | null {
  const { port1, port2 } = new MessageChannel();
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: AnalysisTask = { path, filter, options, beats, port: port2 };
  const worker = new Worker(WORKER, {
    workerData,
    transferList: [port2],
    resourceLimits: RESOURCE_LIMITS,
  });
  // Its last word comes by the port; an error that it does not survive shows in that there is none.
  worker.on('error', () => {});
  worker.unref();
  return () => {
    const answer = waitFor(port1, beats);
    port1.close();
    void worker.terminate();
    return answer;
  };
}

function waitFor(port: MessagePort, beats: Int32Array): AnalysisAnswer | null {
  let lastBeat = -1;
  let movedAt = 0;
  for (;;) {
    const beat = Atomics.load(beats, 0);
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message;
    const now = performance.now();
    if (beat !== lastBeat) movedAt = now;
    else if (now - movedAt > PATIENCE_MS) return null;
    lastBeat = beat;
    // The last beat wakes it; a beat between the look at them and here makes it not sleep at all.
    Atomics.wait(beats, 0, beat, LOOK_EVERY_MS);
  }
}
