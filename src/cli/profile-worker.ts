import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from '../store/open-store.ts';
import type { ProfileTask } from './profile-thread.ts';
import { profileOfStore } from './store-run.ts';

/** The entry of a thread that profiles runs. An error ends it; the other thread does its work again and shows what is wrong. */
const { runs, questions }: ProfileTask = workerData;

parentPort?.postMessage(
  runs.map(({ path, selection }) => {
    const store = openStore(path, 'read');
    try {
      return profileOfStore(store, selection, questions);
    } finally {
      store.close();
    }
  }),
);
