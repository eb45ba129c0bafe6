import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { newUser, ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

const SHOP = path.join(ROOT, 'fixtures', 'shop.otlp.jsonl');

test.each([
  [['--check', 'p95[checkout] < 10s'], 0],
  [['--check', 'p95[checkout] < 10ms'], 1],
  [['--check', 'warn: p95[checkout] < 10ms'], 0],
  [['--check', 'p95[chekout] < 10s'], 1],
  [['--check', 'p95[chekout] < 10s', '--allow-empty'], 0],
  [['--check', 'none [frontend -> payment]'], 0],
  [['--check', 'none [checkout -> payment]'], 1],
  [['--check', 'p95{ name = "INSERT charges" } < 1s'], 1],
  [['--check', 'findings(* >= high) == 0'], 1],
  [['--check', 'findings(* >= high) == 0', '--fail-on', 'never'], 0],
  [['--fail-on', 'finding:high'], 1],
  [
    [
      '--fail-on',
      'finding:high',
      '--disable-rule',
      'n-plus-one,retry,slow-db,uninstrumented-leaf,latency-mode,error-swallowed',
    ],
    0,
  ],
  [['--check', 'p95[checkout] < 10ks'], 2],
  [['--check', 'p95{ nam = 1 } < 1s'], 2],
  [['--check', 'every trace | { status = error } | count() <= 0'], 1],
  [['--check', 'p95 < baseline + 10%'], 2],
  [['--check', 'new_findings(*) == 0'], 2],
  [['--fail-on', 'regression'], 2],
  [['--check', 'avg(calls)[checkout] <= baseline', '--baseline', SHOP], 0],
  [['--check', 'p95[checkout -> payment] <= baseline', '--baseline', SHOP], 0],
  [['--check', 'new_findings(*) == 0', '--baseline', SHOP], 0],
  [['--out', 'pdf=x'], 2],
  [['--baseline', 'nothing-there.db'], 2],
  [['--baseline', 'package.json'], 3],
  [['--baseline', SHOP], 0],
])('analyze %j exits %i', (args, status) => {
  const run = newUser();
  const found = run(['analyze', SHOP, '--only', 'latency', ...args]);
  expect([found.status, found.stderr.includes('a bug')]).toEqual([status, false]);
});

test('a dump that cannot be read weighs more than a failed check', () => {
  const found = newUser()(['analyze', SHOP, 'package.json', '--check', 'p95 < 1ns']);
  expect(found.status).toBe(3);
  expect(found.stdout).toContain('FAIL');
});

test('a configuration is read, with its suppressions, and their end', () => {
  const folder = temporaryFolder();
  const config = path.join(folder, 'tracecli.yaml');
  const suppression = (until: string) =>
    `version: 1\nchecks:\n  - id: speed\n    expr: p95 < 1ms\nsuppress:\n  - check: speed\n    until: ${until}\n    why: known\n`;
  const run = newUser();
  writeFileSync(config, suppression('2999-01-01'));
  const known = run(['analyze', SHOP, '--config', config, '--json']);
  expect(known.status).toBe(0);
  expect(JSON.parse(known.stdout)).toMatchObject({
    checks: [{ id: 'speed', status: 'suppressed', reason: 'known (until 2999-01-01)' }],
    verdict: { status: 'pass', exitCode: 0, reasons: [] },
  });
  writeFileSync(config, suppression('2001-01-01'));
  const expired = run(['analyze', SHOP, '--config', config, '--json']);
  expect(expired.status).toBe(1);
  expect(JSON.parse(expired.stdout)).toMatchObject({
    verdict: { reasons: ['check:speed'] },
    warnings: ['the suppression of speed has expired on 2001-01-01'],
  });
  writeFileSync(config, 'version: 1\nchecks:\n  - exprr: p95 < 1ms\n');
  const wrong = run(['analyze', SHOP, '--config', config]);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('"exprr" is not a setting');
  expect(wrong.stderr).toContain('tracecli.yaml:3:5');
  expect(wrong.stderr).toContain('did you mean "expr"?');
});

test('new findings are those that the baseline did not have', () => {
  const [run, folder] = [newUser(), temporaryFolder()];
  const saved = path.join(folder, 'main.json');
  expect(run(['analyze', SHOP, '--save-baseline', saved, '-q']).status).toBe(0);
  expect(JSON.parse(readFileSync(saved, 'utf8')).findings.length).toBeGreaterThan(5);
  const check = ['--check', 'new_findings(* >= info) == 0', '--fail-on', 'any'];
  expect(run(['analyze', SHOP, '--baseline', saved, ...check]).status).toBe(0);
  writeFileSync(
    saved,
    readFileSync(saved, 'utf8').replace(/"findings":\["[0-9a-f]+",/, '"findings":['),
  );
  const { status, stdout } = run(['analyze', SHOP, '--baseline', saved, ...check, '--json']);
  expect(status).toBe(1);
  expect(JSON.parse(stdout).checks[0]).toMatchObject({ status: 'fail', actual: 1 });
});

test('a check without its baseline is an error that names it and says what to do', () => {
  const folder = temporaryFolder();
  const config = path.join(folder, 'tracecli.yaml');
  const run = newUser();
  const found = run(['analyze', SHOP, '--check', 'slow=p95 < baseline + 10%']);
  expect(found.stderr).toContain('the check "slow" refers to a baseline, and there is none');
  expect(found.stderr).toContain('--baseline');
  writeFileSync(
    config,
    'version: 1\npresets: [recommended]\nchecks:\n  - { id: slow, expr: p95 < baseline, optional: true }\n',
  );
  const { status, stdout } = run(['analyze', SHOP, '--config', config, '--json', '-q']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: { status: 'pass', reasons: [] },
    warnings: ['skipped without a baseline: recommended/new-findings, slow'],
  });
});

test('the findings of a baseline that is a dump are known', () => {
  const folder = temporaryFolder();
  const config = path.join(folder, 'tracecli.yaml');
  writeFileSync(config, 'version: 1\npresets: [recommended]\n');
  const args = ['--config', config, '--baseline', SHOP, '--json'];
  const { stdout } = newUser()(['analyze', SHOP, ...args]);
  const { checks } = JSON.parse(stdout);
  expect(checks.find(({ id }: { id: string }) => id.endsWith('new-findings'))).toMatchObject({
    status: 'pass',
    actual: 0,
  });
});

test('the same traces and options give the same bytes, wherever they lie', () => {
  const args = ['--check', 'p95 < 1ms', '--baseline', SHOP, '--json'];
  const [first, second] = [
    newUser()(['analyze', SHOP, ...args]),
    newUser()(['analyze', SHOP, ...args]),
  ];
  expect(first.stdout).toBe(second.stdout);
});
