import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AggregatedCriticalPath,
  aggregatedCallPaths,
  aggregatedCriticalPath,
  type PathGroup,
} from '../../src/analysis/aggregated-critical-path.ts';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { criticalPath } from '../../src/analysis/critical-path.ts';
import {
  type PathOperation,
  pathByAttribute,
  pathByOperation,
  pathByService,
} from '../../src/analysis/path-grouping.ts';
import type { Trace } from '../../src/model/trace.ts';
import { corpusTest } from '../helpers/corpus.ts';
import { drawnTrace, idOf } from '../helpers/drawn-trace.ts';
import { largeSpans } from '../helpers/large-spans.ts';
import { messySpans } from '../helpers/messy-spans.ts';
import { jaegerTraces, readPathReference } from '../helpers/reference-traces.ts';
import { traceIdOf } from '../helpers/span-of.ts';

const ACCUMULATORS = {
  service: () => aggregatedCriticalPath(pathByService),
  operation: () => aggregatedCriticalPath(pathByOperation),
  path: () => aggregatedCallPaths(),
};

function aggregated(
  by: keyof typeof ACCUMULATORS,
  traces: readonly Trace[],
): AggregatedCriticalPath<unknown> {
  const accumulator = ACCUMULATORS[by]();
  for (const trace of traces) accumulator.add(criticalPath(trace));
  return accumulator.result();
}

/** `R 100: R 40, A 60` and `R 200: R 30, A 20, B 150` in milliseconds / 10. */
const WORKED = [
  drawnTrace(
    `
    R [---------)
      A   [-----)
    `,
    { R: { traceId: '1' }, A: { traceId: '1' } },
  ),
  drawnTrace(
    `
    R [-------------------)
      A  [-)
      B    [--------------)
    `,
    { R: { traceId: '2' }, A: { traceId: '2' }, B: { traceId: '2' } },
  ),
];

const MS = 1_000_000;

test('parts of the path are summed up per operation, with zeros in the percentiles', () => {
  const result = aggregated('operation', WORKED);
  expect(result).toMatchObject({
    traces: 2,
    totalNs: 30 * MS,
    roots: [{ service: 'svc', operation: 'R', traces: 2 }],
  });
  expect(result.groups).toEqual([
    {
      key: { service: 'svc', operation: 'B' },
      traces: 1,
      spans: 1,
      totalNs: 15 * MS,
      inclusiveNs: 15 * MS,
      shareOfTotal: 0.5,
      meanShare: 0.375,
      p50Ns: 0,
      p95Ns: 15 * MS,
      p99Ns: 15 * MS,
      maxNs: 15 * MS,
      exemplars: {
        p50: null,
        p95: { traceId: traceIdOf('2'), spanId: idOf('B') },
        max: { traceId: traceIdOf('2'), spanId: idOf('B') },
      },
    },
    {
      key: { service: 'svc', operation: 'A' },
      traces: 2,
      spans: 2,
      totalNs: 8 * MS,
      inclusiveNs: 8 * MS,
      shareOfTotal: 8 / 30,
      meanShare: 0.35,
      p50Ns: 2 * MS,
      p95Ns: 6 * MS,
      p99Ns: 6 * MS,
      maxNs: 6 * MS,
      exemplars: {
        p50: { traceId: traceIdOf('2'), spanId: idOf('A') },
        p95: { traceId: traceIdOf('1'), spanId: idOf('A') },
        max: { traceId: traceIdOf('1'), spanId: idOf('A') },
      },
    },
    expect.objectContaining({
      key: { service: 'svc', operation: 'R' },
      totalNs: 7 * MS,
      inclusiveNs: 30 * MS,
    }),
  ]);
});

test('inclusive time of an operation that calls itself counts every section once', () => {
  const trace = drawnTrace(
    `
    R  [---------------)
      a  [----------)
       b   [------)
        c   [--)
    `,
    { a: { name: 'f' }, b: { name: 'g' }, c: { name: 'f' } },
  );
  const { groups } = aggregated('operation', [trace]);
  expect(groups.find(({ key }) => JSON.stringify(key).includes('"f"'))).toMatchObject({
    spans: 2,
    totalNs: 7 * MS,
    inclusiveNs: 11 * MS,
  });
});

test('call paths tell one operation by where it is called from', () => {
  const trace = drawnTrace(
    `
    R  [---------------)
      a  [---)
       x  [-)
      b        [---)
       x2       [-)
    `,
    { x2: { name: 'x' } },
  );
  const { groups } = aggregated('path', [trace]);
  const paths = groups.map(({ key }) =>
    (key as PathOperation[]).map((step) => step.operation).join(' > '),
  );
  expect(paths).toEqual(['R', 'R > a', 'R > b', 'R > a > x', 'R > b > x']);
});

test('time of lost parents is a group of its own', () => {
  const trace = drawnTrace(
    `
    o1   [--)
    o2          [--)
    `,
    { o1: { parentSpanId: idOf('gone') }, o2: { parentSpanId: idOf('gone') } },
  );
  expect(aggregated('service', [trace])).toMatchObject({
    roots: [{ service: '(missing)', operation: '(missing)', traces: 1 }],
    groups: [
      { key: { service: 'svc' }, totalNs: 6 * MS },
      {
        key: { service: '(missing)' },
        totalNs: 4 * MS,
        inclusiveNs: 10 * MS,
        exemplars: { max: { spanId: idOf('o1') } },
      },
    ],
  });
});

test('grouping by an attribute puts owners without it together', () => {
  const accumulator = aggregatedCriticalPath(pathByAttribute('region'));
  const picture = `
    R [---------)
      A   [-----)
  `;
  accumulator.add(criticalPath(drawnTrace(picture, { A: { attributes: { region: 'eu' } } })));
  expect(accumulator.result().groups).toMatchObject([
    { key: { region: 'eu' }, totalNs: 6 * MS },
    { key: { region: null }, totalNs: 4 * MS, inclusiveNs: 10 * MS },
  ]);
});

test('only the top groups are given when asked for', () => {
  const accumulator = aggregatedCallPaths();
  for (const trace of WORKED) accumulator.add(criticalPath(trace));
  expect(accumulator.largest(2)).toEqual(accumulator.result().groups.slice(0, 2));
  expect(accumulator.largest(1000)).toEqual(accumulator.result().groups);
});

test('a trace without length adds nothing but itself', () => {
  expect(aggregated('service', [drawnTrace('R |')])).toMatchObject({
    traces: 1,
    totalNs: 0,
    groups: [],
  });
});

test('groups of services, of operations and of call paths all add up to the roots', () => {
  fc.assert(
    fc.property(fc.array(messySpans, { maxLength: 5 }), (all) => {
      const traces = all.map((spans, i) =>
        buildTrace(spans.map((span) => ({ ...span, traceId: traceIdOf(`${i + 1}`) }))),
      );
      for (const by of ['service', 'operation', 'path'] as const) {
        const result = aggregated(by, traces);
        const sum = result.groups.reduce((total, { totalNs }) => total + totalNs, 0);
        expect(sum).toBe(result.totalNs);
        for (const { totalNs, inclusiveNs } of result.groups) {
          expect(inclusiveNs).toBeGreaterThanOrEqual(totalNs);
          expect(inclusiveNs).toBeLessThanOrEqual(result.totalNs);
        }
        const withoutMeans = (groups: readonly PathGroup<unknown>[]) =>
          groups.map((group) => ({ ...group, meanShare: 0 }));
        expect(withoutMeans(aggregated(by, traces.toReversed()).groups)).toEqual(
          withoutMeans(result.groups),
        );
      }
    }),
    { numRuns: 300 },
  );
});

interface ReferenceGroup {
  readonly traces: number;
  readonly spans: number;
  readonly total: number;
  readonly inclusive: number;
  readonly shareOfTotal: number;
  readonly meanShare: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

type Reference = Readonly<
  Record<keyof typeof ACCUMULATORS, Readonly<Record<string, ReferenceGroup>>>
> & { readonly traces: number; readonly total: number };

/** A key as the references write it. */
function label(key: unknown): string {
  const step = ({ service, operation }: Partial<PathOperation>) =>
    operation === undefined ? `${service}` : `${service}: ${operation}`;
  return Array.isArray(key) ? key.map(step).join(' > ') : step(key as Partial<PathOperation>);
}

function inMicroseconds(group: PathGroup<unknown>): ReferenceGroup {
  return {
    traces: group.traces,
    spans: group.spans,
    total: group.totalNs / 1000,
    inclusive: group.inclusiveNs / 1000,
    shareOfTotal: group.shareOfTotal,
    meanShare: group.meanShare,
    p50: group.p50Ns / 1000,
    p95: group.p95Ns / 1000,
    p99: group.p99Ns / 1000,
    max: group.maxNs / 1000,
  };
}

corpusTest.each(['traceweaver_node_1', 'traceweaver_hotel_load100'])(
  '%s: services, operations and call paths equal the reference, to the microsecond',
  (stem) => {
    const traces = jaegerTraces(readPathReference(`${stem}.json`));
    const reference = readPathReference<Reference>(`agg_${stem}.json`);
    for (const by of ['service', 'operation', 'path'] as const) {
      const result = aggregated(by, traces);
      expect([result.traces, result.totalNs / 1000]).toEqual([reference.traces, reference.total]);
      const groups = result.groups.map(
        (group) => [label(group.key), inMicroseconds(group)] as const,
      );
      expect(groups.map(([name]) => name).sort((a, b) => (a < b ? -1 : 1))).toEqual(
        Object.keys(reference[by]).sort((a, b) => (a < b ? -1 : 1)),
      );
      for (const [name, group] of groups) {
        const expected = reference[by][name];
        expect(group).toEqual({
          ...expected,
          meanShare: expect.closeTo(expected?.meanShare ?? Number.NaN, 12),
          shareOfTotal: expect.closeTo(expected?.shareOfTotal ?? Number.NaN, 12),
        });
      }
    }
  },
);

test('call paths of 100,000 spans under each other need no recursion', () => {
  const trace = buildTrace(largeSpans('each inside the one before', 100_000));
  const accumulator = aggregatedCallPaths();
  accumulator.add(criticalPath(trace));
  const [deepest] = accumulator.largest(1).map(({ key }) => key.length);
  expect(deepest).toBe(1);
});
