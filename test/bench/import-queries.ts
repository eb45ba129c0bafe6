import path from 'node:path';
import { parseQuantile, percentile } from '../../src/analysis/nearest-rank.ts';
import { traceId } from '../../src/model/ids.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { operationDurations } from '../../src/store/operation-durations.ts';
import { readTrace } from '../../src/store/read-spans.ts';
import { refreshSummaries } from '../../src/store/trace-summaries.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { largeSpans } from '../helpers/large-spans.ts';
import { FOLDER, removeStore } from './bench-folder.ts';
import { fillStore } from './fill-store.ts';
import { median } from './measured-run.ts';

const STORE = path.join(FOLDER, 'queries.db');
const LARGE = 10_000;
const P99 = parseQuantile('p99');

/** Times what is asked of a full store, in this process, with the file in the page cache. */
export async function benchQueries(spans: number, rounds: number): Promise<void> {
  removeStore(STORE);
  await fillStore(STORE, spans, 1);
  const large = addLargeTrace();
  const store = openStore(STORE, 'read');
  console.log(`\nqueries on a store of ${spans} spans, ms, median of ${rounds}\n`);
  console.log('| what | wall | CPU |\n|---|---|---|');
  time('exact p99 of every operation', rounds, () => percentiles(store));
  time(`fetch a trace of ${LARGE} spans`, rounds, () => {
    const id = traceId(large);
    const { length } = id === null ? [] : readTrace(store, id);
    if (length !== LARGE) throw new Error(`${length} spans instead of ${LARGE}`);
  });
  store.close();
  removeStore(STORE);
}

function addLargeTrace(): string {
  const spans = largeSpans('at random', LARGE);
  const store = openStore(STORE, 'write');
  const report = { format: 'made', records: LARGE, split: 0, issues: [] };
  const writer = beginImport(store, { dump: 'large', format: 'made', sizeBytes: null });
  writer.write(spans);
  writer.finish(report);
  refreshSummaries(store);
  store.close();
  return spans[0]?.traceId ?? '';
}

function percentiles(store: Store): void {
  let operations = 0;
  for (const { durations } of operationDurations(store)) {
    if (percentile(durations.sort(), P99) === null) throw new Error('no percentile');
    operations += 1;
  }
  if (operations === 0) throw new Error('no operations');
}

function time(what: string, rounds: number, work: () => void): void {
  const runs = Array.from({ length: rounds }, () => {
    const cpu = process.cpuUsage();
    const start = performance.now();
    work();
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    return { wall, cpu: (user + system) / 1000 };
  });
  const wall = median(runs.map((run) => run.wall));
  const cpu = median(runs.map((run) => run.cpu));
  console.log(`| ${what} | ${wall.toFixed(0)} | ${cpu.toFixed(0)} |`);
}
