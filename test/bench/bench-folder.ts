import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: a benchmark runs as a bundle three folders below it. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where benchmarks keep dumps, stores and rivals; git ignores it. */
export const FOLDER = path.join(ROOT, '.tracecli', 'bench');

/** Loaded into a process to measure it. */
export const REPORTER = path.join(ROOT, 'test', 'bench', 'report-usage.cjs');

/** The built command. */
export const CLI = path.join(ROOT, 'bin', 'tracecli.js');

/** Path of another benchmark's bundle, which lies beside this one's. */
export function sibling(name: string): string {
  return fileURLToPath(new URL(`${name}.js`, import.meta.url));
}

/** Removes a store, or whatever a rival made at the same place. */
export function removeStore(store: string): void {
  for (const suffix of ['', '-wal', '-shm', '.wal'])
    rmSync(store + suffix, { recursive: true, force: true });
}
