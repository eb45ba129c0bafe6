import { workerData } from 'node:worker_threads';
import { openStore } from '../store/open-store.ts';
import type { AnalysisAnswer, AnalysisTask } from './analysis-thread.ts';
import { analyzeHere } from './analyze-traces.ts';
import { SectionCosts } from './section-costs.ts';

/** The entry of a thread that does a part of an analysis. */
const { path, filter, options, beats, port }: AnalysisTask = workerData;

function answer(): AnalysisAnswer | null {
  try {
    const store = openStore(path, 'read');
    try {
      const costs = new SectionCosts();
      const onTrace = () => void Atomics.add(beats, 0, 1);
      const analysis = analyzeHere(store, filter, options, { costs, onTrace });
      return { analysis, costs: costs.list() };
    } finally {
      store.close();
    }
  } catch {
    // The other thread does the work again and shows what is wrong.
    return null;
  }
}

port.postMessage(answer());
port.close();
Atomics.add(beats, 0, 1);
Atomics.notify(beats, 0);
