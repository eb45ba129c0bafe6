import { existsSync, rmSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateDump } from './generate-dump.ts';
import { MADE_FORMATS, type MadeFormat } from './made-dump.ts';
import { measuredRun, median, type Usage } from './measured-run.ts';

const USAGE = `usage: node test/bench/run.mjs import [--spans 300000] [--rounds 3] [--format ${MADE_FORMATS.join('|')}]…
Times the import against JSON.parse of the same dump. Dumps are made once and kept below .tracecli/bench.`;

/** This file runs as a bundle three folders below the root, next to the other benchmarks. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = path.join(ROOT, '.tracecli', 'bench');
const STORE = path.join(FOLDER, 'bench.db');
const REPORTER = path.join(ROOT, 'test', 'bench', 'report-usage.cjs');
/** V8 has no longer strings, so JSON.parse cannot take a longer document. */
const MAX_STRING_BYTES = 2 ** 29 - 24;

/** One way to read a dump. */
interface Way {
  readonly name: string;
  /** Whether the way can read this dump at all. */
  readonly canRead: (format: MadeFormat, sizeBytes: number) => boolean;
  readonly args: (file: string) => readonly string[];
  /** How many spans it says it found. */
  readonly spans: (output: string) => number;
}

const always = (): boolean => true;
const asNumber = (output: string): number => Number(output);

/** The first that can read the dump is what the others are compared with. */
const WAYS: readonly Way[] = [
  {
    name: 'JSON.parse, by line',
    canRead: (format) => format === 'otlp-jsonl',
    args: (file) => [sibling('parse-floor'), 'lines', file],
    spans: asNumber,
  },
  {
    name: 'JSON.parse, whole',
    canRead: (format, sizeBytes) => format !== 'otlp-jsonl' && sizeBytes < MAX_STRING_BYTES,
    args: (file) => [sibling('parse-floor'), 'whole', file],
    spans: asNumber,
  },
  {
    name: 'importer, no store',
    canRead: always,
    args: (file) => [sibling('read-dump'), file],
    spans: asNumber,
  },
  {
    name: 'tracecli import',
    canRead: always,
    args: (file) => [
      path.join(ROOT, 'bin', 'tracecli.js'),
      'import',
      file,
      '--store',
      STORE,
      '--no-progress',
      '--json',
    ],
    spans: (output) => JSON.parse(output).totals.spans,
  },
];

function sibling(name: string): string {
  return fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
}

interface Measured {
  readonly way: Way;
  readonly runs: readonly Usage[];
}

function benchDump(format: MadeFormat, spans: number, rounds: number): void {
  const file = path.join(FOLDER, `${spans}.${format}`);
  if (!existsSync(file)) generateDump(format, spans, file);
  const sizeBytes = statSync(file).size;
  const ways = WAYS.filter(({ canRead }) => canRead(format, sizeBytes));
  const runs = new Map<Way, Usage[]>(ways.map((way) => [way, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) {
      removeStore();
      const usage = measuredRun(way.args(file), REPORTER);
      if (usage === null) throw new Error(`${way.name} failed on ${file}`);
      runs.get(way)?.push(usage);
    }
  }
  removeStore();
  printTable(
    format,
    sizeBytes,
    [...runs].map(([way, list]) => ({ way, runs: list })),
  );
}

function removeStore(): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(STORE + suffix, { force: true });
}

function printTable(format: MadeFormat, sizeBytes: number, measured: readonly Measured[]): void {
  const counts = new Set(measured.map(({ way, runs }) => way.spans(runs[0]?.output ?? '')));
  if (counts.size !== 1) throw new Error(`${format}: the ways disagree: ${[...counts].join(', ')}`);
  const spans = [...counts][0] ?? 0;
  const megabytes = sizeBytes / 1e6;
  console.log(`\n${format}: ${spans} spans, ${megabytes.toFixed(0)} MB\n`);
  console.log('| way | wall s | CPU s | MB/s | peak MiB | wall ÷ first | CPU ÷ first |');
  console.log('|---|---|---|---|---|---|---|');
  const [first = []] = measured.map(({ runs }) => runs);
  for (const { way, runs } of measured) {
    const wall = wallOf(runs);
    const cpu = cpuOf(runs);
    const peak = Math.max(...runs.map(({ peakMiB }) => peakMiB));
    const cells = [
      way.name,
      wall.toFixed(2),
      cpu.toFixed(2),
      (megabytes / wall).toFixed(0),
      peak.toFixed(0),
      (wall / wallOf(first)).toFixed(2),
      (cpu / cpuOf(first)).toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function wallOf(runs: readonly Usage[]): number {
  return median(runs.map(({ wallSeconds }) => wallSeconds));
}

function cpuOf(runs: readonly Usage[]): number {
  return median(runs.map(({ cpuSeconds }) => cpuSeconds));
}

const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '3' },
    format: { type: 'string', multiple: true, default: [...MADE_FORMATS] },
    help: { type: 'boolean', default: false },
  },
});
const formats = MADE_FORMATS.filter((name) => values.format.includes(name));
if (values.help || formats.length === 0) {
  console.log(USAGE);
} else {
  console.log(
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}`,
  );
  for (const format of formats) benchDump(format, Number(values.spans), Number(values.rounds));
}
