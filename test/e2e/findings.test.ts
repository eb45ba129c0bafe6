import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { newUser, temporaryFolder } from '../helpers/run-tracecli.ts';

const SHOP = 'fixtures/shop.otlp.jsonl';

interface FindingJson {
  readonly rule: string;
  readonly fingerprint: string;
  readonly evidence: { readonly host?: string };
}

function findingsWith(...options: readonly string[]) {
  const { stdout, status } = newUser()([
    'analyze',
    SHOP,
    '--only',
    'findings',
    '--json',
    ...options,
  ]);
  expect(status).toBe(0);
  const { findings, findingTotals } = JSON.parse(stdout);
  return { findings: findings as FindingJson[], findingTotals };
}

function rulesOf(findings: readonly FindingJson[]): string[] {
  return [...new Set(findings.map(({ rule }) => rule))].sort();
}

test('rules are chosen by name', () => {
  const all = rulesOf(findingsWith().findings);
  expect(all).toContain('retry');
  expect(rulesOf(findingsWith('--only-rule', 'retry,slow-db').findings)).toEqual([
    'retry',
    'slow-db',
  ]);
  expect(rulesOf(findingsWith('--disable-rule', 'retry').findings)).toEqual(
    all.filter((rule) => rule !== 'retry'),
  );
});

test('a threshold decides what is found', () => {
  const slower = ['--only-rule', 'slow-db', '--param', 'slow-db.minDurationMs=5000'];
  expect(findingsWith('--only-rule', 'slow-db').findings).toHaveLength(1);
  expect(findingsWith(...slower).findings).toEqual([]);
});

test('with allowed hosts every other host is a finding', () => {
  const { findings } = findingsWith(
    '--only-rule',
    'unexpected-external',
    '--allow-hosts',
    'mail,catalog-db,payment-db',
  );
  expect(
    findings.map(({ evidence }) => evidence.host ?? '').sort((a, b) => (a < b ? -1 : 1)),
  ).toEqual(['orders-db', 'shipping-db']);
});

test('suppressed findings are left out and counted', () => {
  const [first] = findingsWith().findings;
  const file = path.join(temporaryFolder(), 'known.txt');
  writeFileSync(file, `${first?.fingerprint.slice(0, 12)} # known\n`);
  const { findings, findingTotals } = findingsWith('--suppress', file);
  expect(findings.map(({ fingerprint }) => fingerprint)).not.toContain(first?.fingerprint);
  expect(findingTotals).toMatchObject({ findings: findings.length, suppressed: 1 });
});

test('a wrong name ends before the dump is read, with the nearest', () => {
  const { status, stdout, stderr } = newUser()(['analyze', 'missing.json', '--only-rule', 'retri']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toBe(
    'error: "retri" is not a rule\n  in --only-rule retri\ntry: --only-rule retry\n',
  );
});

test('the list of rules fits its schema and names every finding of an analysis', () => {
  const run = newUser();
  const schema = JSON.parse(run(['schema', 'rules']).stdout);
  const valid = new Ajv2020({ strict: false }).compile(schema);
  const document = JSON.parse(run(['rules', '--json']).stdout);
  valid(document);
  expect(valid.errors ?? []).toEqual([]);
  const listed = document.rules.flatMap(({ findings }: { findings: { name: string }[] }) =>
    findings.map(({ name }) => name),
  );
  for (const rule of rulesOf(findingsWith().findings)) expect(listed).toContain(rule);
  expect(run(['rules']).stdout).toContain('--param slow-db.minDurationMs=500');
});
