import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles a TypeScript script of the tests as the product is bundled; gives the path of a script that Node runs. */
export async function bundleScript(entry: string): Promise<string> {
  const directory = mkdtempSync(path.join(ROOT, 'node_modules', '.cache-script-'));
  const outfile = path.join(directory, 'script.mjs');
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: { 'react-devtools-core': './.ci/no-devtools.mjs' },
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: 'error',
  });
  return outfile;
}
