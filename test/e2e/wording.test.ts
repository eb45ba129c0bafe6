import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { newUser, temporaryFolder } from '../helpers/run-tracecli.ts';

const SHOP = 'fixtures/shop.otlp.jsonl';

function shopKeeper() {
  const run = newUser();
  run(['import', SHOP]);
  return run;
}

describe('a mistyped dump is not an empty analysis', () => {
  test.each([[['tracse']], [['trace-folder']], [[SHOP, 'nothinglikeit']]])('analyze %j', (args) => {
    const { status, stdout, stderr } = shopKeeper()(['analyze', ...args]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain(
      `no trace matches "${args.at(-1)}", and there is no such file or folder`,
    );
  });

  test('a query that finds nothing says so, and is no mistake', () => {
    const { status, stdout } = shopKeeper()(['analyze', '{ duration > 1h }']);
    expect(status).toBe(0);
    expect(stdout).toContain('no trace matches');
  });
});

test.each([
  ['analyze', '--json', '--format', 'markdown'],
  ['analyze', '--json', '--format', 'dot'],
  ['compare', SHOP, SHOP, '--json', '--format', 'junit'],
  ['diff', 'a', 'b', '--json', '--format', 'csv'],
])('two outputs at once are a usage error: %s %s %s %s %s', (...args) => {
  const { status, stderr } = shopKeeper()(args.filter((word) => word !== undefined));
  expect(status).toBe(2);
  expect(stderr).toContain('ask for two different outputs');
});

test('cells of SQL are whole in a pipe', () => {
  const text = 'x'.repeat(400);
  const { stdout } = shopKeeper()(['sql', `SELECT '${text}' AS a, '${text}' AS b`]);
  expect(stdout.split(text)).toHaveLength(3);
});

test('show --width breaks its first lines, too', () => {
  const run = newUser();
  const file = path.join(temporaryFolder(), 'long.jsonl');
  const dump = readFileSync('fixtures/declined.otlp.jsonl', 'utf8');
  writeFileSync(
    file,
    dump.replaceAll(
      '"message":"',
      '"message":"a long story of what went wrong before '.padEnd(120, 'and so on '),
    ),
  );
  run(['import', file]);
  const [{ traceId }] = JSON.parse(run(['traces', '--json']).stdout).traces;
  const { stdout } = run(['show', traceId, '--width', '64']);
  for (const line of stdout.split('\n').slice(0, 4))
    expect(stringWidth(line)).toBeLessThanOrEqual(64);
});

test('times in 1970 are said to be doubtful', () => {
  const run = newUser();
  const span = {
    traceId: '1'.repeat(32),
    spanId: '1'.repeat(16),
    name: 'x',
    startTimeUnixNano: '1736000000000000',
    endTimeUnixNano: '1736000000000001',
  };
  const dump = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  run(['import', '-'], dump);
  expect(run(['traces']).stdout).toContain('times in 1970');
  expect(run(['analyze']).stdout).toContain('times in 1970');
  expect(shopKeeper()(['traces']).stdout).not.toContain('times in 1970');
});

test('a dump is explored with as much memory as one gives it', () => {
  const run = newUser();
  expect(run([SHOP, '--max-memory', '1GB']).status).toBe(0);
  expect(run([SHOP, '--max-memory', '1MB']).stderr).toContain('It takes at least 125MB');
});

test('what was exported comes back span for span', () => {
  const folder = temporaryFolder();
  for (const dump of [
    SHOP,
    'fixtures/shop.zipkin.json',
    'fixtures/shop.jaeger.json',
    'fixtures/damaged.otlp.jsonl',
  ]) {
    const [one, two] = [newUser(), newUser()];
    const file = path.join(folder, 'out.jsonl');
    one(['import', dump]);
    one(['export', '--out', file]);
    two(['import', file]);
    const spans =
      'SELECT trace_id, span_id, parent_span_id, service, name, kind, status, start_ns, end_ns, attributes FROM spans ORDER BY 1, 2, 6, 8';
    const rows = (run: typeof one) =>
      JSON.parse(run(['sql', spans, '--json', '--limit', '9999']).stdout).rows;
    expect(rows(two)).toEqual(rows(one));
  }
});

test('a word finds a trace by the id that its dump spells in its own way', () => {
  const run = newUser();
  const span = {
    traceID: 'trace-abc',
    spanID: '1',
    operationName: 'op',
    references: [],
    startTime: 1736000000000000,
    duration: 5,
    tags: [],
    logs: [],
    processID: 'p',
  };
  const data = [
    { traceID: 'trace-abc', spans: [span], processes: { p: { serviceName: 's', tags: [] } } },
  ];
  run(['import', '-'], JSON.stringify({ data }));
  expect(JSON.parse(run(['traces', 'trace-a', '--json']).stdout).matching).toBe(1);
  expect(JSON.parse(run(['traces', 'trace-b', '--json']).stdout).matching).toBe(0);
  expect(run(['traces', 'trace-abc', '--explain']).stdout).toContain(
    'an id that begins with trace-abc',
  );
});
