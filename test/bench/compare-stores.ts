import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { madeRunSpans } from '../helpers/made-run.ts';
import { otlpOf } from '../helpers/otlp-of.ts';
import { CLI, FOLDER, REPORTER, removeStore } from './bench-folder.ts';
import { measuredRun } from './measured-run.ts';

/** What the comparison of two stores costs beside importing each: the first one, and the next, for which the stores remember their profiles. */
const TRACES = Number(process.argv[2] ?? 100_000);
const TRACES_AT_ONCE = 5000;

mkdirSync(FOLDER, { recursive: true });
const dumps = [1, 2].map((seed) => {
  const dump = path.join(FOLDER, `run-${seed}.jsonl`);
  writeFileSync(dump, '');
  const traces = madeRunSpans(TRACES, seed);
  for (let at = 0; at < traces.length; at += TRACES_AT_ONCE)
    appendFileSync(dump, otlpOf(traces.slice(at, at + TRACES_AT_ONCE)));
  return { dump, store: path.join(FOLDER, `run-${seed}.db`) };
});
const [base = '', current = ''] = dumps.map(({ store }) => store);

function print(name: string, ...args: string[]): void {
  const usage = measuredRun([CLI, ...args], REPORTER);
  if (usage === null) throw new Error(`${name} failed`);
  const { wallSeconds, cpuSeconds, peakMiB } = usage;
  console.log(
    `| ${name} | ${wallSeconds.toFixed(1)} | ${cpuSeconds.toFixed(1)} | ${peakMiB.toFixed(0)} |`,
  );
}

console.log(`${TRACES} traces a side\n\n| what | wall s | CPU s | peak MiB |\n|---|--:|--:|--:|`);
for (const { dump, store } of dumps) {
  removeStore(store);
  print(`import ${path.basename(dump)}`, 'import', '--quiet', '--store', store, dump);
}
print('compare', 'compare', base, current, '--fail-on', 'never');
print('compare again', 'compare', base, current, '--fail-on', 'never');
for (const { dump, store } of dumps) {
  rmSync(dump);
  removeStore(store);
}
