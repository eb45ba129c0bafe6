import { expect, test } from 'vitest';
import { latencyModeRule } from '../../../src/analysis/findings/latency-mode-rule.ts';
import { outlierInstanceRule } from '../../../src/analysis/findings/outlier-instance-rule.ts';
import { queueLagRule } from '../../../src/analysis/findings/queue-lag-rule.ts';
import { slowStartRule } from '../../../src/analysis/findings/slow-start-rule.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { findingsOf } from '../../helpers/findings-of.ts';
import { resourceOf, type SpanParts } from '../../helpers/span-of.ts';
import { timedTrace } from '../../helpers/timed-trace.ts';

const NS = 1e-6;

/** One trace a call, ten seconds apart, of the durations in milliseconds. */
function calls(durationsMs: readonly number[], parts: SpanParts = {}, firstId = 1): Trace[] {
  return durationsMs.map((ms, i) =>
    timedTrace(
      { R: { from: i * 10_000, to: i * 10_000 + ms, kind: 'server', name: 'op', ...parts } },
      (firstId + i).toString(16),
    ),
  );
}

const rest = (count: number, ms: number) => Array<number>(count).fill(ms);

test.each([
  [150, 30, 8, 0],
  [150, 30, 9, 1],
  [150 - NS, 30, 9, 0],
  [125, 25, 9, 1],
  [125 - NS, 25, 9, 0],
  [110, 10, 9, 1],
  [110 - NS, 10, 9, 0],
])('a first call of %f ms before others of %f ms, %i of them', (first, others, n, count) => {
  expect(findingsOf(slowStartRule, calls([first, ...rest(n, others)]))).toHaveLength(count);
});

test('the first call is the earliest, whatever the order of the traces', () => {
  const traces = calls([900, 400, ...rest(10, 10)]);
  const [found] = findingsOf(slowStartRule, traces.toReversed());
  expect(found?.evidence).toMatchObject({
    firstNs: 900e6,
    medianNs: 10e6,
    calls: 12,
    warmUpCalls: 3,
  });
  expect(found?.exemplars[0]?.traceId.endsWith('1')).toBe(true);
});

test('a slow call later on is no slow start', () => {
  expect(findingsOf(slowStartRule, calls([...rest(10, 10), 900]))).toEqual([]);
});

test('a cold start that says so is certain after few calls', () => {
  const [cold] = calls([900], { attributes: { 'faas.coldstart': true } });
  const found = findingsOf(slowStartRule, [
    ...(cold ? [cold] : []),
    ...calls([0, 10, 10], {}, 9).slice(1),
  ]);
  expect(found.map(({ confidence }) => confidence)).toEqual([1]);
});

const instance = (name: string): SpanParts => ({
  resource: resourceOf('cart', { 'service.instance.id': name }),
});

function fleet(slowMs: number, callCount: number): Trace[] {
  return [
    ...calls(rest(20, 10), instance('a'), 0x100),
    ...calls(rest(20, 10), instance('b'), 0x200),
    ...calls(rest(callCount, slowMs), instance('c'), 0x300),
  ];
}

test.each([
  [30 - NS, 20, 0],
  [30, 20, 1],
  [31, 20, 1],
  [90, 19, 0],
])('an instance of %f ms among others of 10 ms, seen %i times', (ms, callCount, count) => {
  const found = findingsOf(outlierInstanceRule, fleet(ms, callCount));
  expect(found).toHaveLength(count);
  if (count > 0) expect(found[0]?.evidence).toMatchObject({ slowInstances: [{ instance: 'c' }] });
});

/** A message that waits `lagMs` for its consumer. */
function message(lagMs: number, id: number): Trace {
  return timedTrace(
    {
      p: { from: 0, to: 2, kind: 'producer', service: 'web' },
      q: { parent: 'p', from: 2 + lagMs, to: 5 + lagMs, kind: 'consumer', service: 'mail' },
    },
    id.toString(16),
  );
}

test.each([
  [[10, 10, 1000 - NS], 0],
  [[10, 10, 1000], 1],
  [[10, 10, 1000 + NS], 1],
  [[300, 300, 1500 - NS], 0],
  [[300, 300, 1500], 1],
  [[2000], 0],
])('messages that wait %j ms', (lags, count) => {
  const found = findingsOf(
    queueLagRule,
    lags.map((lag, i) => message(lag, i + 1)),
  );
  expect(found).toHaveLength(count);
});

test('lags between clocks that disagree are not believed', () => {
  const traces = [message(10, 1), message(10, 2), message(5000, 3)];
  expect(findingsOf(queueLagRule, traces)).toHaveLength(1);
  expect(findingsOf(queueLagRule, [...traces, message(-100, 4)])).toEqual([]);
});

test.each([
  [99, 20, 0],
  [100, 4, 0],
  [100, 5, 1],
  [100, 50, 1],
])('of %i calls %i take ten times as long', (total, slow, count) => {
  const found = findingsOf(latencyModeRule, calls([...rest(total - slow, 10), ...rest(slow, 100)]));
  expect(found).toHaveLength(count);
  if (count > 0) expect(found[0]?.evidence).toMatchObject({ slowCalls: slow });
});

test.each([
  [1.75, 0],
  [2, 1],
  [2.25, 1],
])('two kinds of calls that are %f doublings apart', (doublings, count) => {
  // In the middle of bins of a quarter of a doubling.
  const ms = (exponent: number) => 2 ** (exponent + 0.125) / 1e6;
  const durations = [...rest(60, ms(20)), ...rest(60, ms(20 + doublings))];
  expect(findingsOf(latencyModeRule, calls(durations))).toHaveLength(count);
});

test('durations that spread evenly have one mode', () => {
  const spread = Array.from({ length: 400 }, (_, i) => 10 * 1.006 ** i);
  expect(findingsOf(latencyModeRule, calls(spread))).toEqual([]);
});
