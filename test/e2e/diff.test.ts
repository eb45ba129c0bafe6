import path from 'node:path';
import { expect, test } from 'vitest';
import { newUser, ROOT } from '../helpers/run-tracecli.ts';

const SHOP = path.join(ROOT, 'fixtures', 'shop.otlp.jsonl');

test('two traces as text, JSON, CSV and Markdown', () => {
  const run = newUser();
  run(['import', SHOP, '-q', '--no-progress']);
  const text = run(['diff', 'fc8f3e', 'ffd6a2', '--width', '100']);
  expect(text.status).toBe(0);
  expect(text.stdout).toContain('2 slower, 3 faster, 1 added, 10 removed, 3 newly failing');
  expect(Math.max(...text.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  const { rows, counts, a } = JSON.parse(run(['diff', 'fc8f3e', 'ffd6a2', '--json']).stdout);
  expect(counts).toMatchObject({ added: 1, removed: 10, newErrors: 3, goneErrors: 2 });
  expect(rows.filter(({ b }: { b: unknown }) => b === null).length).toBe(10);
  expect(a.spans).toBe(21);
  const csv = run(['diff', 'fc8f3e', 'ffd6a2', '--format', 'csv']).stdout.trimEnd().split('\r\n');
  expect(csv.length).toBe(rows.length + 1);
  const markdown = run(['diff', 'fc8f3e', 'ffd6a2', '--format', 'markdown']).stdout;
  expect(markdown).toMatch(/^```text\n[\s\S]*\n```\n$/);
});

test('two runs, without a verdict', () => {
  const baseline = (name: string) => path.join(ROOT, 'fixtures', 'baselines', name);
  const { status, stdout } = newUser()(['diff', baseline('1.json'), baseline('slower.json')]);
  expect([status, ...stdout.split('\n').slice(0, 2)]).toEqual([0, 'Comparison', '3 regressions']);
});

test('two parts of the store', () => {
  const run = newUser();
  run(['import', SHOP, '-q', '--no-progress']);
  const { status, stdout } = run(['diff', 'service=checkout', 'service=cart', '--json']);
  const { comparison } = JSON.parse(stdout);
  expect([status, comparison.base.traces, comparison.current.traces]).toEqual([0, 14, 42]);
});

test('an unknown trace is a usage error', () => {
  const run = newUser();
  run(['import', SHOP, '-q', '--no-progress']);
  expect(run(['diff', 'fc8f3e', '000000']).status).toBe(2);
});
