// Bundles src into dist: the command line, what it loads on demand, and the thread that reads dumps beside the inserts. The explorer is loaded on demand,
// so that `tracecli --version` does not pay for Ink. better-sqlite3 stays outside: it is a native addon. The scanner is compiled beside them.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledPackages, noticesOf } from './bundled-packages.mjs';
import { compileScanner } from './compile-scanner.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });

const { metafile } = await build({
  metafile: true,
  absWorkingDir: root,
  entryPoints: {
    cli: 'src/cli/main.ts',
    'import-worker': 'src/importers/import-worker.ts',
    'explorer-worker': 'src/cli/explorer-worker.ts',
    'analysis-worker': 'src/cli/analysis-worker.ts',
    'profile-worker': 'src/cli/profile-worker.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  minify: true,
  sourcemap: true,
  // The map's own copy of the sources would double the package; stack traces need only names and lines.
  sourcesContent: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['better-sqlite3', 'better-sqlite3-13'],
  alias: { 'react-devtools-core': './.ci/no-devtools.mjs' },
  // Nothing here fetches but Yoga, which would load Node's whole HTTP client to read its own code from a string: without, it decodes the string.
  define: { 'process.env.NODE_ENV': '"production"', fetch: 'undefined' },
  // Bundled CommonJS packages call require() for Node's own modules, which an ES module does not have.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: 'warning',
});

await compileScanner(`${root}dist`);

/** The packages that the bundle has code of. */
export const bundled = bundledPackages(metafile, root);
writeFileSync(`${root}dist/third-party.txt`, noticesOf(bundled));
