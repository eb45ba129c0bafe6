import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UserError } from '../../src/model/user-error.ts';
import { checkStore } from '../../src/store/check-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { storedCounts } from '../../src/store/store-info.ts';
import { generateDump } from './generate-dump.ts';
import { MADE_FORMATS, type MadeFormat } from './made-dump.ts';

const USAGE = `usage: node test/bench/run.mjs kill-import [--rounds 200] [--spans 10000] [--format ${MADE_FORMATS.join('|')}]
Kills imports with SIGKILL at random moments; after each the store must be sound, and importing again must complete it.`;

/** This file runs as a bundle three folders below the root, next to the other benchmarks. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BIN = path.join(ROOT, 'bin', 'tracecli.js');
const FOLDER = path.join(ROOT, '.tracecli', 'bench');
const STORE = path.join(FOLDER, 'killed.db');

interface Counts {
  readonly traces: number;
  readonly spans: number;
}

function removeStore(): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(STORE + suffix, { force: true });
}

function args(dump: string): string[] {
  return [BIN, 'import', dump, '--store', STORE, '--json'];
}

/** Imports to the end; how long that took. */
function importAll(dump: string): { counts: Counts; ms: number } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args(dump), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the import failed: ${stderr}`);
  const { traces, spans } = JSON.parse(stdout).totals;
  return { counts: { traces, spans }, ms: performance.now() - start };
}

function importAndKill(dump: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, args(dump), { stdio: 'ignore' });
  setTimeout(() => child.kill('SIGKILL'), afterMs);
  return new Promise((resolve) => child.on('close', () => resolve()));
}

/** What a killed import left; throws when the store is damaged. */
function leftBehind(): Counts {
  if (!existsSync(STORE)) return { traces: 0, spans: 0 };
  try {
    const store = openStore(STORE, 'read');
    const problems = checkStore(store).flatMap((check) => check.problems);
    if (problems.length > 0) throw new Error(`the store is damaged: ${problems.join('; ')}`);
    const counts = storedCounts(store);
    store.close();
    return counts;
  } catch (error) {
    // Killed before the file became a store.
    if (error instanceof UserError && error.what.startsWith('there is no store')) {
      return { traces: 0, spans: 0 };
    }
    throw error;
  }
}

/** The same numbers for the same seed, 0 to 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function killImports(dump: string, rounds: number): Promise<void> {
  removeStore();
  const { counts: whole, ms } = importAll(dump);
  const next = random(1);
  const left = { nothing: 0, part: 0, everything: 0 };
  for (let round = 0; round < rounds; round += 1) {
    removeStore();
    await importAndKill(dump, next() * ms * 1.1);
    const { spans } = leftBehind();
    if (spans === 0) left.nothing += 1;
    else if (spans < whole.spans) left.part += 1;
    else left.everything += 1;
    const { counts } = importAll(dump);
    if (counts.spans !== whole.spans || counts.traces !== whole.traces) {
      throw new Error(`importing again gave ${counts.spans} spans instead of ${whole.spans}`);
    }
    leftBehind();
  }
  removeStore();
  console.log(
    `${rounds} imports of ${whole.spans} spans killed within ${Math.round(ms * 1.1)} ms:`,
  );
  console.log(`left nothing ${left.nothing}, a part ${left.part}, everything ${left.everything}`);
  console.log('every store was sound, and importing again completed every one without duplicates');
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    spans: { type: 'string', default: '10000' },
    format: { type: 'string', default: 'otlp-jsonl' },
    help: { type: 'boolean', default: false },
  },
});
const format = MADE_FORMATS.find((name) => name === values.format) satisfies MadeFormat | undefined;
if (values.help || format === undefined) {
  console.log(USAGE);
} else {
  mkdirSync(FOLDER, { recursive: true });
  const dump = path.join(FOLDER, `${values.spans}.${format}`);
  if (!existsSync(dump)) generateDump(format, Number(values.spans), dump);
  await killImports(dump, Number(values.rounds));
}
