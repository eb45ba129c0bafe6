import { existsSync, readdirSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CLI, FOLDER, REPORTER, removeStore, sibling } from './bench-folder.ts';
import { generateDump } from './generate-dump.ts';
import { benchAppend } from './import-append.ts';
import { benchFiles } from './import-files.ts';
import { benchQueries } from './import-queries.ts';
import { MADE_FORMATS, type MadeFormat } from './made-dump.ts';
import { measuredRun, median, type Usage } from './measured-run.ts';

const PARTS = ['formats', 'queries', 'append', 'files'] as const;
const USAGE = `usage: node test/bench/run.mjs import [--spans 400000] [--rounds 3] [--format ${MADE_FORMATS.join('|')}]… [--part ${PARTS.join('|')}]…
         [--query-spans 1000000] [--append-to 5000000]
formats   times the import of each format against JSON.parse of the same spans and other programs
queries   exact p99 per operation over --query-spans spans, and fetching a trace of 10,000
append    adds 10,000 spans to a store of --append-to and to an empty one
files     imports a folder of 1,000 small files
Dumps are made once and kept below .tracecli/bench. DuckDB and ClickHouse's engine are measured where they are installed:
  npm install --no-save --prefix .tracecli/bench/rivals @duckdb/node-api@1.5.6-r.1 chdb@3.4.0`;

const STORE = path.join(FOLDER, 'bench.db');

/** One way to read a dump. */
interface Way {
  readonly name: string;
  /** The files that it needs; one that is not there leaves the way out. */
  readonly needs?: string;
  readonly args: (format: MadeFormat, spans: number) => readonly string[];
  /** How many spans it says it found. */
  readonly spans: (output: string) => number;
}

const asNumber = (output: string): number => Number(output);

function rival(name: string, script: string, folder: string): Way {
  return {
    name,
    needs: path.join(FOLDER, 'rivals', 'node_modules', folder),
    args: (format, spans) => [sibling(script), format, dumpOf(format, spans), STORE],
    spans: asNumber,
  };
}

/** The others are compared with the first. */
const WAYS: readonly Way[] = [
  {
    name: 'JSON.parse',
    args: (format, spans) => [sibling('parse-floor'), ...floorArgs(format, spans)],
    spans: asNumber,
  },
  {
    name: 'importer, no store',
    args: (format, spans) => [sibling('read-dump'), dumpOf(format, spans)],
    spans: asNumber,
  },
  {
    name: 'tracecli import',
    args: (format, spans) => [
      CLI,
      'import',
      dumpOf(format, spans),
      '--store',
      STORE,
      '--no-progress',
      '--json',
    ],
    spans: (output) => JSON.parse(output).totals.spans,
  },
  rival('DuckDB', 'rival-duckdb', '@duckdb'),
  rival('ClickHouse (chdb)', 'rival-chdb', 'chdb'),
];

/** Line by line for OTLP, also for a document: the same spans. The others have no lines: some elements of their list at a time. */
function floorArgs(format: MadeFormat, spans: number): readonly string[] {
  if (format === 'jaeger') return ['slices', dumpOf(format, spans), '2'];
  if (format === 'zipkin') return ['slices', dumpOf(format, spans), '1'];
  return ['lines', dumpOf('otlp-jsonl', spans)];
}

/** Path of a dump, which is made if it is not there. */
function dumpOf(format: MadeFormat, spans: number): string {
  const file = path.join(FOLDER, `${spans}.${format}`);
  if (!existsSync(file)) generateDump(format, spans, file);
  return file;
}

interface Measured {
  readonly way: Way;
  readonly runs: readonly Usage[];
  /** What it left on the disk, null for nothing. */
  readonly storeBytes: number | null;
}

function benchFormat(format: MadeFormat, spans: number, rounds: number): void {
  const ways = WAYS.filter(({ needs }) => needs === undefined || existsSync(needs));
  const runs = new Map<Way, Usage[]>(ways.map((way) => [way, []]));
  const sizes = new Map<Way, number | null>();
  for (const way of ways) way.args(format, spans);
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) {
      removeStore(STORE);
      const usage = measuredRun(way.args(format, spans), REPORTER);
      if (usage === null) throw new Error(`${way.name} failed on ${format}`);
      runs.get(way)?.push(usage);
      sizes.set(way, sizeOf(STORE));
    }
  }
  removeStore(STORE);
  const measured = [...runs].map(([way, list]) => ({
    way,
    runs: list,
    storeBytes: sizes.get(way) ?? null,
  }));
  printTable(format, statSync(dumpOf(format, spans)).size, measured);
}

/** Of a file or a folder, null when there is none. */
function sizeOf(store: string): number | null {
  if (!existsSync(store)) return null;
  if (statSync(store).isFile()) return statSync(store).size;
  return readdirSync(store, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(path.join(store, name)))
    .reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}

function printTable(format: MadeFormat, sizeBytes: number, measured: readonly Measured[]): void {
  const counts = new Set(measured.map(({ way, runs }) => way.spans(runs[0]?.output ?? '')));
  if (counts.size !== 1) throw new Error(`${format}: the ways disagree: ${[...counts].join(', ')}`);
  const megabytes = sizeBytes / 1e6;
  console.log(`\n${format}: ${[...counts][0]} spans, ${megabytes.toFixed(0)} MB\n`);
  console.log(
    '| way | wall s | CPU s | MB/s | peak MB | wall ÷ first | CPU ÷ first | store ÷ file |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  const [first] = measured;
  for (const { way, runs, storeBytes } of measured) {
    const { wall, cpu, peak } = summary(runs);
    const cells = [
      way.name,
      wall.toFixed(2),
      cpu.toFixed(2),
      (megabytes / wall).toFixed(0),
      peak.toFixed(0),
      (wall / summary(first?.runs ?? []).wall).toFixed(2),
      (cpu / summary(first?.runs ?? []).cpu).toFixed(2),
      storeBytes === null ? '' : (storeBytes / sizeBytes).toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

/** Medians, and the highest memory in MB. */
function summary(runs: readonly Usage[]): { wall: number; cpu: number; peak: number } {
  return {
    wall: median(runs.map(({ wallSeconds }) => wallSeconds)),
    cpu: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
    peak: Math.max(...runs.map(({ peakMiB }) => peakMiB * 1.048576)),
  };
}

const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '400000' },
    rounds: { type: 'string', default: '3' },
    format: { type: 'string', multiple: true, default: [...MADE_FORMATS] },
    part: { type: 'string', multiple: true, default: [...PARTS] },
    'query-spans': { type: 'string', default: '1000000' },
    'append-to': { type: 'string', default: '5000000' },
    help: { type: 'boolean', default: false },
  },
});
const formats = MADE_FORMATS.filter((name) => values.format.includes(name));
const parts = PARTS.filter((name) => values.part.includes(name));
const rounds = Number(values.rounds);
if (values.help || formats.length === 0 || parts.length === 0) {
  console.log(USAGE);
} else {
  console.log(
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}`,
  );
  for (const { name, needs } of WAYS)
    if (needs !== undefined && !existsSync(needs)) console.log(`${name} is not installed: --help`);
  if (parts.includes('formats'))
    for (const format of formats) benchFormat(format, Number(values.spans), rounds);
  if (parts.includes('queries')) await benchQueries(Number(values['query-spans']), rounds);
  if (parts.includes('append')) await benchAppend(Number(values['append-to']), rounds);
  if (parts.includes('files')) benchFiles(rounds);
}
