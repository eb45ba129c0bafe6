import { closeSync, fchmodSync, openSync } from 'node:fs';

const OWNER_ALONE = 0o600;

/**
 * Makes an empty file that its owner alone may read and write, whatever the umask; one that is there stays as it is. Throws what the system says.
 */
export function makePrivateFile(file: string): void {
  let made: number;
  try {
    made = openSync(file, 'wx', OWNER_ALONE);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    closeSync(openSync(file, 'a'));
    return;
  }
  try {
    // The umask may have taken rights away from the owner, too.
    fchmodSync(made, OWNER_ALONE);
  } finally {
    closeSync(made);
  }
}
