import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Turns a TypeScript script of the tests into one that Node runs; gives its path. */
export async function bundleScript(entry: string): Promise<string> {
  const name = path.basename(entry, '.ts');
  // Below node_modules, so that packages are found; a name of its own, so that runs do not meet.
  const outfile = path.join(ROOT, 'node_modules', '.cache', `${name}-${process.pid}.mjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}
