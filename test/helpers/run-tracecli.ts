import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The built command, as a user runs it. `npm test` builds it first. */
export const BIN = path.join(ROOT, 'bin', 'tracecli.js');

/** The last span of the fixtures started the day before. */
const FIXTURES_END_MS = Date.UTC(2026, 2, 3);

/** Lets a machine whose clock is behind the fixtures see them as one does that is not: there they come from the future, and that is a finding. */
export const CLOCK: Readonly<Record<string, string>> =
  Date.now() >= FIXTURES_END_MS
    ? {}
    : {
        LATER_THAN_MS: String(FIXTURES_END_MS),
        NODE_OPTIONS: `--import=${new URL('later-clock.mjs', import.meta.url).href}`,
      };

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tracecli-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A user with an empty home: runs the built command with a store of its own, without a terminal. */
export function newUser(): (args: readonly string[], stdin?: string | Uint8Array) => Run {
  const home = temporaryFolder();
  return (args, stdin = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', ...CLOCK },
      input: stdin,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    });
    return { status, stdout, stderr };
  };
}
