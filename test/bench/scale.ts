// How time and memory grow with what is extreme: one large trace, many traces, deep and wide ones, many operations, a large attribute, through every step a user
// takes. Each shape at n, 2n and 4n; prints the exponent between them (1: linear) and fails above the limit.
//   node test/bench/run.mjs scale [--shape deep,wide,…] [--spans 25000] [--doublings 2]
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import pty from '@lydell/node-pty';
import { CLI, REPORTER } from './bench-folder.ts';

/** n log n from 25,000 to 100,000 has 1.09; what a small process takes to start is left out. */
const MOST_EXPONENT = 1.15;
const TIMEOUT_MS = 180_000;
const START = 1_755_600_000_000_000_000n;

interface Shape {
  /** Number of the trace of span `i` of `n`. */
  readonly trace: (i: number) => number;
  /** Number of its parent, null for a root. */
  readonly parent: (i: number) => number | null;
  readonly name?: (i: number) => string;
  /** Bytes of an attribute of the first span. */
  readonly attribute?: (n: number) => number;
}

/** Traces of one span each but for the shapes of one trace; the second trace of these is as large, for `diff`. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'one trace': { trace: () => 0, parent: (i) => (i === 0 ? null : (i - 1) >> 3) },
  traces: { trace: (i) => i, parent: () => null },
  deep: { trace: () => 0, parent: (i) => (i === 0 ? null : i - 1) },
  wide: { trace: () => 0, parent: (i) => (i === 0 ? null : 0) },
  operations: {
    trace: (i) => i >> 3,
    parent: (i) => (i % 8 === 0 ? null : (i >> 3) << 3),
    name: (i) => `op ${i}`,
  },
  attribute: {
    trace: (i) => i,
    parent: () => null,
    attribute: (n) => n * 1000,
  },
};

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, '0');
}

function traceId(number: number, copy: number): string {
  return hex((number + 1) * 2 + copy, 32);
}

function spanLine(shape: Shape, i: number, n: number, copy: number): string {
  const parent = shape.parent(i);
  const large = i === 0 ? (shape.attribute?.(n) ?? 0) : 0;
  const start = START + BigInt(i) * 1000n;
  return JSON.stringify({
    traceId: traceId(shape.trace(i), copy),
    spanId: hex(i + 1, 16),
    parentSpanId: parent === null ? '' : hex(parent + 1, 16),
    name: shape.name?.(i) ?? `op ${i % 20}`,
    kind: 1,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(START + BigInt(n) * 2000n - BigInt(i) * 500n),
    attributes: [{ key: 'text', value: { stringValue: 'x'.repeat(large || 20) } }],
    status: i % 1000 === 999 ? { code: 2, message: 'failed' } : {},
  });
}

/** Two copies of the shape, with `n` spans each, one request to a thousand spans. */
function writeDump(shape: Shape, n: number, file: string): void {
  const count = shape.attribute ? 1 : n;
  const target = openSync(file, 'w');
  for (let copy = 0; copy < 2; copy++) {
    for (let at = 0; at < count; at += 1000) {
      const size = Math.min(1000, count - at);
      const spans = Array.from({ length: size }, (_, i) => spanLine(shape, at + i, n, copy));
      writeSync(target, requestLine(spans));
    }
  }
  closeSync(target);
}

function requestLine(spans: readonly string[]): string {
  const service = '{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}';
  return `{"resourceSpans":[{"resource":${service},"scopeSpans":[{"spans":[${spans.join(',')}]}]}]}\n`;
}

interface Taken {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  /** What a refusal said; null for what worked. */
  readonly refusal: string | null;
}

function step(args: readonly string[], usageFile: string): Taken {
  rmSync(usageFile, { force: true });
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { status, stderr, signal } = spawnSync(
    process.execPath,
    ['--require', REPORTER, CLI, ...args],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      env: { ...env, BENCH_USAGE: usageFile },
    },
  );
  const usage = signal === null ? JSON.parse(readFileSync(usageFile, 'utf8')) : null;
  const why = signal === null ? (stderr.split('\n')[0] ?? '') : `ended by ${signal}`;
  return {
    cpuSeconds: (usage?.cpuMicros ?? 0) / 1e6,
    peakMiB: (usage?.peakKiB ?? 0) / 1024,
    refusal: status === 0 ? null : why,
  };
}

/** From the start of the explorer on a trace until its timeline is drawn. */
function explorerStep(store: string, id: string): Promise<Taken> {
  const { NO_COLOR: _, CI: __, ...env } = process.env;
  const terminal = pty.spawn(process.execPath, [CLI, 'ui', '--store', store, '--trace', id], {
    cols: 160,
    rows: 50,
    name: 'xterm-256color',
    env: { ...env, LC_ALL: 'C.UTF-8', TRACECLI_CONFIG: '/dev/null' },
  });
  let output = '';
  let taken: Taken = { cpuSeconds: 0, peakMiB: 0, refusal: 'ended without a timeline' };
  const limit = setTimeout(() => terminal.kill('SIGKILL'), TIMEOUT_MS);
  terminal.onData((data) => {
    output += data;
    if (taken.refusal === null || !/minimap/.test(output)) return;
    taken = { ...usageOf(terminal.pid), refusal: null };
    terminal.write('qqq');
  });
  return new Promise((resolve) =>
    terminal.onExit(() => {
      clearTimeout(limit);
      resolve(taken);
    }),
  );
}

function usageOf(pid: number): { cpuSeconds: number; peakMiB: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ');
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return {
    cpuSeconds: (Number(fields?.[11]) + Number(fields?.[12])) / 100,
    peakMiB: Number(peak) / 1024,
  };
}

async function stepsOf(name: string, shape: Shape, n: number): Promise<Map<string, Taken>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tracecli-scale-'));
  const file = (base: string) => path.join(folder, base);
  const store = ['--store', file('scale.db')];
  const [first, second] = [traceId(0, 0), traceId(0, 1)];
  try {
    writeDump(shape, n, file('dump.jsonl'));
    const usage = file('usage.json');
    const commands: Readonly<Record<string, readonly string[]>> = {
      import: ['import', file('dump.jsonl'), '-q', '--no-progress'],
      analyze: ['analyze', '-q'],
      show: ['show', first],
      diff: ['diff', first, second],
      traces: ['traces', '{ duration > 1s && name = "op 7" }'],
      check: ['store', 'check'],
    };
    const taken = new Map<string, Taken>();
    const note = (what: string, found: Taken) => {
      taken.set(what, found);
      report(`${name} ${n} ${what}`, found);
    };
    for (const [what, args] of Object.entries(commands)) {
      note(what, step([...args, ...store], usage));
    }
    note('explorer', await explorerStep(file('scale.db'), first));
    return taken;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(what: string, { cpuSeconds, peakMiB, refusal }: Taken): void {
  const figures = `${cpuSeconds.toFixed(2)} s, ${peakMiB.toFixed(0)} MiB`;
  console.log(`${what}: ${figures}${refusal === null ? '' : `; ${refusal}`}`);
}

/** Of the last doubling, without what the smallest takes that is mostly the start of the process. */
function exponent([small, middle, large]: readonly number[]): number | null {
  if (small === undefined || middle === undefined || large === undefined) return null;
  const [before, after] = [middle - small, large - middle];
  return before < 0.2 ? null : Math.log2(after / before);
}

const { values } = parseArgs({
  options: {
    shape: { type: 'string', default: Object.keys(SHAPES).join(',') },
    spans: { type: 'string', default: '25000' },
    doublings: { type: 'string', default: '2' },
  },
});
const failures: string[] = [];
for (const [name, shape] of Object.entries(SHAPES)) {
  if (!values.shape.split(',').includes(name)) continue;
  const cpu = new Map<string, number[]>();
  for (let doubling = 0; doubling <= Number(values.doublings); doubling++) {
    const taken = await stepsOf(name, shape, Number(values.spans) * 2 ** doubling);
    for (const [what, { cpuSeconds, refusal }] of taken) {
      if (refusal === null) cpu.set(what, [...(cpu.get(what) ?? []), cpuSeconds]);
      else if (!refusal.startsWith('error: ')) failures.push(`${name} ${what}: ${refusal}`);
    }
  }
  for (const [what, seconds] of cpu) {
    const found = exponent(seconds.slice(-3));
    if (found === null) continue;
    console.log(`${name} ${what}: exponent ${found.toFixed(2)}`);
    if (found > MOST_EXPONENT) failures.push(`${name} ${what}: exponent ${found.toFixed(2)}`);
  }
}
for (const failure of failures) console.error(`✖ ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
