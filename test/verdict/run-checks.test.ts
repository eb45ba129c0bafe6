import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../../src/verdict/holds.ts';
import { parseCheck } from '../../src/verdict/parse-check.ts';
import { checkResults, comparedResults } from '../helpers/check-results.ts';
import { drawnTrace } from '../helpers/drawn-trace.ts';
import { madeRun } from '../helpers/made-run.ts';
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
  const [result] = checkResults([shop], ['p95{ name =~ "S.*" } < 5ms']);
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
  ];
  expect(checkResults([trace], checks).map(({ status }) => status)).toEqual([
    'fail',
    'pass',
    'pass',
  ]);
  const isNew = 'new_findings(n-plus-one) == 0';
  expect(comparedResults([shop], [trace], [isNew])[0]).toMatchObject({ status: 'fail', actual: 1 });
  expect(comparedResults([trace], [trace], [isNew])[0]?.status).toBe('pass');
});

test('conditions of spans are joined, and may be TraceQL', () => {
  expect(
    outcome(
      'every [web/SELECT *] : duration < 10ms && name =~ "SELECT.*"',
      'every [web/SELECT *] : duration < 10ms && status != error',
      'none [web/*] : span.db.system.name = "postgresql" && duration > 8ms',
      'none { kind = client } : status = error || duration > 1s',
      'every { rootName = "GET /" } : traceDuration < 1s && span:childCount < 50',
      'some [web/SELECT *] : self > 8ms && status = unset',
    ),
  ).toEqual([
    ['pass', 0],
    ['fail', 1],
    ['fail', 1],
    ['fail', 1],
    ['pass', 0],
    ['pass', 1],
  ]);
});

test('traces that a pipeline has to let through', () => {
  expect(
    outcome(
      'every trace | { .db.system.name != nil } | count() <= 2',
      'every trace | { .db.system.name != nil } | count() <= 1',
      'every trace | { kind = producer } | count() <= 1',
      'every trace | { kind = producer } | count() >= 1',
      'every trace | { kind = client } | by(name) | max(duration) < 9ms',
      'none trace | { kind = client } | by(name) | max(duration) < 9ms',
      'at most 1 trace | { status = error }',
      'every trace | { kind = producer }',
    ),
  ).toEqual([
    ['pass', 0],
    ['fail', 1],
    ['pass', 0],
    ['fail', 1],
    ['fail', 1],
    ['fail', 1],
    ['pass', 1],
    ['fail', 1],
  ]);
});

test('numbers that spans carry', () => {
  const trace = timedTrace({
    R: { from: 0, to: 9, service: 'web', attributes: { 'http.response.body.size': 1500n } },
    a: { from: 1, to: 3, parent: 'R', service: 'web', attributes: { ratio: -0.5 } },
    b: { from: 4, to: 6, parent: 'R', service: 'web', attributes: { ratio: 1.5, size: 'large' } },
  });
  const checks = [
    'max(.http.response.body.size) <= 1500',
    'avg(span.ratio)[web/*] == 0.5',
    'min(.ratio)[web/*] >= 0',
    'sum(.size)[web/*] < 1',
  ];
  expect(checkResults([trace], checks).map(({ status, actual }) => [status, actual])).toEqual([
    ['pass', 1500],
    ['pass', 0.5],
    ['fail', -0.5],
    ['fail', null],
  ]);
});

test('the critical path of a service is that of all its spans', () => {
  expect(outcome('critical_share[web] == 1', 'max(critical)[web] == 19ms')).toEqual([
    ['pass', 1],
    ['pass', 19e6],
  ]);
});

describe('against the baseline', () => {
  const base = madeRun(120, 1);
  const worse = madeRun(120, 2, { queries: 5, failing: 0.5, slower: { 'GET /search': 30 } });
  const same = madeRun(120, 3);

  test.each([
    'p95 < baseline + 10%',
    'p50[web/GET /search] < baseline + 5ms',
    'stddev[web/GET *] < baseline * 3',
    'error_ratio[cart/SELECT items] <= baseline + 5%',
    'avg(calls)[cart/SELECT items] <= baseline',
    'max(calls){ name = "SELECT items" } <= baseline',
    'p50(self){ name = "GET /search" } < baseline + 50%',
    'error_ratio{ name = "SELECT items" } <= baseline + 1%',
    'critical_share[web] <= baseline + 5%',
    'apdex(90ms) >= baseline',
    'errors[cart/*] <= baseline + 5',
    'count[cart/SELECT items] <= baseline * 1.5',
    'findings(* >= low) <= baseline',
    'new_findings(* >= low) == 0',
  ])('%s', (check) => {
    const [found] = comparedResults(base, worse, [check]);
    expect([found?.status, found?.evidence.length !== 0]).toEqual(['fail', true]);
    expect(comparedResults(base, same, [check])[0]?.status).toBe('pass');
  });

  test('calls between services', () => {
    const other = madeRun(120, 2, { slower: { 'GET /stock': 3 } });
    const check = 'p50[web -> stock] < baseline + 10%';
    expect(comparedResults(base, other, [check])[0]?.status).toBe('fail');
    expect(comparedResults(base, same, [check])[0]?.status).toBe('pass');
  });

  test('a difference that may be chance passes, one that nothing can tell is said so', () => {
    const check = 'p95 < baseline + 1%';
    expect(comparedResults(base, same, [check])[0]?.status).toBe('pass');
    const few = [base.slice(0, 4), madeRun(4, 9, { slower: { 'POST /charge': 3 } })] as const;
    expect(comparedResults(...few, [check])[0]).toMatchObject({
      status: 'insufficient-data',
      reason: 'too little data to tell',
    });
  });

  test('a factor is compared without asking about chance', () => {
    const few = [base.slice(0, 4), madeRun(4, 9, { slower: { 'POST /charge': 3 } })] as const;
    expect(comparedResults(...few, ['p95 < baseline * 1.01'])[0]?.status).toBe('fail');
  });

  test('durations and failures are known of any baseline, other measures of those saved with them', () => {
    const checks = [
      'p50[web/GET /search] < baseline + 5ms',
      'error_ratio[cart/SELECT items] <= baseline + 5%',
      'avg(calls)[cart/SELECT items] <= baseline',
    ];
    expect(
      comparedResults(base, worse, checks, []).map(({ status, reason }) => [status, reason]),
    ).toEqual([
      ['fail', 'beyond the limit'],
      ['fail', 'beyond the limit'],
      [
        'insufficient-data',
        'the baseline was saved without this check; save it again with the same checks',
      ],
    ]);
  });

  test('what the baseline has nothing of is open', () => {
    const audited = madeRun(120, 2, { audit: true });
    expect(comparedResults(base, audited, ['p95[audit] < baseline'])[0]).toMatchObject({
      status: 'insufficient-data',
      reason: 'the baseline has nothing of it',
    });
  });

  test('without one it fails, and is skipped if it may be', () => {
    expect(checkResults([shop], ['p95 < baseline + 10%'])[0]).toMatchObject({
      status: 'fail',
      reason: 'there is no baseline',
    });
    const optional = parseCheck('p95 < baseline + 10%', { isOptional: true });
    expect(checkResults([shop], [optional])[0]?.status).toBe('skipped');
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
