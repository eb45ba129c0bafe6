import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../../src/verdict/gauge.ts';
import { checkResults } from '../helpers/check-results.ts';
import { drawnTrace } from '../helpers/drawn-trace.ts';
import { timedTrace } from '../helpers/timed-trace.ts';

/** A request of 20 ms that waits for two calls of the database, one of which fails. */
const shop = drawnTrace(
  `
  R      [------------------)
    q1     [---)
    q2           [--------)
`,
  {
    R: { service: 'web', kind: 'server', name: 'GET /' },
    q1: {
      service: 'web',
      kind: 'client',
      name: 'SELECT carts',
      attributes: { 'db.system.name': 'postgresql' },
      statusCode: 'error',
    },
    q2: {
      service: 'web',
      kind: 'client',
      name: 'SELECT users',
      attributes: { 'db.system.name': 'postgresql' },
    },
  },
);

const outcome = (...checks: string[]) =>
  checkResults([shop], checks).map(({ status, actual }) => [status, actual]);

test.each([
  ['p95 < 20ms', 'pass', 19e6],
  ['p95 < 19ms', 'fail', 19e6],
  ['p95[web] <= 19', 'pass', 19e6],
  ['max[web/SELECT *] < 9ms', 'fail', 9e6],
  ['sum[web/SELECT *] == 13ms', 'pass', 13e6],
  ['avg[web/SELECT *] == 6.5ms', 'pass', 6.5e6],
  ['p50(self) == 6ms', 'pass', 6e6],
  ['max(calls)[web/SELECT *] <= 1', 'fail', 2],
  ['max(critical)[web/SELECT *] <= 13ms', 'pass', 13e6],
  ['critical_share[web/SELECT users] < 50%', 'pass', 9 / 19],
  ['max(traceDuration)[web/SELECT *] < 19ms', 'fail', 19e6],
  ['error_ratio[*/*] < 30%', 'fail', 1 / 3],
  ['error_ratio == 0', 'pass', 0],
  ['errors[web -> database:*] == 0', 'fail', 1],
  ['count[web -> database:postgresql] == 2', 'pass', 2],
  ['p95[web -> database:*] < 10ms', 'pass', 9e6],
  ['none [web -> database:*]', 'fail', 2],
  ['none [web -> billing]', 'pass', 0],
  ['at most 2 [web/SELECT *]', 'pass', 2],
  ['some [web/SELECT *] : duration > 8ms', 'pass', 1],
  ['every [web/SELECT *] : duration < 9ms', 'fail', 1],
  ['every [web] : children <= 2', 'pass', 0],
  ['apdex(10ms)[web/*] >= 0.5', 'pass', 0.5],
  ['traces[web] >= 1', 'pass', 1],
  ['count[mail] == 0', 'pass', 0],
  ['orphan_ratio <= 5%', 'pass', 0],
  ['warn: p95 < 1ms', 'warn', 19e6],
  ['info: p95 < 1ms', 'info', 19e6],
])('%s: %s', (check, status, actual) => {
  expect(outcome(check)).toEqual([[status, actual]]);
});

describe('a scope that holds nothing', () => {
  test.each([
    'p95[mail] < 1s',
    'error_ratio[mail] < 1%',
    'errors[mail] == 0',
    'some [mail]',
    'every [mail] : duration < 1s',
    'p95[web -> mail] < 1s',
  ])('%s fails, and passes if it may', (check) => {
    expect(checkResults([shop], [check])[0]).toMatchObject({ status: 'fail', n: 0 });
    expect(checkResults([shop], [check], { allowEmpty: true })[0]?.status).toBe('pass');
  });

  test('names the service that was meant', () => {
    expect(checkResults([shop], ['p95[wep] < 1s'])[0]?.reason).toBe(
      'nothing matches; did you mean "web"?',
    );
  });

  test('no traces at all', () => {
    const checks = ['p95 < 1s', 'orphan_ratio < 5%', 'critical_share[web] < 1', 'none [a -> b]'];
    expect(checkResults([], checks).map(({ status }) => status)).toEqual([
      'fail',
      'fail',
      'fail',
      'pass',
    ]);
  });
});

test('what cannot be computed never passes', () => {
  // One trace spans no time, so that it has no rate; one value has no deviation.
  for (const comparator of ['<', '<=', '>', '>=', '==', '!='])
    for (const measure of ['rate', 'stddev'])
      expect(outcome(`${measure} ${comparator} 1`)).toEqual([['fail', null]]);
  for (const comparator of ['<', '<=', '>', '>=', '==', '!='] as const)
    expect(holds(Number.NaN, comparator, 1) || holds(1, comparator, Number.NaN)).toBe(false);
});

test('a failed check shows the worst spans', () => {
  const [result] = checkResults([shop], ['max[web/SELECT *] < 1ms']);
  expect(result?.evidence.map(({ spanId }) => spanId)).toEqual([
    '0000000000007132',
    '0000000000007131',
  ]);
});

test('the spans of a query', () => {
  const [result] = checkResults([shop], ['p95{ name =~ "S.*" } < 5ms'], {
    compile: (text) => (trace) => {
      expect(text).toBe('{ name =~ "S.*" }');
      return trace.nodes.filter(({ span }) => span.name.startsWith('S'));
    },
  });
  expect(result).toMatchObject({ status: 'fail', actual: 9e6, n: 2 });
});

test('findings by rule, severity and service', () => {
  const calls = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      `q${i}`,
      {
        from: 1 + i * 20,
        to: 18 + i * 20,
        parent: 'R',
        service: 'web',
        kind: 'client' as const,
        name: 'SELECT users',
        attributes: { 'db.system.name': 'mysql', 'db.query.text': `SELECT * FROM u WHERE id=${i}` },
      },
    ]),
  );
  const trace = timedTrace({ R: { from: 0, to: 170, service: 'web', kind: 'server' }, ...calls });
  const checks = [
    'findings(n-plus-one >= medium) == 0',
    'findings(n-plus-one)[mail] == 0',
    'findings(n-plus-one)[web] <= 1',
    'new_findings(n-plus-one) == 0',
  ];
  expect(checkResults([trace], checks).map(({ status }) => status)).toEqual([
    'fail',
    'pass',
    'pass',
    'skipped',
  ]);
  expect(
    checkResults([trace], ['new_findings(n-plus-one) == 0'], { known: new Set() })[0],
  ).toMatchObject({ status: 'fail', actual: 1 });
});

describe('against the baseline', () => {
  const figure = { base: 10e6, current: 13e6, p: 0.001, leastP: 1e-9 };
  const status = (check: string, change: Partial<typeof figure> = {}) =>
    checkResults([shop], [check], { baselineOf: () => ({ ...figure, ...change }) })[0]?.status;

  test('a significant difference beyond the limit fails', () => {
    expect(status('p95 < baseline + 10%')).toBe('fail');
    expect(status('p95 < baseline + 50%')).toBe('pass');
    expect(status('p95 < baseline + 2ms')).toBe('fail');
  });

  test('a difference that may be chance passes, one that nothing can tell is said so', () => {
    expect(status('p95 < baseline + 10%', { p: 0.2 })).toBe('pass');
    expect(status('p95 < baseline + 10%', { p: 0.2, leastP: 0.1 })).toBe('insufficient-data');
  });

  test('a factor is compared without asking about chance', () => {
    expect(status('p95 < baseline * 1.1', { p: 0.2 })).toBe('fail');
  });

  test('is skipped without one', () => {
    expect(checkResults([shop], ['p95 < baseline + 10%'])[0]?.status).toBe('skipped');
  });
});

test('loosening a limit never turns a pass into a failure', () => {
  const amount = fc.integer({ min: 0, max: 40 });
  const measure = fc.constantFrom('p50', 'p95[web/*]', 'max(self)[*/*]', 'avg[web -> database:*]');
  fc.assert(
    fc.property(measure, amount, amount, (what, a, b) => {
      const [tight, loose] = outcome(`${what} < ${Math.min(a, b)}`, `${what} < ${Math.max(a, b)}`);
      expect(tight?.[0] === 'pass' && loose?.[0] === 'fail').toBe(false);
    }),
  );
});
