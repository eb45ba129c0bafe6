import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { madeRunSpans, type RunChange } from '../helpers/made-run.ts';
import { otlpOf } from '../helpers/otlp-of.ts';
import { ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

/** About six spans each: a thread profiles the baseline. */
const TRACES = 2500;

/** A copy of the built command, whose worker may be anything. */
function copiedCommand(): {
  readonly folder: string;
  readonly worker: string;
  readonly run: (...args: string[]) => string;
} {
  const folder = temporaryFolder();
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  const run = (...args: string[]) => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(folder, 'bin', 'tracecli.js'), ...args],
      {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: folder, TZ: 'UTC' },
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    expect(stderr).toBe('');
    return stdout;
  };
  return { folder, worker: path.join(folder, 'dist', 'profile-worker.js'), run };
}

test('a baseline profiled in a thread gives the same bytes as in none, and as after the thread failed', () => {
  const { folder, worker, run } = copiedCommand();
  const store = (name: string, seed: number, change: RunChange) => {
    const dump = path.join(folder, `${name}.jsonl`);
    writeFileSync(dump, otlpOf(madeRunSpans(TRACES, seed, change)));
    run('import', '--quiet', '--store', path.join(folder, `${name}.db`), dump);
    rmSync(dump);
  };
  store('base', 1, {});
  store('slow', 2, { slower: { 'POST /charge': 1.5 }, failing: 0.01 });
  const said = path.join(folder, 'worker-started');
  /** Of copies: a store remembers what it was asked. */
  const comparison = () => {
    for (const name of ['base', 'slow'])
      cpSync(path.join(folder, `${name}.db`), path.join(folder, `${name}-now.db`));
    const [base, slow] = ['base-now.db', 'slow-now.db'];
    return [
      run('compare', base, slow, '--json'),
      run('compare', base, slow, '--format', 'markdown', '--check', 'p95[pay] < baseline + 10%'),
      run('analyze', '--store', slow, '--baseline', base, '--format', 'csv'),
    ];
  };
  const inThread = comparison();
  expect(inThread[0]).toContain('"regressed"');
  writeFileSync(
    worker,
    `import { writeFileSync } from 'node:fs';
     writeFileSync(${JSON.stringify(said)}, '');
     throw new Error('no luck');`,
  );
  expect(comparison()).toEqual(inThread);
  // It was really asked.
  rmSync(said);
  rmSync(worker);
  expect(comparison()).toEqual(inThread);
}, 120_000);
