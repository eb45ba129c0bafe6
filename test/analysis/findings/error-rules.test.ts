import { expect, test } from 'vitest';
import { errorStatusRules } from '../../../src/analysis/findings/error-status-rules.ts';
import { errorSwallowedRule } from '../../../src/analysis/findings/error-swallowed-rule.ts';
import { unmarkedErrorsRule } from '../../../src/analysis/findings/unmarked-errors-rule.ts';
import type { SpanEvent } from '../../../src/model/span.ts';
import { unixNano } from '../../../src/model/time.ts';
import { drawnTrace } from '../../helpers/drawn-trace.ts';
import { findingsOf } from '../../helpers/findings-of.ts';
import type { SpanParts } from '../../helpers/span-of.ts';

const CALL = `
  R   [------------)
    c  [---)
      s [-)
    d       [---)
`;

const FAILED = { statusCode: 'error' } as const;
const SERVER = { kind: 'server', service: 'pay' } as const;

function swallowed(details: Readonly<Record<string, SpanParts>>): unknown[] {
  const trace = drawnTrace(CALL, {
    c: { kind: 'client' },
    d: { kind: 'client' },
    s: SERVER,
    ...details,
  });
  return findingsOf(errorSwallowedRule, [trace]).map(({ severity, evidence }) => [
    severity,
    evidence['fallback'],
  ]);
}

test('a server error under a client that reports success is the worst that can be swallowed', () => {
  expect(swallowed({ s: { ...SERVER, ...FAILED } })).toEqual([['high', null]]);
});

test('an error that a caller survives is swallowed, and what it did instead is named', () => {
  expect(swallowed({ c: { kind: 'client', ...FAILED } })).toEqual([['medium', 'd']]);
});

test('an error that a retry made good is no more than a note', () => {
  const call = { kind: 'client', name: 'charge' } as const;
  expect(swallowed({ c: { ...call, ...FAILED }, d: call })).toEqual([['info', 'charge']]);
});

test('an error that reaches the root, and one of a consumer, are not swallowed', () => {
  expect(swallowed({ c: { kind: 'client', ...FAILED }, R: FAILED })).toEqual([]);
  expect(swallowed({ c: { kind: 'producer' }, s: { kind: 'consumer', ...FAILED } })).toEqual([]);
});

const EXCEPTION: SpanEvent = {
  timeUnixNano: unixNano(1n),
  name: 'exception',
  attributes: new Map([['exception.type', 'IOError']]),
  droppedAttributes: 0,
};
const ESCAPED: SpanEvent = {
  ...EXCEPTION,
  attributes: new Map([['exception.escaped', true]]),
};

test.each<[string, SpanParts, readonly string[]]>([
  ['an exception on a span without status', { events: [EXCEPTION] }, ['exception-not-error']],
  ['an exception on a failed span', { events: [EXCEPTION], ...FAILED }, []],
  [
    'an exception that left a span with OK',
    { events: [ESCAPED], statusCode: 'ok' },
    ['ok-but-failed'],
  ],
  ['an exception that was handled', { events: [EXCEPTION], statusCode: 'ok' }, []],
  ['a failure without a word', FAILED, ['error-without-detail']],
  ['a failure with a message', { ...FAILED, statusMessage: 'no' }, []],
  ['a failure with a code', { ...FAILED, attributes: { 'rpc.grpc.status_code': 2n } }, []],
  ['HTTP 499', { attributes: { 'http.response.status_code': 499n } }, []],
  ['HTTP 500', { attributes: { 'http.response.status_code': 500n } }, ['http5xx-not-error']],
  ['HTTP 501', { attributes: { 'http.status_code': '501' } }, ['http5xx-not-error']],
  ['HTTP 500 of a failed span', { ...FAILED, attributes: { 'http.status_code': 500n } }, []],
  ['HTTP 399 at a client', { kind: 'client', attributes: { 'http.status_code': 399n } }, []],
  [
    'HTTP 400 at a client',
    { kind: 'client', attributes: { 'http.status_code': 400n } },
    ['http4xx-on-client'],
  ],
  ['HTTP 400 at a server', { kind: 'server', attributes: { 'http.status_code': 400n } }, []],
])('%s', (_, parts, rules) => {
  const trace = drawnTrace('R [--)', { R: parts });
  const found = errorStatusRules.flatMap((rule) => findingsOf(rule, [trace]));
  expect(found.map(({ rule }) => rule)).toEqual(rules);
});

test('spans of one operation are one finding that counts them', () => {
  const trace = drawnTrace('R [----)\n  a [)\n  b  [)', {
    a: { name: 'get', ...FAILED },
    b: { name: 'get', ...FAILED },
  });
  const found = errorStatusRules.flatMap((rule) => findingsOf(rule, [trace]));
  expect(found.map(({ operation, count }) => [operation, count])).toEqual([['get', 2]]);
});

test('unmarked errors count what inferring them would add', () => {
  const trace = drawnTrace(CALL, {
    R: FAILED,
    c: { kind: 'client', attributes: { 'http.status_code': 404n } },
    s: { ...SERVER, attributes: { 'http.status_code': 404n } },
    d: { kind: 'client', attributes: { 'rpc.grpc.status_code': 14n } },
  });
  const [found] = findingsOf(unmarkedErrorsRule, [trace]);
  expect(found).toMatchObject({ severity: 'info', count: 2 });
  expect(found?.evidence).toEqual({ unmarked: 2, marked: 1, byKind: { client: 2 } });
  expect(findingsOf(unmarkedErrorsRule, [trace], { minSpans: 3 })).toEqual([]);
});
