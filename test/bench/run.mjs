// Runs a benchmark written in TypeScript: bundles every one of this folder, then starts the one that is named.
import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { globSync } from 'tinyglobby';

const [name, ...args] = process.argv.slice(2);
if (name === undefined) {
  console.error(
    'usage: node test/bench/run.mjs import|analyze|generate|kill-import|fuzz|verdicts [argument…]',
  );
  process.exit(2);
}
const folder = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
// Below node_modules, where git does not look and packages, which are not bundled, are found.
const outdir = path.join(root, 'node_modules', '.cache', 'bench');
const scripts = globSync(['*.ts', '!*.test.ts'], { cwd: folder });
await build({
  entryPoints: {
    ...Object.fromEntries(scripts.map((file) => [path.basename(file, '.ts'), folder + file])),
    // The importer starts it from beside itself.
    'import-worker': path.join(root, 'src', 'importers', 'import-worker.ts'),
  },
  outdir,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
writeFileSync(path.join(outdir, 'package.json'), '{"type":"module"}');
copyFileSync(path.join(root, 'dist', 'scanner.wasm'), path.join(outdir, 'scanner.wasm'));
// As in the built program: React's code for development records each drawing for profilers, and Node keeps the records for good.
const env = { ...process.env, NODE_ENV: 'production' };
const { status } = spawnSync(process.execPath, [path.join(outdir, `${name}.js`), ...args], {
  stdio: 'inherit',
  env,
});
process.exitCode = status ?? 1;
