import { expect, test } from 'vitest';
import { childOutsideParentRule } from '../../../src/analysis/findings/child-outside-parent-rule.ts';
import { connectionQueueingRule } from '../../../src/analysis/findings/connection-queueing-rule.ts';
import { gapRule } from '../../../src/analysis/findings/gap-rule.ts';
import { serverOutlivesClientRule } from '../../../src/analysis/findings/server-outlives-client-rule.ts';
import { timeoutRule } from '../../../src/analysis/findings/timeout-rule.ts';
import { uninstrumentedLeafRule } from '../../../src/analysis/findings/uninstrumented-leaf-rule.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { findingsOf } from '../../helpers/findings-of.ts';
import { resourceOf } from '../../helpers/span-of.ts';
import { type TimedParts, timedTrace } from '../../helpers/timed-trace.ts';

/** One nanosecond in milliseconds. */
const NS = 1e-6;

function gapTrace(gapMs: number, traceMs = gapMs + 100): Trace {
  return timedTrace({
    R: { from: 0, to: traceMs },
    a: { parent: 'R', from: 0, to: 50 },
    b: { parent: 'R', from: 50 + gapMs, to: traceMs },
  });
}

test.each([
  [100 - NS, 0],
  [100, 1],
  [100 + NS, 1],
])('a gap of %f ms between children is found from 100 ms on', (gapMs, count) => {
  expect(findingsOf(gapRule, [gapTrace(gapMs)])).toHaveLength(count);
});

test.each([
  [200 - NS, 0],
  [200, 1],
  [200 + NS, 1],
])('a gap of %f ms in a trace of one second is found from a fifth of it on', (gapMs, count) => {
  expect(findingsOf(gapRule, [gapTrace(gapMs, 1000)])).toHaveLength(count);
});

test('a gap is told by its place, and parallel children leave none', () => {
  const trace = timedTrace({
    R: { from: 0, to: 1000 },
    a: { parent: 'R', from: 300, to: 600 },
    b: { parent: 'R', from: 400, to: 500 },
  });
  const found = findingsOf(gapRule, [trace]);
  expect(found.map(({ evidence }) => [evidence['where'], evidence['lengthNs']])).toEqual([
    ['after the last child', 400e6],
    ['before the first child', 300e6],
  ]);
  expect(found[0]?.evidence).toMatchObject({ before: 'a', after: null, selfShare: 0.7 });
});

test('a client has no gaps: its time is that of the network and the server', () => {
  const trace = timedTrace({
    R: { from: 0, to: 1000, kind: 'client' },
    a: { parent: 'R', from: 500, to: 600 },
  });
  expect(findingsOf(gapRule, [trace])).toEqual([]);
});

test.each([
  [100 - NS, 0],
  [100, 1],
  [100 + NS, 1],
])('a leaf of %f ms is opaque from 100 ms on', (leafMs, count) => {
  const trace = timedTrace({
    R: { from: 0, to: 200 },
    a: { parent: 'R', from: 10, to: 10 + leafMs },
  });
  expect(findingsOf(uninstrumentedLeafRule, [trace])).toHaveLength(count);
});

test.each([
  ['a client', { kind: 'client' as const }],
  ['a call to a database', { attributes: { 'db.system.name': 'redis' } }],
])('%s without children is no opaque leaf', (_, parts) => {
  const trace = timedTrace({
    R: { from: 0, to: 500 },
    a: { parent: 'R', from: 0, to: 400, ...parts },
  });
  expect(findingsOf(uninstrumentedLeafRule, [trace])).toEqual([]);
});

test('a trace of one span is not opaque: it is all there is', () => {
  expect(findingsOf(uninstrumentedLeafRule, [timedTrace({ R: { from: 0, to: 500 } })])).toEqual([]);
});

function failedCall(ms: number, parts: Partial<TimedParts> = {}, traceId = '1'): Trace {
  return timedTrace(
    {
      R: { from: 0, to: ms + 10 },
      c: { parent: 'R', from: 5, to: 5 + ms, kind: 'client', statusCode: 'error', ...parts },
    },
    traceId,
  );
}

test.each([
  [2000 - NS, 0],
  [2000, 1],
  [2020, 1],
  [2020 + NS, 0],
])('a failed call of %f ms looks like a limit of 2 s', (ms, count) => {
  const found = findingsOf(timeoutRule, [failedCall(ms)]);
  expect(found.map(({ confidence }) => confidence)).toEqual(Array(count).fill(0.4));
});

test.each([
  [2, 0.4],
  [3, 0.8],
  [4, 0.8],
])('%i failed calls of one operation with one limit have confidence %f', (times, confidence) => {
  const traces = Array.from({ length: times }, (_, i) => failedCall(2001 + i, {}, `${i + 1}`));
  const found = findingsOf(timeoutRule, traces);
  expect(found.map((finding) => [finding.traces, finding.confidence])).toEqual([
    [times, confidence],
  ]);
});

test.each([
  ['a status message', { statusMessage: 'context deadline exceeded' }],
  ['an error type', { attributes: { 'error.type': 'ETIMEDOUT' } }],
  ["gRPC's status", { attributes: { 'rpc.grpc.status_code': 4n } }],
])('%s says that time ran out', (_, parts) => {
  expect(findingsOf(timeoutRule, [failedCall(7, parts)]).map((f) => f.confidence)).toEqual([0.9]);
});

test('a call that succeeds has not timed out, whatever it takes', () => {
  expect(findingsOf(timeoutRule, [failedCall(2000, { statusCode: 'unset' })])).toEqual([]);
});

test.each([
  [1500, 0],
  [2000, 1],
  [2500, 1],
])('a call of %i ms that times out inside one of 2 s gave up too late', (innerMs, count) => {
  const timedOut = { kind: 'client', statusCode: 'error', statusMessage: 'timeout' } as const;
  const trace = timedTrace({
    a: { from: 0, to: 2000, ...timedOut },
    s: { parent: 'a', from: 1, to: 3000, kind: 'server' },
    b: { parent: 's', from: 2, to: 2 + innerMs, ...timedOut },
  });
  const rules = findingsOf(timeoutRule, [trace]).map(({ rule }) => rule);
  expect(rules.filter((rule) => rule === 'nested-deadlines')).toHaveLength(count);
});

test.each([
  [0.002 - NS, 0],
  [0.002, 1],
  [0.002 + NS, 1],
])('a server that is longer than its client and ends %f ms after it outlives it', (ms, count) => {
  const trace = timedTrace({
    c: { from: 0, to: 100, kind: 'client' },
    s: { parent: 'c', from: 0, to: 100 + ms, kind: 'server', service: 'other' },
  });
  expect(findingsOf(serverOutlivesClientRule, [trace])).toHaveLength(count);
});

test('a server that fits into its client on another clock does not outlive it', () => {
  const trace = timedTrace({
    c: { from: 0, to: 100, kind: 'client' },
    s: { parent: 'c', from: 50, to: 140, kind: 'server', service: 'other' },
  });
  expect(findingsOf(serverOutlivesClientRule, [trace])).toEqual([]);
});

test('a client whose deadline passed proves that its server worked on for nobody', () => {
  const trace = timedTrace({
    c: { from: 0, to: 100, kind: 'client', statusCode: 'error', statusMessage: 'deadline' },
    s: { parent: 'c', from: 1, to: 300, kind: 'server', service: 'other' },
  });
  const [found] = findingsOf(serverOutlivesClientRule, [trace]);
  expect(found).toMatchObject({ severity: 'medium', confidence: 0.9 });
  expect(found?.evidence).toMatchObject({ endsAfterNs: 200e6, serverSucceeded: true });
});

test.each([
  [1, 'late', []],
  [1 + NS, 'late', ['info']],
  [1, 'early', []],
  [1 + NS, 'early', ['low']],
])('a child %f ms too %s lies outside its parent', (ms, side, severities) => {
  const [early, late] = side === 'early' ? [ms, 0] : [0, ms];
  const trace = timedTrace({
    R: { from: 10, to: 20 },
    a: { parent: 'R', from: 10 - early, to: 20 + late },
  });
  expect(findingsOf(childOutsideParentRule, [trace]).map((f) => f.severity)).toEqual(severities);
});

test('a child on another clock, or that only follows, is not outside', () => {
  const elsewhere = { resource: resourceOf('other') };
  const trace = timedTrace({
    R: { from: 0, to: 20, kind: 'producer' },
    a: { parent: 'R', from: 0, to: 90, ...elsewhere },
    b: { parent: 'R', from: 30, to: 90, kind: 'consumer' },
  });
  expect(findingsOf(childOutsideParentRule, [trace])).toEqual([]);
});

function burst(concurrent: number, delayMs: number): Trace {
  const spans: Record<string, TimedParts> = { R: { from: 0, to: 2000 } };
  for (let i = 0; i < concurrent; i++) {
    const attributes = { 'network.protocol.version': '1.1', 'url.full': 'http://shop.example/a' };
    const isLast = i === concurrent - 1;
    spans[`c${i}`] = { parent: 'R', from: 10, to: 1500, kind: 'client', attributes };
    spans[`s${i}`] = {
      parent: `c${i}`,
      from: isLast ? 10 + delayMs : 20,
      to: 1400,
      kind: 'server',
      service: 'shop',
    };
  }
  return timedTrace(spans);
}

test.each([
  [5, 600, 0],
  [6, 600, 1],
  [7, 600, 1],
  [6, 500, 0],
  [6, 500 + NS, 1],
])('%i open calls of which one is served after %f ms', (concurrent, delayMs, count) => {
  expect(findingsOf(connectionQueueingRule, [burst(concurrent, delayMs)])).toHaveLength(count);
});
