import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CLI, FOLDER, REPORTER, removeStore } from './bench-folder.ts';
import { madeDump } from './made-dump.ts';
import { measuredRun, median } from './measured-run.ts';

const STORE = path.join(FOLDER, 'files.db');
const FILES = 1000;
const SPANS = 10;

/** Times the import of a folder of small files. */
export function benchFiles(rounds: number): void {
  const folder = path.join(FOLDER, 'small-files');
  if (!existsSync(folder) || readdirSync(folder).length < FILES) makeFiles(folder);
  const runs = Array.from({ length: rounds }, () => {
    removeStore(STORE);
    const usage = measuredRun([CLI, 'import', folder, '--store', STORE, '--json'], REPORTER);
    if (usage === null) throw new Error('the import failed');
    if (JSON.parse(usage.output).files.length !== FILES) throw new Error('not all files were read');
    return usage;
  });
  removeStore(STORE);
  const wall = median(runs.map(({ wallSeconds }) => wallSeconds));
  const cpu = median(runs.map(({ cpuSeconds }) => cpuSeconds));
  console.log(`\n${FILES} files of about ${SPANS} spans, start of the process included\n`);
  console.log('| wall s | CPU s | files/s |\n|---|---|---|');
  console.log(`| ${wall.toFixed(2)} | ${cpu.toFixed(2)} | ${(FILES / wall).toFixed(0)} |`);
}

function makeFiles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < FILES; file += 1) {
    const dump = [...madeDump('otlp-json', SPANS, file + 1, 1)].join('');
    writeFileSync(path.join(folder, `${file}.json`), dump);
  }
}
