import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockInterval, distanceToZero } from '../../../src/analysis/findings/clock-interval.ts';
import { clockSkewRule } from '../../../src/analysis/findings/clock-skew-rule.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { CORPUS, corpusTest } from '../../helpers/corpus.ts';
import { findingsOf } from '../../helpers/findings-of.ts';
import { readDump } from '../../helpers/read-dump.ts';
import { resourceOf, type SpanParts } from '../../helpers/span-of.ts';
import { timedTrace } from '../../helpers/timed-trace.ts';
import { tracesOf } from '../../helpers/traces-of.ts';

const NS = 1e-6;

/** A client from 0 to 100 ms and its server of 60 ms, which starts `ahead` ms before it can. */
function skewed(aheadMs: number, traceId = '1', server: SpanParts = {}): Trace {
  return timedTrace(
    {
      c: { from: 0, to: 100, kind: 'client', service: 'web' },
      s: {
        parent: 'c',
        from: -aheadMs,
        to: 60 - aheadMs,
        kind: 'server',
        service: 'cart',
        ...server,
      },
    },
    traceId,
  );
}

test.each([
  [1 - NS, 0],
  [1, 0],
  [1 + NS, 1],
])('a server %f ms before its client proves a wrong clock beyond 1 ms', (ms, count) => {
  expect(findingsOf(clockSkewRule, [skewed(ms)])).toHaveLength(count);
});

test('a server after the end of its client proves a clock that is ahead', () => {
  const [found] = findingsOf(clockSkewRule, [skewed(-140)]);
  expect(found?.evidence).toMatchObject({ shiftFromNs: -140e6, shiftToNs: -100e6, steady: true });
  expect(found?.title).toBe('the clock of cart is 120 ms ahead of that of web');
  expect(found?.severity).toBe('medium');
});

test('all calls between two hosts narrow the offset down', () => {
  const [steady] = findingsOf(clockSkewRule, [skewed(50, '1'), skewed(30, '2')]);
  expect(steady?.evidence).toMatchObject({
    shiftFromNs: 50e6,
    shiftToNs: 70e6,
    errorBoundNs: 10e6,
  });
});

test('calls that no one offset explains are of clocks that drift', () => {
  const [found] = findingsOf(clockSkewRule, [skewed(50, '1'), skewed(-10, '2')]);
  expect(found?.evidence).toMatchObject({ calls: 2, skewedCalls: 1, shiftNs: null, steady: false });
  expect(found?.confidence).toBe(0.5);
});

test('spans of one host, and servers longer than their client, say nothing of clocks', () => {
  const host = { 'host.name': 'h1' };
  const sameHost = timedTrace({
    c: { from: 0, to: 100, kind: 'client', resource: resourceOf('web', host) },
    s: { parent: 'c', from: -30, to: 20, kind: 'server', resource: resourceOf('cart', host) },
  });
  const longer = timedTrace({
    c: { from: 0, to: 100, kind: 'client', service: 'web' },
    s: { parent: 'c', from: -30, to: 200, kind: 'server', service: 'cart' },
  });
  expect(findingsOf(clockSkewRule, [sameHost, longer])).toEqual([]);
});

test('times that the producer has moved already are told as such', () => {
  const origin = { ...longOrigin, warnings: ['clock skew adjustment disabled; not applying'] };
  const [found] = findingsOf(clockSkewRule, [skewed(30, '1', { origin })]);
  expect(found?.evidence).toMatchObject({ adjustedByProducer: true });
});

const longOrigin = {
  format: 'jaeger-json',
  traceIdRaw: null,
  spanIdRaw: null,
  parentSpanIdRaw: null,
  shared: false,
  debug: false,
};

test('any shift from the interval puts a server inside its client, and none outside does', () => {
  const time = fc.integer({ min: 0, max: 1000 });
  fc.assert(
    fc.property(
      time,
      time,
      time,
      time,
      fc.integer({ min: -2000, max: 2000 }),
      (a, b, c, d, shift) => {
        const client = { startNs: a, endNs: a + b };
        const server = { startNs: c, endNs: c + d };
        const { low, high } = clockInterval(client, server);
        const isInside = c + shift >= a && c + d + shift <= a + b;
        expect(isInside).toBe(shift >= low && shift <= high);
      },
    ),
  );
});

test.each([
  [-1, 1, 0],
  [3, 5, 3],
  [-5, -2, 2],
])('from %i to %i it is %i to zero', (low, high, distance) => {
  expect(distanceToZero({ low, high })).toBe(distance);
});

corpusTest.for(['skew', 'ui-skew'])(
  "Zipkin's %s.json: the server is 65.4 to 66.4 ms behind",
  async (name) => {
    const file = path.join(CORPUS ?? '', `traces/zipkin-v2/openzipkin_zipkin__${name}.json`);
    const found = findingsOf(clockSkewRule, tracesOf(await readDump(file)));
    expect(found).toHaveLength(1);
    expect(found[0]?.evidence).toMatchObject({
      shiftFromNs: 65_441_000,
      shiftToNs: 66_403_000,
      shiftNs: 65_922_000,
      errorBoundNs: 481_000,
    });
  },
);
