import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What one process took, from its start to its end. */
export interface Usage {
  readonly wallSeconds: number;
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  /** The most memory it held at a time. */
  readonly peakMiB: number;
  /** What it printed. */
  readonly output: string;
}

/** An analysis of many operations prints megabytes. */
const MAX_OUTPUT_BYTES = 2 ** 28;

/** Runs `node <args>` and measures it from inside, by nothing but Node. Null when it fails. */
export function measuredRun(args: readonly string[], reporter: string): Usage | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'tracecli-bench-'));
  const usageFile = path.join(folder, 'usage.json');
  try {
    const start = performance.now();
    const { status, stdout } = spawnSync(process.execPath, ['--require', reporter, ...args], {
      encoding: 'utf8',
      maxBuffer: MAX_OUTPUT_BYTES,
      env: cleanEnv(usageFile),
    });
    const wallSeconds = (performance.now() - start) / 1000;
    if (status !== 0) return null;
    const { cpuMicros, peakKiB } = JSON.parse(readFileSync(usageFile, 'utf8'));
    return { wallSeconds, cpuSeconds: cpuMicros / 1e6, peakMiB: peakKiB / 1024, output: stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reading further certificates costs every Node process about 80 ms. */
function cleanEnv(usageFile: string): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env;
  return { ...env, BENCH_USAGE: usageFile };
}

/** The middle one, the lower of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}
