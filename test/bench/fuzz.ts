import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { exploreStore } from '../helpers/explored-store.ts';
import { hostileDump } from '../helpers/hostile-dumps.ts';
import { surviveImport } from '../helpers/hostile-import.ts';
import { surviveParse, TEXT_PARSERS } from '../helpers/hostile-texts.ts';
import { dumpOf } from '../helpers/import-bytes.ts';
import { anyEdits, mutated } from '../helpers/mutated-bytes.ts';
import { type SeedDump, seedDumps } from '../helpers/seed-dumps.ts';

const USAGE = `usage: node test/bench/run.mjs fuzz [runs, default 1000] [seed, default 1]
Imports damaged and hostile dumps in both ways, stores them, reads them back and looks at them, and parses damaged queries, checks and
configurations. Damages the fixtures and, when TRACECLI_CORPUS names it, the corpus. Each run has the seed of its number.`;

/** Longer than any input takes, also on a busy machine. */
const HANG_MS = 60_000;
const MAX_SEED_BYTES = 100_000;
const MAX_REPORTED = 20;
/** Every so many imports are looked at in the explorer. */
const EXPLORED = 5;

/** This file runs as a bundle three folders below the root. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Task {
  readonly first: number;
  readonly last: number;
}

/** What became of one input. */
interface Outcome {
  readonly run: number;
  readonly kind: 'imported' | 'refused' | 'parsed' | 'crash';
  readonly spans: number;
  /** Records of the input that gave no span, each of which an issue accounts for. */
  readonly dropped: number;
  readonly bytes: number;
  readonly message: string;
}

function seeds(): SeedDump[] {
  const { TRACECLI_CORPUS: corpus } = process.env;
  const folders = [
    path.join(ROOT, 'fixtures'),
    ...(corpus === undefined ? [] : [path.join(corpus, 'traces')]),
  ];
  return folders.flatMap((folder) => seedDumps(folder, MAX_SEED_BYTES));
}

function sampled<T>(values: fc.Arbitrary<T>, seed: number): T {
  const [value] = fc.sample(values, { seed, numRuns: 1 });
  if (value === undefined) throw new RangeError('nothing was sampled');
  return value;
}

type Result = Omit<Outcome, 'run'>;

async function importResult(bytes: Buffer, run: number): Promise<Result> {
  const chunkBytes = [64 * 1024, 5000, 300][run % 3] ?? 300;
  const look = run % EXPLORED === 0 ? { look: exploreStore } : {};
  const { report } = await surviveImport(() => dumpOf(bytes, { chunkBytes }), look);
  const kind = report === null ? 'refused' : 'imported';
  const spans = report?.spans ?? 0;
  const dropped = report === null ? 0 : report.records + report.split - spans;
  return { kind, spans, dropped, bytes: bytes.length, message: '' };
}

function parseResult(run: number): Result {
  const parser = sampled(fc.constantFrom(...TEXT_PARSERS), run);
  const donors = parser.seeds.map((text) => Buffer.from(text));
  const [seed, edits] = sampled(fc.tuple(fc.constantFrom(...donors), anyEdits), run);
  const text = mutated(seed, edits, donors).toString();
  surviveParse(parser, text);
  return { kind: 'parsed', spans: 0, dropped: 0, bytes: text.length, message: '' };
}

async function resultOf(run: number, all: readonly SeedDump[]): Promise<Result> {
  if (run % 4 === 0) return parseResult(run);
  if (run % 4 === 1) return importResult(sampled(hostileDump, run).bytes, run);
  const [seed, edits] = sampled(fc.tuple(fc.constantFrom(...all), anyEdits), run);
  const donors = all.map(({ bytes }) => bytes);
  return importResult(mutated(seed.bytes, edits, donors), run);
}

async function work({ first, last }: Task): Promise<void> {
  const all = seeds();
  for (let run = first; run <= last; run += 1) {
    let result: Result;
    try {
      result = await resultOf(run, all);
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      result = { kind: 'crash', spans: 0, dropped: 0, bytes: 0, message };
    }
    parentPort?.postMessage({ run, ...result } satisfies Outcome);
  }
}

/** Runs in a thread that is stopped when an input takes too long; the number of that one, null when none did. */
function inThread(task: Task, note: (outcome: Outcome) => void): Promise<number | null> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    let next = task.first;
    const hang = () => {
      void worker.terminate();
      resolve(next);
    };
    let timer = setTimeout(hang, HANG_MS);
    worker.on('message', (outcome: Outcome) => {
      clearTimeout(timer);
      timer = setTimeout(hang, HANG_MS);
      next = outcome.run + 1;
      note(outcome);
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      clearTimeout(timer);
      resolve(next > task.last ? null : next);
    });
  });
}

async function main(): Promise<void> {
  const [runs = 1000, seed = 1] = process.argv.slice(2).map(Number);
  if (!Number.isInteger(runs) || !Number.isInteger(seed)) throw new RangeError(USAGE);
  const outcomes: Outcome[] = [];
  const hangs: number[] = [];
  const last = seed + runs - 1;
  for (let first = seed; first <= last; ) {
    const hung = await inThread({ first, last }, (outcome) => outcomes.push(outcome));
    if (hung !== null) hangs.push(hung);
    first = hung === null ? last + 1 : hung + 1;
  }
  print(outcomes, hangs);
}

function print(outcomes: readonly Outcome[], hangs: readonly number[]): void {
  const count = (kind: Outcome['kind']) => outcomes.filter((each) => each.kind === kind).length;
  const sum = (value: (outcome: Outcome) => number) =>
    outcomes.reduce((total, outcome) => total + value(outcome), 0);
  const crashes = outcomes.filter(({ kind }) => kind === 'crash');
  const lost = crashes.filter(({ message }) => /spans|rows/.test(message)).length;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(
    `inputs tried       ${outcomes.length + hangs.length}, ${sum(({ bytes }) => bytes)} bytes`,
  );
  console.log(`  imported         ${count('imported')}, ${sum(({ spans }) => spans)} spans`);
  console.log(`  refused          ${count('refused')}`);
  console.log(`  parsed           ${count('parsed')}`);
  console.log(`records dropped    ${sum(({ dropped }) => dropped)}, all of them reported`);
  console.log(`crashes            ${crashes.length}`);
  console.log(`hangs              ${hangs.length}`);
  console.log(`spans lost         ${lost} inputs`);
  console.log(`peak memory        ${Math.round(maxRSS / 1024)} MiB`);
  console.log(`CPU                ${((userCPUTime + systemCPUTime) / 1e6).toFixed(1)} s`);
  for (const run of hangs) console.log(`\nhangs: fuzz 1 ${run}`);
  for (const { run, message } of crashes.slice(0, MAX_REPORTED))
    console.log(`\nfuzz 1 ${run}\n${message}`);
  if (crashes.length + hangs.length > 0) process.exitCode = 1;
}

if (isMainThread) await main();
else await work(workerData as Task);
