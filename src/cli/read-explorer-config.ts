import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';
import type { ExplorerConfig } from './explorer-config.ts';
import type { Io } from './io.ts';

/** The file: `$TRACECLI_CONFIG`, else `tracecli/explorer.yaml` in the XDG configuration directory. */
export function configPath({ env }: Io): string {
  if (env['TRACECLI_CONFIG']) return env['TRACECLI_CONFIG'];
  const folder = env['XDG_CONFIG_HOME'] || path.join(env['HOME'] || os.homedir(), '.config');
  return path.join(folder, 'tracecli', 'explorer.yaml');
}

/** Reads the file. One that is not there says nothing; one that `$TRACECLI_CONFIG` names must be there. */
export async function readExplorerConfig(io: Io): Promise<ExplorerConfig> {
  const file = configPath(io);
  try {
    const text = readFileSync(file, 'utf8');
    // Reading YAML is not worth loading where there is none.
    const { parseExplorerConfig } = await import('./explorer-config.ts');
    return parseExplorerConfig(text, file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && !io.env['TRACECLI_CONFIG']) return {};
    throw new UserError('usage', `${file} cannot be read`, { cause: error });
  }
}
