import type { Store } from '../../src/store/open-store.ts';
import { scanTraces } from '../../src/store/read-spans.ts';
import { memorySource } from './memory-source.ts';
import { Stage } from './stage.ts';

const SIZES = [
  [80, 24],
  [40, 10],
  [200, 50],
] as const;

/** Shows the list of a store's traces, some of the traces and their spans' details on terminals of several sizes. */
export function exploreStore(store: Store): void {
  const source = memorySource([...scanTraces(store)]);
  for (const [columns, rows] of SIZES) {
    const stage = new Stage(source, { columns, rows });
    for (const keys of ['enter', 'down enter tab', 'end', 'escape escape', 'down enter', 'c']) {
      stage.keys(keys);
    }
  }
}
