import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * A folder for one process, in the system's folder for temporary files, readable by its owner alone. Folders of processes that were
 * killed before they could remove theirs go first.
 */
export function makeTemporaryFolder(): string {
  const parent = os.tmpdir();
  for (const name of readdirSync(parent)) {
    if (isLeftBehind(name)) remove(path.join(parent, name));
  }
  return mkdtempSync(path.join(parent, `${prefix()}${process.pid}-`));
}

/** With what a process's number is counted in: containers may share the folder, and even the host's name. */
function prefix(): string {
  return `tracecli-${os.hostname().replace(/[^\w.]/g, '_')}-${processSpace()}`;
}

/** The number of the namespace of processes and a dash; nothing where the system has none. */
function processSpace(): string {
  try {
    const [number = ''] = /\d+/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
    return number === '' ? '' : `${number}-`;
  } catch {
    return '';
  }
}

function isLeftBehind(name: string): boolean {
  if (!name.startsWith(prefix())) return false;
  const [, pid] = /^(\d+)-\w{6}$/.exec(name.slice(prefix().length)) ?? [];
  return pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Without the right to signal it, it is there, of somebody else.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** What belongs to another user stays. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Nobody waits for it.
  }
}
