import { describe, expect, test } from 'vitest';
import { buildTrace } from '../../../src/analysis/build-trace.ts';
import { callCycleRule } from '../../../src/analysis/findings/call-cycle-rule.ts';
import { chattyRule } from '../../../src/analysis/findings/chatty-rule.ts';
import { detect } from '../../../src/analysis/findings/detect.ts';
import { duplicateCallRule } from '../../../src/analysis/findings/duplicate-call-rule.ts';
import { fanOutImbalanceRule } from '../../../src/analysis/findings/fan-out-imbalance-rule.ts';
import type { Finding } from '../../../src/analysis/findings/finding.ts';
import type { FindingRule } from '../../../src/analysis/findings/finding-rule.ts';
import { largePayloadRule } from '../../../src/analysis/findings/large-payload-rule.ts';
import { nPlusOneRule } from '../../../src/analysis/findings/n-plus-one-rule.ts';
import { retryRule } from '../../../src/analysis/findings/retry-rule.ts';
import { RULES } from '../../../src/analysis/findings/rules.ts';
import { sequentialFanOutRule } from '../../../src/analysis/findings/sequential-fan-out-rule.ts';
import { slowDbRule } from '../../../src/analysis/findings/slow-db-rule.ts';
import type { Span } from '../../../src/model/span.ts';
import { findingsOf } from '../../helpers/findings-of.ts';
import { LARGE_SHAPES, largeSpans } from '../../helpers/large-spans.ts';
import { type SpanParts, spanIdOf, spanOf } from '../../helpers/span-of.ts';

const START = 1_700_000_000_000_000_000n;
const MS = 1_000_000;

/** A call of the root: `[from, to)` in milliseconds. */
interface CallParts extends SpanParts {
  readonly from: number;
  readonly to: number;
}

/** A root of `lengthMs` milliseconds in service `shop` and its calls. */
function spansWith(lengthMs: number, calls: readonly CallParts[]): Span[] {
  const root = spanOf({
    service: 'shop',
    kind: 'server',
    startUnixNano: START,
    durationNs: lengthMs * MS,
  });
  return [
    root,
    ...calls.map(({ from, to, ...parts }, i) =>
      spanOf({
        service: 'shop',
        kind: 'client',
        spanId: spanIdOf((i + 2).toString(16)),
        parentSpanId: root.spanId,
        startUnixNano: START + BigInt(Math.round(from * MS)),
        durationNs: Math.round((to - from) * MS),
        ...parts,
      }),
    ),
  ];
}

function rulesIn(rule: FindingRule, spans: readonly Span[]): string[] {
  return findingsOf(rule, [buildTrace(spans)]).map((finding) => finding.rule);
}

function firstOf(rule: FindingRule, spans: readonly Span[]): Finding | undefined {
  return findingsOf(rule, [buildTrace(spans)])[0];
}

/** `count` queries of one statement, each `eachMs` long and `stepMs` after the one before, for other values unless `value` says which. */
function queries(
  count: number,
  eachMs: number,
  stepMs = eachMs,
  value: number | null = null,
): CallParts[] {
  return Array.from({ length: count }, (_, i) => ({
    from: i * stepMs,
    to: i * stepMs + eachMs,
    name: 'SELECT items',
    attributes: {
      'db.system.name': 'postgresql',
      'db.query.text': `SELECT * FROM items WHERE id = ${value ?? i}`,
    },
  }));
}

describe('n-plus-one', () => {
  test.each([
    ['4 calls are too few', 4, 20, []],
    ['5 calls are enough', 5, 20, ['n-plus-one']],
    ['49.95 ms in all, a small share, is too short', 5, 9.99, []],
    ['50 ms in all is long enough', 5, 10, ['n-plus-one']],
  ])('%s', (_, count, eachMs, expected) => {
    expect(rulesIn(nPlusOneRule, spansWith(1000, queries(count, eachMs)))).toEqual(expected);
  });

  test('a fifth of a short caller is enough from 5 ms on', () => {
    expect(rulesIn(nPlusOneRule, spansWith(25, queries(5, 1)))).toEqual(['n-plus-one']);
    expect(rulesIn(nPlusOneRule, spansWith(26, queries(5, 1)))).toEqual([]);
    expect(rulesIn(nPlusOneRule, spansWith(10, queries(5, 0.9)))).toEqual([]);
  });

  test('calls at once are one from 20 on, a step less severe', () => {
    expect(rulesIn(nPlusOneRule, spansWith(400, queries(19, 20, 1)))).toEqual([]);
    expect(rulesIn(nPlusOneRule, spansWith(400, queries(20, 20, 1)))).toEqual([
      'n-plus-one-concurrent',
    ]);
  });

  test('equal values are no N+1, placeholders may hide different ones', () => {
    expect(rulesIn(nPlusOneRule, spansWith(100, queries(5, 20, 20, 7)))).toEqual([]);
    const prepared = queries(5, 20).map((call) => ({
      ...call,
      attributes: {
        'db.system.name': 'mysql',
        'db.query.text': 'SELECT * FROM items WHERE id = ?',
      },
    }));
    expect(rulesIn(nPlusOneRule, spansWith(100, prepared))).toEqual(['n-plus-one']);
    expect(rulesIn(duplicateCallRule, spansWith(100, prepared))).toEqual([]);
  });

  test('retries are none', () => {
    const failing = queries(6, 20).map((call, i) => ({
      ...call,
      statusCode: i < 5 ? ('error' as const) : ('ok' as const),
    }));
    expect(rulesIn(nPlusOneRule, spansWith(200, failing))).toEqual([]);
  });

  test('what is saved is all but the longest call', () => {
    expect(firstOf(nPlusOneRule, spansWith(100, queries(5, 20)))).toMatchObject({
      count: 5,
      severity: 'high',
      confidence: 0.9,
      impactNs: { max: 80 * MS },
      evidence: { sequentialPairs: 4, pairs: 4 },
    });
  });

  test.each([
    [2, []],
    [3, ['n-plus-one']],
  ])('a query and a call, %i times', (times, expected) => {
    const calls = Array.from({ length: times }, (_, i) => [
      {
        ...queries(1, 10)[0],
        from: i * 30,
        to: i * 30 + 10,
        attributes: { 'db.system.name': 'x', 'db.query.text': `select a where id = ${i}` },
      },
      { from: i * 30 + 10, to: i * 30 + 30, name: 'price', attributes: { 'rpc.system': 'grpc' } },
    ]).flat();
    expect(rulesIn(nPlusOneRule, spansWith(100, calls))).toEqual(expected);
  });
});

describe('retry', () => {
  /** Attempts at one call 10 ms long with 10 ms between; all but the last failed. */
  function attempts(count: number): CallParts[] {
    return Array.from({ length: count }, (_, i) => ({
      from: i * 20,
      to: i * 20 + 10,
      name: 'charge',
      statusCode: i < count - 1 ? 'error' : 'ok',
    }));
  }

  test.each([
    [1, []],
    [2, ['retry', 'error-masked-by-retry']],
    [3, ['retry', 'error-masked-by-retry']],
    [4, ['retry-storm', 'error-masked-by-retry']],
  ])('%i attempts', (count, expected) => {
    expect(rulesIn(retryRule, spansWith(100, attempts(count)))).toEqual(expected);
  });

  test('failed attempts and waits are wasted', () => {
    expect(firstOf(retryRule, spansWith(100, attempts(3)))).toMatchObject({
      count: 3,
      impactNs: { max: 40 * MS },
      evidence: { backOff: 'constant', finalOk: true, failedAttempts: 2 },
    });
  });

  test('a call after 60 s is a new one', () => {
    const late = (from: number): CallParts[] => [
      { from: 0, to: 10, name: 'charge', statusCode: 'error' },
      { from, to: from + 10, name: 'charge' },
    ];
    expect(rulesIn(retryRule, spansWith(70_000, late(60_010)))).toContain('retry');
    expect(rulesIn(retryRule, spansWith(70_000, late(60_011)))).toEqual([]);
  });

  test('a client whose server was asked twice', () => {
    const [root, client] = spansWith(100, [{ from: 0, to: 90, name: 'get' }]);
    if (!root || !client) throw new RangeError('no spans');
    const server = (id: string, fromMs: number, parts: SpanParts) =>
      spanOf({
        service: 'stock',
        kind: 'server',
        name: 'get',
        spanId: id,
        parentSpanId: client.spanId,
        startUnixNano: START + BigInt(fromMs * MS),
        durationNs: 20 * MS,
        ...parts,
      });
    const spans = [root, client, server('a', 10, { statusCode: 'error' }), server('b', 40, {})];
    expect(firstOf(retryRule, spans)).toMatchObject({
      rule: 'retry',
      evidence: { where: 'below client' },
    });
  });
});

describe('sequential-fan-out', () => {
  const calls = (count: number, eachMs: number, pauseMs = 0): CallParts[] =>
    Array.from({ length: count }, (_, i) => ({
      from: i * (eachMs + pauseMs),
      to: i * (eachMs + pauseMs) + eachMs,
      name: `step-${'abcdefgh'[i]}`,
    }));

  test.each([
    ['2 calls are too few', calls(2, 200), []],
    ['3 calls are enough', calls(3, 60), ['sequential-fan-out']],
    ['99.98 ms saved are too little', calls(3, 49.99), []],
    ['100 ms saved are enough', calls(3, 50), ['sequential-fan-out']],
    ['pauses of 10 ms', calls(3, 60, 10), ['sequential-fan-out']],
    ['pauses of 11 ms', calls(3, 60, 11), []],
  ])('%s', (_, made, expected) => {
    expect(rulesIn(sequentialFanOutRule, spansWith(450, made))).toEqual(expected);
  });

  test('less than a fifth of the caller is too little', () => {
    expect(rulesIn(sequentialFanOutRule, spansWith(500, calls(3, 50)))).toEqual([
      'sequential-fan-out',
    ]);
    expect(rulesIn(sequentialFanOutRule, spansWith(501, calls(3, 50)))).toEqual([]);
  });
});

describe('duplicate-call', () => {
  const wrote = (from: number, table: string): CallParts => ({
    from,
    to: from + 1,
    name: 'UPDATE',
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': `UPDATE ${table} SET a = 1` },
  });

  test.each([
    ['19.99 ms wasted are too little', queries(2, 19.99, 30, 7), []],
    ['20 ms wasted are enough', queries(2, 20, 30, 7), ['duplicate-call']],
    ['9 short ones', queries(9, 0.1, 1, 7), []],
    ['10 short ones', queries(10, 0.1, 1, 7), ['duplicate-call']],
    ['a write to the table in between', [...queries(2, 20, 30, 7), wrote(25, 'items')], []],
    [
      'a write to another table in between',
      [...queries(2, 20, 30, 7), wrote(25, 'users')],
      ['duplicate-call'],
    ],
  ])('%s', (_, calls, expected) => {
    expect(rulesIn(duplicateCallRule, spansWith(100, calls))).toEqual(expected);
  });

  test('a bare host is not a URL that can be compared', () => {
    const calls = queries(10, 5).map((call) => ({
      ...call,
      attributes: { 'http.method': 'GET', 'http.url': '0.0.0.0:8083' },
    }));
    expect(rulesIn(duplicateCallRule, spansWith(100, calls))).toEqual([]);
  });
});

test.each([
  [9, []],
  [10, ['chatty']],
])('%i calls of one span to a service', (count, expected) => {
  const calls = queries(count, 20, 1).map((call) => ({
    ...call,
    attributes: { 'peer.service': 'stock' },
  }));
  expect(rulesIn(chattyRule, spansWith(100, calls))).toEqual(expected);
});

test.each([
  [499, []],
  [500, ['slow-db']],
])('a query of %i ms', (ms, expected) => {
  expect(rulesIn(slowDbRule, spansWith(1000, queries(1, ms)))).toEqual(expected);
});

test.each([
  [300_000n, 100, []],
  [300_001n, 100, ['large-payload']],
  [300_001n, 99.9, []],
])('a response of %i bytes in %d ms', (bytes, ms, expected) => {
  const call = { from: 0, to: ms, attributes: { 'http.response.body.size': bytes } };
  expect(rulesIn(largePayloadRule, spansWith(1000, [call]))).toEqual(expected);
});

test.each([
  ['ab', []],
  ['aba', []],
  ['abab', ['call-cycle']],
  ['ababab', ['call-cycle']],
])('a chain of services %s', (chain, expected) => {
  const spans = Array.from(chain, (service, i) =>
    spanOf({
      service,
      kind: 'server',
      spanId: spanIdOf(String(i + 1)),
      parentSpanId: i === 0 ? null : spanIdOf(String(i)),
    }),
  );
  expect(rulesIn(callCycleRule, spans)).toEqual(expected);
});

test.each([
  [49, []],
  [50, ['fan-out-imbalance']],
])('two calls of 10 ms beside one of %i ms', (ms, expected) => {
  const calls = [10, 10, ms].map((to) => ({ from: 0, to, name: 'search' }));
  expect(rulesIn(fanOutImbalanceRule, spansWith(100, calls))).toEqual(expected);
});

test('a fingerprint knows neither times nor ids, and one problem of two traces is one finding', () => {
  const trace = (id: string, scale: number) =>
    buildTrace(
      spansWith(200 * scale, queries(5, 20 * scale)).map((span) => ({
        ...span,
        traceId: spanOf({ traceId: id }).traceId,
      })),
    );
  const found = findingsOf(nPlusOneRule, [trace('a', 1), trace('b', 3)]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    traces: 2,
    tracesShare: 1,
    impactNs: { median: 80 * MS, max: 240 * MS },
  });
  expect(findingsOf(nPlusOneRule, [trace('a', 1)])[0]?.fingerprint).toBe(found[0]?.fingerprint);
});

test('the order of spans does not matter', () => {
  const spans = spansWith(200, queries(6, 20));
  const found = findingsOf(nPlusOneRule, [buildTrace(spans)]);
  expect(findingsOf(nPlusOneRule, [buildTrace(spans.toReversed())])).toEqual(found);
});

test('unknown rules and thresholds are named', () => {
  expect(() => detect(RULES, { only: ['n-plus-two'] })).toThrow('"n-plus-two" is not a rule');
  expect(() => detect(RULES, { params: { 'n-plus-one.most': 3 } })).toThrow('no threshold "most"');
});

const OWN = [
  nPlusOneRule,
  retryRule,
  sequentialFanOutRule,
  duplicateCallRule,
  chattyRule,
  slowDbRule,
  largePayloadRule,
  callCycleRule,
  fanOutImbalanceRule,
];

test.each(Object.keys(LARGE_SHAPES) as (keyof typeof LARGE_SHAPES)[])(
  '100,000 spans %s in seconds',
  (shape) => {
    const spans = largeSpans(shape, 100_000).map((span) => ({
      ...span,
      kind: 'client' as const,
      name: 'get',
    }));
    const trace = buildTrace(spans);
    const before = performance.now();
    const found = detect(OWN);
    found.add(trace);
    found.result();
    expect(performance.now() - before).toBeLessThan(8_000);
  },
  60_000,
);
