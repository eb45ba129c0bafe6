import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { CLI, FOLDER, REPORTER, removeStore } from './bench-folder.ts';
import { fillStore } from './fill-store.ts';
import { generateDump } from './generate-dump.ts';
import { measuredRun, median, type Usage } from './measured-run.ts';

const FULL = path.join(FOLDER, 'full.db');
const STORE = path.join(FOLDER, 'append.db');
const ADDED = 10_000;
/** Other spans than those of the full store. */
const SEED = 7;

/** Times adding spans to a store that has many and to one that has none, taking turns. */
export async function benchAppend(spans: number, rounds: number): Promise<void> {
  const dump = path.join(FOLDER, `${ADDED}-more.otlp-jsonl`);
  if (!existsSync(dump)) generateDump('otlp-jsonl', ADDED, dump, SEED);
  removeStore(FULL);
  await fillStore(FULL, spans, 1);
  const empty: Usage[] = [];
  const full: Usage[] = [];
  for (let round = 0; round < rounds; round += 1) {
    removeStore(STORE);
    empty.push(add(dump));
    removeStore(STORE);
    copyFileSync(FULL, STORE);
    full.push(add(dump));
  }
  removeStore(STORE);
  removeStore(FULL);
  console.log(`\nadding ${ADDED} spans, median of ${rounds}\n`);
  console.log('| to | wall s | CPU s | peak MB |\n|---|---|---|---|');
  printRow('an empty store', empty);
  printRow(`a store of ${spans} spans`, full);
  const wall = wallOf(full) / wallOf(empty);
  console.log(`| ratio | ${wall.toFixed(2)} | ${(cpuOf(full) / cpuOf(empty)).toFixed(2)} | |`);
}

function add(dump: string): Usage {
  const usage = measuredRun([CLI, 'import', dump, '--store', STORE, '--json'], REPORTER);
  const { spansAdded, spansDuplicate } = JSON.parse(usage?.output ?? '{"totals":{}}').totals;
  if (usage === null || !(spansAdded >= ADDED) || spansDuplicate > 0)
    throw new Error('the spans were not added');
  return usage;
}

function printRow(name: string, runs: readonly Usage[]): void {
  const peak = Math.max(...runs.map(({ peakMiB }) => peakMiB * 1.048576));
  console.log(
    `| ${name} | ${wallOf(runs).toFixed(2)} | ${cpuOf(runs).toFixed(2)} | ${peak.toFixed(0)} |`,
  );
}

function wallOf(runs: readonly Usage[]): number {
  return median(runs.map(({ wallSeconds }) => wallSeconds));
}

function cpuOf(runs: readonly Usage[]): number {
  return median(runs.map(({ cpuSeconds }) => cpuSeconds));
}
