import os from 'node:os';
import path from 'node:path';
import type { Io } from './io.ts';

/** The store to use: `--store`, else `$TRACECLI_STORE`, else `tracecli/traces.db` in the XDG data directory. */
export function storePath(io: Io, option: string | undefined): string {
  if (option) return option;
  const { env } = io;
  if (env['TRACECLI_STORE']) return env['TRACECLI_STORE'];
  const data = env['XDG_DATA_HOME'] || path.join(env['HOME'] || os.homedir(), '.local', 'share');
  return path.join(data, 'tracecli', 'traces.db');
}
