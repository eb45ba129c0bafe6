import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { newUser, temporaryFolder } from '../helpers/run-tracecli.ts';

/** A user whose store holds the shop's traces. */
function shopKeeper() {
  const run = newUser();
  const folder = temporaryFolder();
  const store = path.join(folder, 'shop.db');
  run(['import', 'fixtures/shop.otlp.jsonl', '--store', store]);
  return { folder, store, sql: (...args: string[]) => run(['sql', ...args, '--store', store]) };
}

test('a statement is answered as a table', () => {
  const { sql } = shopKeeper();
  const { status, stdout, stderr } = sql(
    "SELECT service, count(*) AS spans, max(duration_ns) AS longest FROM spans WHERE service LIKE 'c%' GROUP BY 1 ORDER BY 1",
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.split('\n').map((line) => line.split(/ +/).slice(0, 2).join(' '))).toEqual([
    'service spans',
    'cart 93',
    'catalog 128',
    'checkout 82',
    '',
  ]);
});

test('the JSON fits its schema, and integers are exact', () => {
  const run = newUser();
  const { sql } = shopKeeper();
  const { stdout } = sql(
    "SELECT 9007199254740993 AS a, 7 AS b, 0.5 AS c, NULL AS d, x'00ff' AS e",
    '--json',
  );
  const document = JSON.parse(stdout);
  const valid = new Ajv2020({ strict: false }).compile(JSON.parse(run(['schema', 'sql']).stdout));
  valid(document);
  expect(valid.errors ?? []).toEqual([]);
  expect(document).toMatchObject({
    columns: ['a', 'b', 'c', 'd', 'e'],
    rows: [['9007199254740993', 7, 0.5, null, '00ff']],
    more: false,
  });
});

test('more rows than the limit are said', () => {
  const { sql } = shopKeeper();
  expect(sql('SELECT trace_id FROM traces', '--limit', '3').stdout).toMatch(/--limit N shows more/);
  expect(JSON.parse(sql('SELECT 1', '--limit', '1', '--json').stdout)).toMatchObject({
    more: false,
  });
  expect(JSON.parse(sql('SELECT * FROM traces', '--limit', '1', '--json').stdout)).toMatchObject({
    more: true,
  });
});

test.each([
  'DELETE FROM trace_rows',
  'DROP VIEW spans',
  '/* SELECT */ UPDATE trace_summaries SET spans = 0',
  "ATTACH 'other.db' AS other",
  "VACUUM INTO 'copy.db'",
  'PRAGMA user_version = 9',
  'PRAGMA journal_mode = DELETE',
  'SELECT 1; DELETE FROM trace_rows',
  'WITH doomed AS (SELECT 1) DELETE FROM trace_rows',
  "WITH one AS (SELECT 1) INSERT INTO trace_rows SELECT 1, x'01', NULL RETURNING 1",
  'BEGIN',
  '-- SELECT',
  '',
])('%s is refused and changes nothing', (statement) => {
  const { sql, store, folder } = shopKeeper();
  const before = readFileSync(store);
  const { status, stdout, stderr } = sql(statement);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^error: /);
  expect(readFileSync(store).equals(before)).toBe(true);
  expect(existsSync(path.join(folder, 'other.db'))).toBe(false);
});

test('a mistake is explained with what there is', () => {
  const { sql } = shopKeeper();
  const { status, stderr } = sql('SELECT * FROM span');
  expect(status).toBe(2);
  expect(stderr).toContain('no such table: span');
  expect(stderr).toContain('attributes, events, links, spans, traces');
});

test('a statement that takes too long is given up', () => {
  const { sql } = shopKeeper();
  const endless =
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';
  const { status, stderr } = sql(endless, '--timeout', '300ms');
  expect(status).toBe(3);
  expect(stderr).toContain('took longer than 300ms');
});

test('escape sequences in what is found do not reach the terminal', () => {
  const { sql } = shopKeeper();
  const { stdout } = sql("SELECT char(27) || '[31mred' AS text");
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toContain('␛[31mred');
});
