import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { madeRunSpans, type RunChange } from '../helpers/made-run.ts';
import { otlpOf } from '../helpers/otlp-of.ts';
import { newUser, ROOT, type Run, temporaryFolder } from '../helpers/run-tracecli.ts';

/** Files of made runs in a folder of the test. */
function runFiles(): (name: string, seed: number, change?: RunChange, traces?: number) => string {
  const folder = temporaryFolder();
  return (name, seed, change = {}, traces = 80) => {
    const file = path.join(folder, name);
    writeFileSync(file, otlpOf(madeRunSpans(traces, seed, change)));
    return file;
  };
}

const SLOWER: RunChange = { slower: { 'POST /charge': 2 } };

test('an unchanged run exits 0, a slower one 1, and says what and why', () => {
  const [file, run] = [runFiles(), newUser()];
  const base = file('base.jsonl', 1);
  expect(run(['compare', base, file('same.jsonl', 2)])).toMatchObject({ status: 0, stderr: '' });
  const { status, stdout } = run(['compare', base, file('slow.jsonl', 3, SLOWER)]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^FAIL: \d regressions?$/m);
  expect(stdout).toMatch(/pay: POST \/charge \(server, own time\)/);
  expect(stdout).toMatch(/^Why web: POST \/checkout changed$/m);
});

test('several runs stand before -- and after', () => {
  const [file, run] = [runFiles(), newUser()];
  const [a, b, c, d] = [
    file('a.jsonl', 1),
    file('b.jsonl', 2),
    file('c.jsonl', 3),
    file('d.jsonl', 4),
  ];
  const { status, stdout } = run(['compare', '--json', a, b, '--', c, d]);
  expect(status).toBe(0);
  const { comparison, inputs, baseline } = JSON.parse(stdout);
  expect([comparison.base.runs, comparison.current.runs]).toEqual([2, 2]);
  expect([baseline, inputs]).toEqual([
    [a, b],
    [c, d],
  ]);
});

test('a baseline is saved, the same each time, and compared with', () => {
  const [file, run] = [runFiles(), newUser()];
  const [base, slow] = [file('base.jsonl', 1), file('slow.jsonl', 3, SLOWER)];
  const saved = [1, 2].map((n) => {
    const to = path.join(path.dirname(base), `saved-${n}.json`);
    run(['compare', base, base, '--save-baseline', to]);
    return readFileSync(to, 'utf8');
  });
  expect(saved[0]).toBe(saved[1]);
  const against = (baseline: string) => run(['compare', baseline, slow, '--json']).stdout;
  const [fromFile, fromDump] = [path.join(path.dirname(base), 'saved-1.json'), base].map(
    (baseline) => {
      const { baseline: _, ...document } = JSON.parse(against(baseline));
      return document;
    },
  );
  expect(fromFile).toEqual(fromDump);
});

test('a saved baseline as the current run is compared, but not checked in silence', () => {
  const [file, run] = [runFiles(), newUser()];
  const base = file('base.jsonl', 1);
  const saved = path.join(path.dirname(base), 'saved.json');
  run(['compare', base, file('slow.jsonl', 3, SLOWER), '--save-baseline', saved]);
  expect(run(['compare', base, saved])).toMatchObject({ status: 1, stderr: '' });
  for (const asked of [
    ['--check', 'p95[pay] < 1us'],
    ['--fail-on', 'finding:low'],
  ]) {
    const { status, stderr } = run(['compare', base, saved, ...asked]);
    expect(status).toBe(2);
    expect(stderr).toContain(`nothing can be checked in the saved baseline ${saved}`);
  }
});

test('Markdown has the slowest trace of what regressed, folded', () => {
  const [file, run] = [runFiles(), newUser()];
  const base = file('base.jsonl', 1);
  const slow = file('slow.jsonl', 3, SLOWER);
  const { stdout } = run(['compare', base, slow, '--format', 'markdown']);
  const [, title, drawing] =
    /<summary>The slowest trace of it: (\w{32})<\/summary>\s+```\w*\n([^`]*)```/.exec(stdout) ?? [];
  expect(readFileSync(slow, 'utf8')).toContain(title);
  expect(drawing).toContain('POST /charge');
  expect(run(['compare', base, base, '--format', 'markdown']).stdout).not.toContain(
    'slowest trace',
  );
});

test('stores, and selections of a store', () => {
  const [file, run] = [runFiles(), newUser()];
  const store = path.join(path.dirname(file('base.jsonl', 1)), 'a.db');
  run(['import', file('base.jsonl', 1), '--store', store, '-q']);
  expect(run(['compare', store, store]).status).toBe(0);
  const { status, stdout } = run([
    'compare',
    '--store',
    store,
    '{ name = "GET /search" }',
    '{ rootName = "POST /checkout" }',
    '--json',
  ]);
  expect(status).toBe(0);
  const { comparison } = JSON.parse(stdout);
  expect([comparison.status, comparison.base.traces, comparison.current.traces]).toEqual([
    'insufficient-data',
    20,
    60,
  ]);
  expect(comparison.goneRequests).toEqual([{ service: 'web', name: 'GET /search' }]);
});

describe('exit codes', () => {
  let run: (args: readonly string[]) => Run;
  let base: string;
  let slow: string;
  let few: string;
  const prepare = () => {
    const file = runFiles();
    run = newUser();
    base = file('base.jsonl', 1);
    slow = file('slow.jsonl', 3, SLOWER);
    few = file('few.jsonl', 4, {}, 3);
  };

  test('0, 1, 2, 3 and 4', () => {
    prepare();
    const code = (...args: string[]) => run(['compare', ...args]).status;
    expect(code(base, base)).toBe(0);
    expect(code(base, slow)).toBe(1);
    expect(code(base, slow, '--fail-on', 'never')).toBe(0);
    expect(code(base, slow, '--fail-on', 'check')).toBe(0);
    expect(code(base, slow, '--fail-on', 'check', '--check', 'p95[pay] < 1ms')).toBe(1);
    expect(code(base, base, '--check', 'warn: p95[pay] < 1ms')).toBe(0);
    expect(code(base, base, '--check', 'p95[pay] < baseline + 10%')).toBe(0);
    expect(code(base, slow, '--fail-on', 'check', '--check', 'p95[pay] < baseline + 10%')).toBe(1);
    expect(code(base)).toBe(2);
    expect(code(base, slow, '--check', 'p95 <')).toBe(2);
    expect(code(base, slow, '--alpha', '2')).toBe(2);
    expect(code(base, slow, '--fail-on', 'regresion')).toBe(2);
    expect(code(base, 'nothing-there')).toBe(2);
    expect(code(base, 'package.json')).toBe(3);
    expect(code(few, few)).toBe(0);
    expect(code(few, few, '--require-data')).toBe(4);
    expect(code(few, few, '--require-data', '--check', 'p95[pay] < 1ms')).toBe(1);
  });

  test('reports are written before a failure is told', () => {
    prepare();
    const to = (name: string) => path.join(path.dirname(base), name);
    const outs = [
      'json',
      'markdown',
      'junit',
      'sarif',
      'csv',
      'github',
      'openmetrics',
      'gitlab-codequality',
    ];
    const { status } = run([
      'compare',
      base,
      slow,
      ...outs.flatMap((kind) => ['--out', `${kind}=${to(kind)}`]),
    ]);
    expect(status).toBe(1);
    expect(outs.filter((kind) => !existsSync(to(kind)))).toEqual([]);
  });

  test('with --json a failure is a document too', () => {
    prepare();
    const { status, stdout } = run(['compare', base, '--json', '--check', 'p95 <']);
    expect([status, JSON.parse(stdout).schema]).toEqual([2, 'tracecli.compare/1']);
  });
});

describe('parts of a store', () => {
  let run: ReturnType<typeof newUser> = () => {
    throw new Error('no user yet');
  };
  beforeEach(() => {
    run = newUser();
    run(['import', path.join(ROOT, 'fixtures', 'shop.otlp.jsonl'), '-q', '--no-progress']);
  });

  test.each([
    ['service=checkout'],
    ['error'],
    ['kind=server'],
    ['duration>1s'],
    ['name=~"POST.*"'],
    ['{ status = error }'],
  ])('%s chooses what it chooses for traces', (query) => {
    const listed = JSON.parse(run(['traces', query, '--json', '--limit', '1000']).stdout);
    const typed = query === 'error' ? 'status=error' : query;
    const compared = run(['compare', '{ true }', typed, '--json', '--fail-on', 'never']);
    expect(JSON.parse(compared.stdout).comparison.current.traces).toBe(listed.traces.length);
  });

  test.each([
    [['service=chekout', 'service=cart'], 'did you mean service=checkout?'],
    [['service=cart', 'service=chekout'], 'did you mean service=checkout?'],
    [['service=cart', 'duration>9h'], "tracecli traces 'duration>9h' shows what a query finds"],
  ])('%j is an error with a hint', (runs, hint) => {
    const found = run(['compare', ...runs]);
    expect(found.status).toBe(3);
    expect(found.stderr).toContain(hint);
  });

  test('a query that cannot be read is a usage error', () => {
    expect(run(['compare', 'kind=sever', 'service=cart']).status).toBe(2);
  });
});

test('the width, the exit code and what is gated are chosen', () => {
  const baseline = (name: string) => path.join(ROOT, 'fixtures', 'baselines', name);
  const run = newUser();
  const compared = (...args: string[]) =>
    run(['compare', baseline('1.json'), baseline('slower.json'), ...args]);
  const narrow = compared('--width', '70');
  expect(Math.max(...narrow.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
  const mapped = compared('--exit-code-map', '1=99', '--json');
  expect([mapped.status, JSON.parse(mapped.stdout).verdict.exitCode]).toEqual([99, 99]);
  expect(compared('--exit-code-map', '2=1').status).toBe(2);
  const free = compared('--fail-on', 'check');
  expect([free.status, free.stdout.split('\n')[1]]).toEqual([0, 'PASS: 3 regressions (not gated)']);
});

test('a quoted pattern names several runs of a baseline', () => {
  const [folder, run] = [temporaryFolder(), newUser()];
  const baselines = path.join(ROOT, 'fixtures', 'baselines');
  for (const name of ['a.json', 'b.json'])
    copyFileSync(path.join(baselines, '1.json'), path.join(folder, name));
  const { stdout } = run(['compare', `${folder}/*.json`, path.join(baselines, '1.json'), '--json']);
  const { comparison, baseline } = JSON.parse(stdout);
  expect([comparison.base.runs, baseline.length]).toEqual([2, 2]);
});

test('equal runs show their noise', () => {
  const [file, run] = [runFiles(), newUser()];
  const runs = [file('a.jsonl', 1), file('b.jsonl', 2), file('c.jsonl', 3)];
  const { status, stdout } = run(['compare', '--aa', ...runs]);
  expect([status, stdout.split('\n').slice(0, 3)]).toEqual([
    0,
    [
      'Noise',
      '3 runs that should be equal, of 80, 80, 80 traces',
      'a comparison finds something in 0 of 3 pairs',
    ],
  ]);
  expect(stdout).toContain('requests differ by up to');
  const document = JSON.parse(run(['compare', '--aa', ...runs, '--json']).stdout);
  const validate = new Ajv2020({ strict: false }).compile(
    JSON.parse(run(['schema', 'noise']).stdout),
  );
  expect([validate(document), validate.errors]).toEqual([true, null]);
  expect(run(['compare', '--aa', ...runs.slice(0, 1)]).status).toBe(2);
});

describe('documents are what their schemas say', () => {
  let run: ReturnType<typeof newUser> = () => {
    throw new Error('no user yet');
  };
  beforeEach(() => {
    run = newUser();
  });
  const validated = (schema: string, document: string) => {
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(run(['schema', schema]).stdout),
    );
    return [validate(JSON.parse(document)), validate.errors];
  };

  test('compare, analyze with a verdict, and the baseline', () => {
    const file = runFiles();
    const [base, slow] = [
      file('base.jsonl', 1),
      file('slow.jsonl', 3, { ...SLOWER, serial: true }),
    ];
    const saved = path.join(path.dirname(base), 'saved.json');
    const args = ['--json', '--check', 'p95[pay] < 1ms', '--check', 'p95[nobody] < 1s'];
    const compared = run([
      'compare',
      base,
      slow,
      ...args,
      '--save-baseline',
      saved,
      '--fail-on',
      'finding:info',
    ]);
    expect(JSON.parse(compared.stdout).comparison.structure.length).toBeGreaterThan(0);
    expect(validated('compare', compared.stdout)).toEqual([true, null]);
    expect(validated('baseline', readFileSync(saved, 'utf8'))).toEqual([true, null]);
    const analyzed = run(['analyze', slow, '--baseline', saved, ...args]);
    expect(analyzed.status).toBe(1);
    expect(validated('analyze', analyzed.stdout)).toEqual([true, null]);
  });

  test('the released baseline', () => {
    const released = readFileSync(path.join(ROOT, 'fixtures', 'baselines', '1.json'), 'utf8');
    expect(validated('baseline', released)).toEqual([true, null]);
  });

  test('diff', () => {
    run(['import', path.join(ROOT, 'fixtures', 'shop.otlp.jsonl'), '-q', '--no-progress']);
    expect(validated('diff', run(['diff', 'fc8f3e', 'ffd6a2', '--json']).stdout)).toEqual([
      true,
      null,
    ]);
  });

  test('the configuration', () => {
    const config = {
      version: 1,
      presets: ['recommended'],
      checks: ['p95 < 1s', { expr: 'p95 < 1s', level: 'warn' }],
    };
    expect(validated('config', JSON.stringify(config))[0]).toBe(true);
    expect(validated('config', JSON.stringify({ version: 1, chekcs: [] }))[0]).toBe(false);
    expect(
      validated('config', JSON.stringify({ version: 1, suppress: [{ rule: 'retry' }] }))[0],
    ).toBe(false);
  });
});
