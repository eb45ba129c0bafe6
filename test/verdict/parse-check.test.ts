import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/user-error.ts';
import { parseCheck } from '../../src/verdict/parse-check.ts';

const requests = { kind: 'requests' };
const percentile = (text: string, field = 'duration') => ({
  kind: 'statistic',
  statistic: { kind: 'percentile', text },
  field,
});
const value = (amount: number) => ({ kind: 'value', value: amount });

test.each([
  ['p95 < 200ms', { measure: percentile('p95'), scope: requests, limit: value(200e6) }],
  ['p(99.9)<500', { measure: percentile('p99.9'), comparator: '<', limit: value(500e6) }],
  ['med(self) <= 1.5s', { measure: percentile('p50', 'self'), limit: value(1.5e9) }],
  [
    'p95[cart/GET *] < 1m30s',
    { scope: { kind: 'service', service: 'cart', name: 'GET *' }, limit: value(90e9) },
  ],
  ['p95[cart] < 1µs', { scope: { kind: 'service', service: 'cart', name: null } }],
  [
    'p95[checkout/POST /order] < 1s',
    { scope: { kind: 'service', service: 'checkout', name: 'POST /order' } },
  ],
  [
    'error_rate[cart] < 1%',
    { measure: { kind: 'count', count: 'error_ratio' }, limit: value(0.01) },
  ],
  ['error_ratio < 0.01', { limit: value(0.01) }],
  ['max(calls)[db/*] <= 10', { measure: { kind: 'statistic', field: 'calls' }, limit: value(10) }],
  ['critical_share[cart] < 30%', { measure: { kind: 'count', count: 'critical_share' } }],
  ['apdex(300ms)[web] >= 0.9', { measure: { kind: 'apdex', targetNs: 300e6 }, limit: value(0.9) }],
  [
    'count[web -> database:*] == 0',
    { scope: { kind: 'edge', source: 'web', target: 'database:*' }, limit: value(0) },
  ],
  [
    'none [web -> billing]',
    { measure: { kind: 'matches', condition: null }, comparator: '==', limit: value(0) },
  ],
  ['at most 3 [cart/SELECT *]', { comparator: '<=', limit: value(3) }],
  ['exactly 2 [cart/SELECT *]', { comparator: '==', limit: value(2) }],
  [
    'every [cart/*] : duration < 1s',
    {
      measure: {
        kind: 'matches',
        condition: {
          terms: [{ kind: 'amount', field: 'duration', comparator: '<', value: 1e9 }],
          counts: 'unsatisfied',
        },
      },
      comparator: '==',
    },
  ],
  [
    'findings(n-plus-one >= medium)[shop] == 0',
    { measure: { kind: 'findings', rule: 'n-plus-one', atLeast: 'medium', isNew: false } },
  ],
  ['new_findings(*) == 0', { measure: { kind: 'findings', rule: '*', isNew: true } }],
  ['orphan_ratio <= 5%', { measure: { kind: 'quality', quality: 'orphan_ratio' } }],
  [
    'p99[web] < baseline + 10%',
    { limit: { kind: 'baseline', factor: 1.1, addend: 0, isTested: true } },
  ],
  ['p(95) === 500', { comparator: '==', limit: value(500e6) }],
  ['critical_share[web] < 30%', { scope: { kind: 'service', service: 'web', name: '*' } }],
  [
    'p95(span.http.response.body.size)[web] < 5000',
    {
      measure: { kind: 'statistic', field: { of: 'span', key: 'http.response.body.size' } },
      limit: value(5000),
    },
  ],
  ['p99 < baseline*1.5', { limit: { kind: 'baseline', factor: 1.5, addend: 0, isTested: false } }],
  ['p99 < baseline + 5ms', { limit: { kind: 'baseline', factor: 1, addend: 5e6, isTested: true } }],
  [
    'error_rate <= baseline + 1%',
    { limit: { kind: 'baseline', factor: 1, addend: 0.01, isTested: true } },
  ],
  [
    'p95{ resource.service.name="a}b" && kind=server } < 1s',
    { scope: { kind: 'query', text: '{ resource.service.name="a}b" && kind=server }' } },
  ],
  [
    'none { kind=server } >> { name="x" }',
    { scope: { kind: 'query', text: '{ kind=server } >> { name="x" }' } },
  ],
  ['warn: p95 < 1s', { level: 'warn', id: 'warn: p95 < 1s' }],
  ['error: slow.carts = p95 < 1s', { level: 'error', id: 'slow.carts' }],
])('%s', (expr, expected) => {
  expect(parseCheck(expr)).toMatchObject(expected);
});

describe('what is wrong is pointed at', () => {
  const failure = (expr: string): UserError => {
    try {
      parseCheck(expr);
    } catch (error) {
      if (error instanceof UserError) return error;
    }
    throw new Error(`${expr} was read`);
  };

  test.each([
    ['p95[cart < 1s', 4, '"[" is never closed', null],
    ['p95{ name="x" < 1s', 4, '"{" is never closed', null],
    [
      'error_rat < 1%',
      1,
      '"error_rat" is not something that can be measured',
      'did you mean "error_rate"?',
    ],
    ['p95(sellf) < 1s', 5, '"sellf" is not a field', 'did you mean "self"?'],
    ['p95 1s', 5, 'expected one of <= >= == != < >', null],
    ['p95 < ', 7, 'expected a duration like 200ms', null],
    ['p95 < 5%', 7, 'a percentage cannot be compared with this', null],
    ['error_rate < 5ms', 14, 'a duration cannot be compared with this', null],
    ['p101 < 5ms', 1, '"p101" is not a percentile', 'p0 to p100, e.g. p99.9'],
    ['p95 < 5ms or so', 11, 'nothing is expected after this', null],
    ['findings(n-plus-on) == 0', 10, '"n-plus-on" is not a rule', 'did you mean "n-plus-one"?'],
    ['findings(* >= hihg) == 0', 15, '"hihg" is not a severity', 'did you mean "high"?'],
    ['orphan_ratio[cart] < 5%', 19, 'orphan_ratio is of all data and takes no scope', null],
    [
      'max(self)[a -> b] < 1s',
      18,
      'this cannot be measured of the calls between two services',
      null,
    ],
    ['every [cart]', 13, 'expected ": " and what every span has to satisfy', null],
    [
      'new_findings(*) < baseline',
      19,
      'new findings are those that the baseline does not have already',
      'compare their number with a value, or that of all findings(…) with the baseline',
    ],
    [
      'every [cart] : self < 1s || status = error',
      16,
      'self and children are joined with other terms by && alone',
      null,
    ],
    [
      'none [a -> b] : status = error',
      17,
      'of the calls between two services only the duration is known',
      null,
    ],
    ['every trace |', 14, 'expected a pipeline like { kind = client } | count() <= 10', null],
  ])('%s', (expr, column, problem, fix) => {
    const { kind, what, where, fix: found } = failure(expr);
    expect([kind, what, found]).toEqual(['usage', `cannot read the check: ${problem}`, fix]);
    expect(where[1]).toContain(`column ${column}`);
  });
});
