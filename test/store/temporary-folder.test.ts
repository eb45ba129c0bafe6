import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { makeTemporaryFolder } from '../../src/store/temporary-folder.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder();
afterEach(() => {
  vi.unstubAllEnvs();
  folder.empty();
});

/** Makes a folder of temporary files that has folders of these names with something in them. */
function temporaryFilesWith(names: readonly string[]): string {
  const parent = folder.file('tmp');
  for (const name of names) {
    mkdirSync(path.join(parent, name), { recursive: true });
    writeFileSync(path.join(parent, name, 'store.db'), 'spans');
  }
  vi.stubEnv('TMPDIR', parent);
  return parent;
}

/** The number of a process that is over. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** What the names of folders begin with that processes of this system make. */
function prefixHere(): string {
  temporaryFilesWith([]);
  mkdirSync(os.tmpdir(), { recursive: true });
  const made = path.basename(makeTemporaryFolder());
  expect(made).toMatch(new RegExp(`^tracecli-.*-${process.pid}-\\w{6}$`));
  return made.slice(0, -`${process.pid}-aB3xYz`.length);
}

test('folders of dead processes go, all others stay', () => {
  const here = prefixHere();
  const dead = deadPid();
  const gone = `${here}${dead}-aB3xYz`;
  const kept = [
    `${here}${process.pid}-aB3xYz`,
    `tracecli-other.host-${dead}-aB3xYz`,
    // Of another container: the number may be a living process there.
    `${here}1-${dead}-aB3xYz`,
    `${here}${dead}`,
    `tracecli-test-${dead}`,
    `other-${here}${dead}-aB3xYz`,
  ];
  const parent = temporaryFilesWith([gone, ...kept]);
  const made = makeTemporaryFolder();
  expect(path.dirname(made)).toBe(parent);
  expect(existsSync(path.join(parent, gone))).toBe(false);
  for (const name of kept) expect(existsSync(path.join(parent, name, 'store.db'))).toBe(true);
});
