import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Which folders and packages a folder may import; `node:` stands for all of Node's own modules. */
const ALLOWED: Record<string, readonly string[]> = {
  model: [],
  encoding: ['model'],
  scanner: [],
  importers: ['model', 'encoding', 'node:', 'fzstd', 'tinyglobby', 'xxhash-wasm'],
  store: ['model', 'encoding', 'node:', 'better-sqlite3', 'xxhash-wasm'],
  analysis: ['model'],
  verdict: ['model', 'analysis', 'fastest-levenshtein', 'yaml'],
  report: ['model', 'analysis', 'verdict', 'cli-table3', 'chalk', 'string-width'],
  tui: ['model', 'encoding', 'analysis', 'report', 'node:', 'ink', 'react', 'string-width'],
  traceql: ['model', 'analysis', 're2js', 'fastest-levenshtein'],
  cli: [
    'model',
    'importers',
    'store',
    'analysis',
    'verdict',
    'report',
    'tui',
    'traceql',
    'node:',
    'commander',
    'chalk',
    'cli-progress',
    'fastest-levenshtein',
    '../package.json',
  ],
};

interface Import {
  readonly from: string;
  readonly file: string;
  readonly to: string;
}

/** Static imports and re-exports at the beginning of a line, and dynamic imports anywhere. */
const SPECIFIER = /^(?:import|export)\b[^;'"]*\bfrom\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(SRC, file), 'utf8');
  const from = file.split(path.sep)[0] ?? '';
  return [...text.matchAll(SPECIFIER)].map(([, fixed, dynamic]) => ({
    from,
    file,
    to: target(file, fixed ?? dynamic ?? ''),
  }));
}

/** The folder of src, the package, or `node:` that a specifier names; the path from src for what lies outside. */
function target(file: string, specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  if (!specifier.startsWith('.')) return specifier.split('/')[0] ?? specifier;
  const resolved = path.join(path.dirname(file), specifier);
  return resolved.startsWith('..') ? resolved : (resolved.split(path.sep)[0] ?? '');
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.tsx?$/.test(file),
);
const imports = files.flatMap(importsOf);

test('every folder imports only what the architecture allows', () => {
  expect(imports.length).toBeGreaterThan(20);
  const wrong = imports.filter(({ from, to }) => to !== from && !ALLOWED[from]?.includes(to));
  expect(wrong).toEqual([]);
});

test('every source file lies in a folder of the architecture', () => {
  expect(files.map((file) => file.split(path.sep)[0]).filter((d) => !(d && d in ALLOWED))).toEqual(
    [],
  );
});
