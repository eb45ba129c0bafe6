import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import {
  type LatencyPercentiles,
  latencyPercentiles,
} from '../../src/analysis/latency-percentiles.ts';
import { byAttribute, byService, type GroupKey } from '../../src/analysis/span-grouping.ts';
import { type Span, TIME_FLAGS } from '../../src/model/span.ts';
import { drawnTrace } from '../helpers/drawn-trace.ts';
import { resourceOf, type SpanParts, spanOf } from '../helpers/span-of.ts';

const START = 1_700_000_000_000_000_000n;
const SECOND = 1_000_000_000n;

/** One trace per span: trace ids count from 1 in the order given. */
function single(parts: SpanParts, index: number): Span[] {
  return [spanOf({ traceId: (index + 1).toString(16), ...parts })];
}

function latencyOf(traces: readonly (readonly Span[])[]): LatencyPercentiles {
  const latency = latencyPercentiles();
  for (const spans of traces) latency.add(buildTrace(spans));
  return latency.result();
}

test('an operation with its counts, rate, durations, self times and exemplars', () => {
  const latency = latencyOf([
    [
      spanOf({ name: 'GET /', kind: 'server', durationNs: 500, startUnixNano: START }),
      spanOf({ spanId: '2', parentSpanId: '1', durationNs: 200, startUnixNano: START + 100n }),
    ],
    ...[100, 300].map((durationNs, i) => [
      spanOf({
        traceId: `a${i}`,
        name: 'GET /',
        kind: 'server',
        durationNs,
        startUnixNano: START + BigInt(i + 1) * SECOND,
        statusCode: i === 0 ? 'error' : 'unset',
      }),
    ]),
  ]);
  expect(latency.window).toEqual({ start: START, end: START + 2n * SECOND });
  expect(latency.groups).toHaveLength(2);
  const [group] = latency.groups;
  expect(group).toMatchObject({
    key: { service: 'svc', name: 'GET /', kind: 'server' },
    count: 3,
    errors: 1,
    errorRatio: 1 / 3,
    ratePerSecond: 1.5,
    excluded: 0,
    durationNs: { min: 100, mean: 300, p50: 300, p99: 500, max: 500, total: 900 },
    selfNs: { min: 100, mean: 233, p50: 300, max: 300, total: 700 },
  });
  expect(group?.exemplars?.p50.traceId).toMatch(/0a1$/);
  expect(group?.exemplars?.max).toEqual({
    traceId: '1'.padStart(32, '0'),
    spanId: '1'.padStart(16, '0'),
  });
});

test('spans without a known duration count but take no part in the statistics', () => {
  const latency = latencyOf(
    [
      { durationNs: 100 },
      { durationNs: 0, timeFlags: TIME_FLAGS.noEnd },
      { durationNs: 0, timeFlags: TIME_FLAGS.noStart, startUnixNano: 0n },
      { durationNs: 0, timeFlags: TIME_FLAGS.negativeDuration },
    ].map(single),
  );
  expect(latency.groups).toMatchObject([
    { count: 4, excluded: 2, durationNs: { min: 0, max: 100, total: 100 } },
  ]);
  expect(latency.window).toEqual({ start: START, end: START });
});

test('a group in which no duration is known has counts alone', () => {
  const latency = latencyOf([{ durationNs: 0, timeFlags: TIME_FLAGS.noEnd }].map(single));
  expect(latency.groups).toMatchObject([
    { count: 1, excluded: 1, durationNs: null, selfNs: null, exemplars: null },
  ]);
});

test('a window of no length has no rate', () => {
  const [group] = latencyOf([{}, {}].map(single)).groups;
  expect(group?.ratePerSecond).toBeNull();
});

test('no traces, no groups and no window', () => {
  expect(latencyOf([])).toEqual({ window: null, groups: [] });
});

test('the same name in another service or of another kind is another operation', () => {
  const { groups } = latencyOf(
    [
      { name: 'GET', service: 'b', kind: 'client' as const, durationNs: 1 },
      { name: 'GET', service: 'b', kind: 'server' as const, durationNs: 1 },
      { name: 'GET', service: 'a', kind: 'server' as const, durationNs: 1 },
      { name: 'b', service: 'GET', kind: 'client' as const, durationNs: 2 },
    ].map(single),
  );
  expect(groups.map(({ key }) => Object.values(key).join(' '))).toEqual([
    'GET b client',
    'a GET server',
    'b GET client',
    'b GET server',
  ]);
});

test('of several spans with one duration the exemplar has the smallest ids', () => {
  const spans = ['c', 'a', 'b'].map((traceId) => [spanOf({ traceId, durationNs: 7 })]);
  const [group] = latencyOf(spans).groups;
  expect(group?.exemplars?.p50.traceId).toMatch(/0a$/);
  const siblings = ['ffffffff00000001', '00000001ffffffff', '0000000200000000'];
  const [other] = latencyOf([siblings.map((spanId) => spanOf({ spanId, durationNs: 7 }))]).groups;
  expect(other?.exemplars?.max.spanId).toBe('00000001ffffffff');
});

test('any grouping: by service, by an attribute of the span or its resource, with spans left out', () => {
  const trace = drawnTrace(
    `
    R   [-------)
      a   [--)
      b      [--)
      c       [-)
    `,
    {
      R: { service: 'web', attributes: { tenant: 'x' } },
      a: { service: 'db', attributes: { tenant: 7n } },
      b: { resource: resourceOf('db', { tenant: '7' }) },
      c: { service: 'web' },
    },
  );
  const counts = (groups: readonly { key: GroupKey; count: number }[]) =>
    groups.map(({ key, count }) => [...Object.values(key), count]);

  const services = latencyPercentiles(byService);
  services.add(trace);
  expect(counts(services.result().groups)).toEqual([
    ['web', 2],
    ['db', 2],
  ]);

  const tenants = latencyPercentiles(byAttribute('tenant'));
  tenants.add(trace);
  expect(counts(tenants.result().groups)).toEqual([
    ['x', 1],
    ['7', 2],
    [null, 1],
  ]);

  const roots = latencyPercentiles((node) => (node.parent === null ? { root: 'yes' } : null));
  roots.add(trace);
  expect(counts(roots.result().groups)).toEqual([['yes', 1]]);
});

test('the result does not depend on the order of traces, and every exemplar took what it stands for', () => {
  const span = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    durationNs: fc.nat(5),
    startUnixNano: fc.bigInt({ min: 1n, max: 1000n }),
  });
  fc.assert(
    fc.property(fc.array(span, { maxLength: 60 }), (drawn) => {
      const traces = drawn.map(single);
      const latency = latencyOf(traces);
      expect(latencyOf(traces.toReversed())).toEqual(latency);
      const durationOf = new Map(traces.flat().map((s) => [s.traceId, s.durationNs]));
      for (const { durationNs, exemplars } of latency.groups) {
        for (const name of ['p50', 'p95', 'p99', 'max'] as const) {
          expect(durationOf.get(exemplars?.[name].traceId ?? drawnNothing())).toBe(
            durationNs?.[name],
          );
        }
      }
    }),
  );
});

function drawnNothing(): never {
  throw new Error('a group of spans with durations has exemplars');
}

test('2,000 operations and growth past the first columns', () => {
  const spans = Array.from({ length: 20_000 }, (_, i) =>
    spanOf({
      spanId: (i + 1).toString(16),
      name: `op ${i % 2000}`,
      durationNs: i,
    }),
  );
  const { groups } = latencyOf([spans]);
  expect(groups).toHaveLength(2000);
  const group = groups.find(({ key }) => key.name === 'op 5');
  expect(group).toMatchObject({ count: 10, durationNs: { min: 5, p50: 8005, max: 18_005 } });
  expect(group?.exemplars?.max.spanId).toBe((18_006).toString(16).padStart(16, '0'));
});

test('a histogram of the known durations, and intervals of percentiles where the sample bounds them', () => {
  const durations = Array.from({ length: 100 }, (_, i) => i + 1);
  const { groups } = latencyOf([
    ...durations.map((durationNs, i) => single({ durationNs }, i)),
    single({ timeFlags: TIME_FLAGS.noEnd }, 100),
  ]);
  expect(groups[0]?.histogram).toEqual([
    { fromNs: 1, toNs: 2, count: 1 },
    { fromNs: 2, toNs: 5, count: 3 },
    { fromNs: 5, toNs: 10, count: 5 },
    { fromNs: 10, toNs: 20, count: 10 },
    { fromNs: 20, toNs: 50, count: 30 },
    { fromNs: 50, toNs: 100, count: 50 },
    { fromNs: 100, toNs: 200, count: 1 },
  ]);
  expect(groups[0]?.intervals).toEqual({
    p50: { lowNs: 40, highNs: 61 },
    p95: { lowNs: 90, highNs: 100 },
    p99: { lowNs: 97, highNs: null },
  });
});

/** Two operations with `large` and `small` spans; durations spread over three powers of ten. */
function twoOperations(large: number, small: number): Span[][] {
  return Array.from({ length: large + small }, (_, i) =>
    single({ name: i < large ? 'large' : 'small', durationNs: 1000 + ((i * 7919) % 999_983) }, i),
  );
}

function sketchedFrom(exactSamples: number, traces: readonly (readonly Span[])[]) {
  const latency = latencyPercentiles(undefined, { exactSamples });
  for (const spans of traces) latency.add(buildTrace(spans));
  return latency.result();
}

test('a group beyond the limit is sketched, and a smaller one stays exact', () => {
  const traces = twoOperations(3000, 900);
  const exact = latencyOf(traces);
  const [large, small] = sketchedFrom(1000, traces).groups;
  const [exactLarge, exactSmall] = exact.groups;
  expect(small).toEqual(exactSmall);
  expect(large?.durationNs).toMatchObject({ method: 'ddsketch', relativeError: 0.01 });
  for (const name of ['min', 'max', 'mean', 'total', 'lowSample'] as const) {
    expect(large?.durationNs?.[name]).toEqual(exactLarge?.durationNs?.[name]);
  }
  for (const name of ['p50', 'p75', 'p90', 'p95', 'p99', 'p999'] as const) {
    const [estimate = 0, truth = 0] = [large?.durationNs?.[name], exactLarge?.durationNs?.[name]];
    expect(Math.abs(estimate - truth)).toBeLessThanOrEqual(0.01 * truth);
  }
  expect(large?.histogram).toEqual(exactLarge?.histogram);
  expect(large?.exemplars?.max).toEqual(exactLarge?.exemplars?.max);
  const p95 = traces.flat().find(({ traceId }) => traceId === large?.exemplars?.p95.traceId);
  expect(Math.abs((p95?.durationNs ?? 0) / (exactLarge?.durationNs?.p95 ?? 1) - 1)).toBeLessThan(
    0.021,
  );
});

test('a group of exactly the limit is exact', () => {
  const [group] = sketchedFrom(500, twoOperations(500, 0)).groups;
  expect(group?.durationNs?.method).toBe('exact');
});

test('sketched or not, the order of the traces makes no difference', () => {
  const traces = twoOperations(4000, 300);
  expect(sketchedFrom(1000, traces.toReversed())).toEqual(sketchedFrom(1000, traces));
});
