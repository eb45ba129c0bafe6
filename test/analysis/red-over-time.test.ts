import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RedOverTime, redOverTime } from '../../src/analysis/red-over-time.ts';
import { type Span, TIME_FLAGS } from '../../src/model/span.ts';
import { type SpanParts, spanOf } from '../helpers/span-of.ts';
import { tracesOf } from '../helpers/traces-of.ts';

const START = 1_700_000_000_000_000_000n;
const MS = 1_000_000;

function redOf(spans: readonly Span[]): RedOverTime {
  const red = redOverTime();
  for (const trace of tracesOf(spans)) red.add(trace);
  return red.result();
}

/** One trace of one span for each millisecond given. */
function startingAt(times: readonly number[], parts: SpanParts = {}): Span[] {
  return times.map((ms, i) =>
    spanOf({ traceId: (i + 1).toString(16), startUnixNano: START + BigInt(ms * MS), ...parts }),
  );
}

test('requests per interval, empty ones between included', () => {
  const spans = [
    ...startingAt([0, 0.5, 2], { durationNs: 10 * MS }),
    spanOf({ traceId: 'f', startUnixNano: START, durationNs: 50 * MS, statusCode: 'error' }),
  ];
  const { stepNs, start, traces, services } = redOf(spans);
  expect({ stepNs, start }).toEqual({ stepNs: MS, start: START });
  expect(traces).toEqual({
    count: 4,
    errors: 1,
    intervals: [
      { start: START, count: 3, errors: 1, p50Ns: 10 * MS, p95Ns: 50 * MS },
      { start: START + 1_000_000n, count: 0, errors: 0, p50Ns: null, p95Ns: null },
      { start: START + 2_000_000n, count: 1, errors: 0, p50Ns: 10 * MS, p95Ns: 10 * MS },
    ],
  });
  expect(services).toEqual([{ service: 'svc', ...traces }]);
});

test.each([
  [[0, 59], MS, 60],
  [[0, 60], 5 * MS, 13],
  [[0, 10_000], 500 * MS, 21],
  [[0, 3_600_000], 300_000 * MS, 13],
  [[0, 86_400_000 * 365], 10 * 86_400_000 * MS, 38],
])('starts at %j ms make intervals of %i ns', (times, stepNs, intervals) => {
  const red = redOf(startingAt(times));
  expect(red.stepNs).toBe(stepNs);
  expect(red.traces.intervals.length).toBe(intervals);
  expect(Number(red.start) % stepNs).toBe(0);
});

test('a service is asked by server spans, roots, and calls without a server span', () => {
  const child = (spanId: string, parts: SpanParts) =>
    spanOf({ parentSpanId: '1', spanId, ...parts });
  const { traces, services } = redOf([
    spanOf({ service: 'web' }),
    child('2', { service: 'web', name: 'local' }),
    child('3', { service: 'cart', kind: 'server' }),
    child('4', { service: 'legacy', kind: 'unspecified' }),
    child('5', { service: 'proxy', kind: 'client' }),
    spanOf({ spanId: '6', parentSpanId: 'ff', service: 'web', name: 'orphan' }),
  ]);
  expect(traces.count).toBe(1);
  expect(services.map(({ service, count }) => `${service} ${count}`)).toEqual([
    'cart 1',
    'legacy 1',
    'web 1',
  ]);
});

test('a span without a start is in no interval, one without an end has no duration', () => {
  expect(redOf([spanOf({ timeFlags: TIME_FLAGS.noStart, startUnixNano: 0n })])).toMatchObject({
    start: null,
    traces: { count: 0, intervals: [] },
    services: [],
  });
  const [interval] = redOf([spanOf({ timeFlags: TIME_FLAGS.noEnd })]).traces.intervals;
  expect(interval).toMatchObject({ count: 1, p50Ns: null });
});

test('the order of traces makes no difference, and no request is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 40 }), (times) => {
      const spans = startingAt(times);
      const red = redOf(spans);
      expect(redOf(spans.toReversed())).toEqual(red);
      expect(red.traces.count).toBe(times.length);
      expect(red.traces.intervals.length).toBeLessThanOrEqual(60);
    }),
    { numRuns: 50 },
  );
});
