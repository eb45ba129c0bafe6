// The built program in a real pseudo terminal: the first frame from the start of the process, resident memory with a large trace open,
// and bytes written while nothing happens; fails where a target is missed. `dist` must be built.
//   node test/bench/run.mjs explorer-process <store> [rounds]      e.g. one of a million traces
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import { otlpOf } from '../helpers/otlp-of.ts';
import { largeShopTrace } from '../helpers/shop-spans.ts';

const FIRST_FRAME_MS = 450;
const RESIDENT_MIB = 180;
const SPANS = 100_000;
const IDLE_MS = 5000;
const COLUMNS = 200;
const ROWS = 50;

const [store, rounds = '7'] = process.argv.slice(2);
const program = path.resolve('bin', 'tracecli.js');
const missed: string[] = [];

/** The program in a terminal that nobody looks at. */
class Running {
  output = '';
  firstMs = 0;
  readonly #started = performance.now();
  readonly #pty: ReturnType<typeof pty.spawn>;

  constructor(args: readonly string[]) {
    const { NO_COLOR: _, CI: __, ...env } = process.env;
    this.#pty = pty.spawn(process.execPath, [program, ...args], {
      cols: COLUMNS,
      rows: ROWS,
      name: 'xterm-256color',
      env: { ...env, LC_ALL: 'C.UTF-8', COLORTERM: 'truecolor', XDG_CONFIG_HOME: '/nonexistent' },
    });
    this.#pty.onData((data) => {
      // The terminal's modes are set before there is anything to see.
      if (this.firstMs === 0 && data.length > 300) this.firstMs = performance.now() - this.#started;
      this.output += data;
    });
  }

  send(text: string): void {
    this.#pty.write(text);
  }

  /** Until the output since `from` matches. */
  async until(pattern: RegExp, from = 0): Promise<void> {
    for (let i = 0; i < 6000; i++) {
      if (pattern.test(this.output.slice(from))) return;
      await sleep(10);
    }
    throw new Error(`no ${pattern} in ${this.output.slice(-2000)}`);
  }

  /** User and system time so far, in milliseconds. */
  cpuMs(): number {
    const fields = readFileSync(`/proc/${this.#pty.pid}/stat`, 'latin1').split(') ')[1]?.split(' ');
    return (Number(fields?.[11]) + Number(fields?.[12])) * 10;
  }

  /** Now, and the most so far. */
  residentMib(): readonly [number, number] {
    const status = readFileSync(`/proc/${this.#pty.pid}/status`, 'latin1');
    const kib = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
    return [kib('VmRSS') / 1024, kib('VmHWM') / 1024];
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => {
      this.#pty.onExit(resolve);
    });
    this.send('q');
    await ended;
  }
}

function report(what: string, figure: number, unit: string, most: number): void {
  const isMissed = figure > most;
  if (isMissed) missed.push(what);
  console.log(`${isMissed ? '✖' : ' '} ${what}: ${figure.toFixed(0)} ${unit} (at most ${most})`);
}

async function firstFrame(screen: string): Promise<void> {
  const times: number[] = [];
  const cpu: number[] = [];
  for (let i = 0; i < Number(rounds); i++) {
    const running = new Running(['ui', '--store', path.resolve(store ?? ''), '--screen', screen]);
    while (running.firstMs === 0) await sleep(2);
    cpu.push(running.cpuMs());
    times.push(running.firstMs);
    await running.stop();
  }
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  console.log(`  ${screen}: fastest ${Math.min(...times).toFixed(0)} ms, CPU ${median(cpu)} ms`);
  report(`first frame of ${screen}, median`, median(times), 'ms', FIRST_FRAME_MS);
}

async function largeTrace(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tracecli-explorer-'));
  try {
    const file = path.join(folder, 'large.db');
    const input = otlpOf([largeShopTrace(SPANS)]);
    spawnSync(process.execPath, [program, 'import', '-', '--store', file], { input });
    const running = new Running(['ui', '--store', file, '--screen', 'traces']);
    await running.until(/nightly report/);
    const before = running.output.length;
    running.send('\r');
    await running.until(/reading the trace/, before);
    await running.until(/minimap/, before);
    console.log('  "reading the trace" was shown before the trace');
    await sleep(1000);
    const atRest = running.output.length;
    const cpu = running.cpuMs();
    await sleep(IDLE_MS);
    report('bytes while idle', running.output.length - atRest, 'bytes', 0);
    report('CPU time while idle', running.cpuMs() - cpu, 'ms', 20);
    report('resident, trace open', running.residentMib()[0], 'MiB', RESIDENT_MIB);
    for (const key of ['\x1b[6~'.repeat(50), 'e', 'e', 'c', 'c', '+', '-', 'G', 'g', ']', '[']) {
      running.send(key);
      await sleep(150);
    }
    const [now, most] = running.residentMib();
    report('resident after keys', now, 'MiB', RESIDENT_MIB);
    console.log(`  most so far: ${most.toFixed(0)} MiB`);
    await running.stop();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (store === undefined) {
  console.error('usage: node test/bench/run.mjs explorer-process <store> [rounds]');
  process.exit(2);
}
await firstFrame('overview');
await firstFrame('traces');
await largeTrace();
if (missed.length > 0) console.error(`missed: ${missed.join(', ')}`);
process.exitCode = missed.length > 0 ? 1 : 0;
