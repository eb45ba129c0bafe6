import { expect, test } from 'vitest';
import { UserError } from '../../src/model/user-error.ts';
import { parseConfig } from '../../src/verdict/config.ts';
import { splitByDay, withSuppressions } from '../../src/verdict/suppression.ts';
import { checkResults } from '../helpers/check-results.ts';
import { drawnTrace } from '../helpers/drawn-trace.ts';

const FULL = `
# what this pipeline promises
version: 1
presets: [recommended]
checks:
  - p95[cart] < 200ms
  - id: errors
    expr: error_rate < 1%
    level: warn
    owner: team-shop
    why: the status page promises it
suppress:
  - check: errors
    until: 2027-01-31
    why: the vendor is moving
  - rule: n-plus-one
    service: catalog
    until: 2026-06-30
    why: rewritten next quarter
baseline: main.json
fail-on: [check, regression]
min-effect: 15%
alpha: 0.01
`;

test('reads checks, suppressions and options', () => {
  const { checks, suppressions, options } = parseConfig(FULL, 'tracecli.yaml');
  expect(checks.filter(({ id }) => !id.startsWith('recommended/'))).toMatchObject([
    { id: 'p95[cart] < 200ms', level: 'error', owner: null },
    { id: 'errors', level: 'warn', owner: 'team-shop', why: 'the status page promises it' },
  ]);
  expect(checks.length).toBeGreaterThan(5);
  expect(suppressions).toMatchObject([
    { check: 'errors', until: '2027-01-31' },
    { rule: 'n-plus-one', service: 'catalog', check: null },
  ]);
  expect([...options]).toEqual([
    ['baseline', ['main.json']],
    ['fail-on', ['check', 'regression']],
    ['alpha', ['0.01']],
    ['min-effect', ['15%']],
  ]);
});

test.each([
  [
    'version: 1\nchekcs: []',
    'tracecli.yaml:2:1',
    '"chekcs" is not a setting',
    'did you mean "checks"?',
  ],
  ['checks: []', 'tracecli.yaml:1:1', '"version" is missing', 'version: 1'],
  ['version: 2', 'tracecli.yaml:1:10', 'version 2 is not known', 'version: 1'],
  [
    'version: 1\nchecks:\n  - id: a\n    expr: p95 <',
    'tracecli.yaml:4:11',
    'cannot read the check: expected a duration like 200ms (column 6 of "p95 <")',
    null,
  ],
  [
    'version: 1\nchecks:\n  - expr: p95 < 1s\n    levl: warn',
    'tracecli.yaml:4:5',
    '"levl" is not a setting',
    'did you mean "level"?',
  ],
  [
    'version: 1\nchecks:\n  - expr: p95 < 1s\n    level: warning',
    'tracecli.yaml:4:12',
    '"warning" is not a level',
    'one of error, warn, info',
  ],
  [
    'version: 1\npresets: [recomended]',
    'tracecli.yaml:2:11',
    '"recomended" is not a preset',
    'did you mean "recommended"?',
  ],
  ['version: 1\nchecks: p95 < 1s', 'tracecli.yaml:2:9', 'expected a list', null],
  [
    'version: 1\nsuppress:\n  - rule: retry\n    until: soon\n    why: x',
    'tracecli.yaml:4:12',
    '"soon" is not a date',
    'until: 2027-01-01',
  ],
  [
    'version: 1\nsuppress:\n  - rule: retry',
    'tracecli.yaml:3:5',
    'a suppression needs "until" and "why"',
    'until: 2027-01-01',
  ],
])('%j', (text, where, problem, fix) => {
  let error: unknown = null;
  try {
    parseConfig(text, 'tracecli.yaml');
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof UserError)) throw new Error('it was read');
  expect([error.kind, error.what, error.where, error.fix]).toEqual([
    'usage',
    `tracecli.yaml: ${problem}`,
    [where],
    fix,
  ]);
});

test('broken YAML says where', () => {
  expect(() => parseConfig('version: 1\nchecks: [', 'tracecli.yaml')).toThrow(
    /tracecli.yaml: it is not YAML/,
  );
});

test('a suppression holds on its last day and no longer', () => {
  const { suppressions } = parseConfig(FULL, 'tracecli.yaml');
  const ids = (day: string) => splitByDay(suppressions, day).active.map(({ until }) => until);
  expect(ids('2026-06-30')).toEqual(['2027-01-31', '2026-06-30']);
  expect(ids('2026-07-01')).toEqual(['2027-01-31']);
  expect(ids('2027-02-01')).toEqual([]);
});

test('a suppressed check fails nothing and says why', () => {
  const { suppressions } = parseConfig(FULL, 'tracecli.yaml');
  const trace = drawnTrace('R [--)', { R: { statusCode: 'error' } });
  const results = checkResults([trace], ['errors=error_rate < 1%', 'p95 < 1s']);
  const after = withSuppressions(results, splitByDay(suppressions, '2026-12-01').active);
  expect(after.map(({ status, reason }) => [status, reason])).toEqual([
    ['suppressed', 'the vendor is moving (until 2027-01-31)'],
    ['pass', null],
  ]);
});
