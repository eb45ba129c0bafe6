// Runs a benchmark written in TypeScript: bundles every one of this folder, then starts the one that is named.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { globSync } from 'tinyglobby';
import { compileScanner } from '../../.ci/compile-scanner.mjs';

const [name, ...args] = process.argv.slice(2);
if (name === undefined) {
  console.error('usage: node test/bench/run.mjs import|analyze|generate|kill-import [argument…]');
  process.exit(2);
}
const folder = fileURLToPath(new URL('.', import.meta.url));
// Below node_modules, where git does not look and packages, which are not bundled, are found.
const outdir = fileURLToPath(new URL('../../node_modules/.cache/bench', import.meta.url));
await build({
  entryPoints: globSync(['*.ts', '!*.test.ts'], { cwd: folder, absolute: true }),
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
await compileScanner(outdir);
const { status } = spawnSync(process.execPath, [`${outdir}/${name}.mjs`, ...args], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
