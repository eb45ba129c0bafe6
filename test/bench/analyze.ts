import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { criticalPath } from '../../src/analysis/critical-path.ts';
import { LARGE_SHAPES, largeSpans } from '../helpers/large-spans.ts';
import { calmTraces } from './calm-traces.ts';
import { generateDump, writeDump } from './generate-dump.ts';
import { dumpOf } from './made-dump.ts';
import { measuredRun, median } from './measured-run.ts';

/** This file runs as a bundle three folders below the root, next to the other benchmarks. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = path.join(ROOT, '.tracecli', 'bench');
const STORE = path.join(FOLDER, 'analyze.db');
const REPORTER = path.join(ROOT, 'test', 'bench', 'report-usage.cjs');
const LARGE = 100_000;
const ROUNDS = 5;
/** Gives 20 spans a trace on average. */
const SPREAD = 29;

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function benchShapes(): void {
  console.log(`${LARGE} spans in one trace, CPU ms, median of ${ROUNDS}\n`);
  console.log('| shape | build the trace | critical path |\n|---|---|---|');
  for (const shape of Object.keys(LARGE_SHAPES) as (keyof typeof LARGE_SHAPES)[]) {
    const spans = largeSpans(shape, LARGE);
    const trace = buildTrace(spans);
    const rounds = Array.from({ length: ROUNDS }, () => [
      cpuMs(() => buildTrace(spans)),
      cpuMs(() => criticalPath(trace).sections),
    ]);
    const [build, walk] = [0, 1].map((i) =>
      median(rounds.map((round) => round[i] ?? 0)).toFixed(0),
    );
    console.log(`| ${shape} | ${build} | ${walk} |`);
  }
}

/** A dump full of faults, and one of a system that is well, which is closer to what people have. */
function dumpFor(kind: 'faulty' | 'calm', spans: number): string {
  const file = path.join(FOLDER, `${spans}-${kind === 'faulty' ? 'short' : kind}.otlp-jsonl`);
  if (existsSync(file)) return file;
  if (kind === 'faulty') generateDump('otlp-jsonl', spans, file, 1, SPREAD);
  else writeDump(file, dumpOf('otlp-jsonl', calmTraces(spans)));
  return file;
}

function benchStore(kind: 'faulty' | 'calm', spans: number): void {
  const file = dumpFor(kind, spans);
  for (const suffix of ['', '-wal', '-shm']) rmSync(STORE + suffix, { force: true });
  const ways = {
    import: ['import', file, '--no-progress', '--json'],
    'critical paths alone': ['analyze', '--json', '--only', 'critical-path'],
    'analyze, first': ['analyze', '--json'],
    'analyze, again': ['analyze', '--json'],
  };
  console.log(
    `\n${spans} spans in a store, ${kind}\n\n| way | wall s | CPU s | peak MiB |\n|---|---|---|---|`,
  );
  const outputs = Object.entries(ways).map(([name, args]) => {
    const cli = path.join(ROOT, 'bin', 'tracecli.js');
    const usage = measuredRun([cli, ...args, '--store', STORE], REPORTER);
    if (usage === null) throw new Error(`${name} failed`);
    const { wallSeconds, cpuSeconds, peakMiB, output } = usage;
    console.log(
      `| ${name} | ${wallSeconds.toFixed(2)} | ${cpuSeconds.toFixed(2)} | ${peakMiB.toFixed(0)} |`,
    );
    return output;
  });
  if (outputs[2] !== outputs[3]) throw new Error('the second answer differs from the first');
}

benchShapes();
const SPANS = Number(process.argv[2] ?? 1_000_000);
benchStore('faulty', SPANS);
benchStore('calm', SPANS);
