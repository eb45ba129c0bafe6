import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, temporaryFolder } from './helpers/run-tracecli.ts';

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));

function npm(args: readonly string[], cwd = ROOT) {
  const env = { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false' };
  return spawnSync('npm', [...args], { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

test('every dependency is pinned to one version, in the lockfile with its hash', () => {
  const { dependencies, optionalDependencies, devDependencies } = manifest;
  const all: Record<string, string> = {
    ...dependencies,
    ...optionalDependencies,
    ...devDependencies,
  };
  const loose = Object.entries(all).filter(
    ([, version]) => !/^(?:npm:[\w-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
  const packages = Object.entries<{ integrity?: string; resolved?: string }>(lock.packages).filter(
    ([name]) => name !== '',
  );
  expect(packages.length).toBeGreaterThan(100);
  expect(
    packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([name]) => name),
  ).toEqual([]);
});

test('what is installed with the package is the addon alone', () => {
  expect(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })).toEqual([
    'better-sqlite3-13',
    'better-sqlite3',
  ]);
});

test('the package contains what runs and nothing else', () => {
  const { stdout } = npm(['pack', '--dry-run', '--json', '--ignore-scripts']);
  const [{ files }] = JSON.parse(stdout);
  const names: string[] = files.map((file: { path: string }) => file.path);
  const scripts = readdirSync(path.join(ROOT, 'dist')).filter((name) => name.endsWith('.js'));
  expect(names.sort()).toEqual(
    [
      'LICENSE',
      'README.md',
      'bin/tracecli.js',
      'package.json',
      'dist/scanner.wasm',
      'dist/third-party.txt',
      ...scripts.map((name) => `dist/${name}`),
    ].sort(),
  );
});

test("the explorer has React's code for production, which keeps no record of each drawing", () => {
  const dist = path.join(ROOT, 'dist');
  const sources: string[] = readdirSync(dist)
    .filter((name) => name.endsWith('.js.map'))
    .flatMap((name) => JSON.parse(readFileSync(path.join(dist, name), 'utf8')).sources);
  const builds = sources.map((source) => path.basename(source));
  expect(builds).toContain('react-reconciler.production.js');
  expect(builds.filter((name) => /\.(?:development|profiling)\.js$/.test(name))).toEqual([]);
});

test('the package does its main job where nothing else is', () => {
  const folder = temporaryFolder();
  const packed = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [{ filename }] = JSON.parse(packed.stdout);
  // Without scripts: the addon of this Node is copied from here, where it may have taken minutes to compile.
  const installed = npm(
    ['install', '--prefer-offline', '--ignore-scripts', `./${filename}`],
    folder,
  );
  expect([installed.status, installed.status === 0 ? '' : installed.stderr]).toEqual([0, '']);
  const built = path.join(ROOT, 'node_modules/better-sqlite3/build');
  if (existsSync(built))
    cpSync(built, path.join(folder, 'node_modules/better-sqlite3/build'), { recursive: true });
  const run = (...args: string[]) =>
    spawnSync(path.join(folder, 'node_modules/.bin/tracecli'), args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder },
      encoding: 'utf8',
    });
  const shop = path.join(ROOT, 'fixtures/shop.otlp.jsonl');
  expect(run('import', shop)).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(run('analyze', '--json').stdout).dataset).toMatchObject({
    traces: 62,
    spans: 533,
  });
  expect(run('traces', 'checkout', '--limit', '1').stdout).toContain('frontend: POST /checkout');
  expect(run('ui', '--plain').status).toBe(0);
});

test('the list of what is shipped is CycloneDX, the same each time', () => {
  const { status, stdout } = npm(['run', '--silent', 'sbom']);
  expect(status).toBe(0);
  const { bomFormat, components, serialNumber, metadata } = JSON.parse(stdout);
  expect([bomFormat, serialNumber, metadata.timestamp]).toEqual([
    'CycloneDX',
    undefined,
    undefined,
  ]);
  const names: string[] = components.map(({ name }: { name: string }) => name);
  for (const name of ['better-sqlite3', 'ink', 'react', 'commander']) expect(names).toContain(name);
  for (const name of ['vitest', 'typescript', 'esbuild']) expect(names).not.toContain(name);
});
