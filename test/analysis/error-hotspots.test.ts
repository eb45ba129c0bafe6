import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { criticalPath } from '../../src/analysis/critical-path.ts';
import { type ErrorHotspots, errorHotspots } from '../../src/analysis/error-hotspots.ts';
import { traceErrors } from '../../src/analysis/trace-errors.ts';
import { unixNano } from '../../src/model/time.ts';
import type { Trace } from '../../src/model/trace.ts';
import { COLUMN_NS, drawnTrace, idOf } from '../helpers/drawn-trace.ts';
import { messySpans } from '../helpers/messy-spans.ts';
import { type SpanParts, traceIdOf } from '../helpers/span-of.ts';

function hotspots(traces: readonly Trace[]): ErrorHotspots {
  const accumulator = errorHotspots();
  for (const trace of traces) {
    const path = criticalPath(trace);
    accumulator.add(trace, traceErrors(trace, { path }), path);
  }
  return accumulator.result();
}

const PICTURE = `
  R [---------------)
    c [---)
     s [-)
    d       [----)
`;

/** The picture as one trace: who fails, and of which trace. */
function shop(traceId: string, failed: readonly string[]): Trace {
  const part = (name: string, service: string, kind: 'server' | 'client'): SpanParts => ({
    traceId,
    service,
    kind,
    statusCode: failed.includes(name) ? 'error' : 'unset',
    statusMessage: name === 's' ? `card ${traceId}42 declined` : '',
  });
  return drawnTrace(PICTURE, {
    R: part('R', 'web', 'server'),
    c: part('c', 'web', 'client'),
    s: part('s', 'pay', 'server'),
    d: part('d', 'web', 'client'),
  });
}

test('errors are grouped by operation and signature, the one that fails most traces first', () => {
  const { totals, groups } = hotspots([
    shop('1', ['R', 'c', 's']),
    shop('2', ['c', 's']),
    shop('3', ['R', 'd', 'c', 's']),
    shop('4', []),
  ]);
  expect(totals).toEqual({
    traces: 4,
    failedTraces: 2,
    tracesWithErrors: 3,
    errorSpans: 9,
    origins: 4,
    propagated: 5,
    cancelled: 0,
    handled: 0,
    // The whole root of trace 3, all but d of trace 1, c with s of trace 2.
    criticalPathNs: (16 + 11 + 4) * COLUMN_NS,
  });
  expect(
    groups.map(({ service, operation, signature }) => [service, operation, signature]),
  ).toEqual([
    ['pay', 's', 'card <n> declined'],
    ['web', 'd', 'error'],
    ['web', 'c', 'error'],
    ['web', 'R', 'error'],
  ]);
  expect(groups[0]).toMatchObject({
    origins: 3,
    originTraces: 3,
    primaryTraces: 1,
    primaryShare: 0.5,
    propagated: 0,
    suppressed: 1,
    suppressedAt: [{ service: 'web', operation: 'R', count: 1 }],
    cancelled: 0,
    background: 0,
    handled: 0,
    longestChain: 3,
    meanChain: 3,
    criticalPathNs: 3 * 2 * COLUMN_NS,
    rootOperations: 1,
    services: ['pay', 'web'],
  });
  expect(groups[1]).toMatchObject({ origins: 1, primaryTraces: 1, longestChain: 2 });
  expect(groups[2]).toMatchObject({ origins: 0, propagated: 3, exemplars: [{}, {}, {}] });
});

test('of several spans to look at, the primary causes come first', () => {
  const { groups } = hotspots([shop('1', ['c', 's']), shop('2', ['R', 'c', 's'])]);
  expect(groups[0]?.exemplars).toEqual([
    { traceId: traceIdOf('2'), spanId: idOf('s') },
    { traceId: traceIdOf('1'), spanId: idOf('s') },
  ]);
});

test('two origins of one trace and group are one origin trace', () => {
  const failed = { name: 'get', statusCode: 'error' } as const;
  const trace = drawnTrace(
    `
    R [-------------)
      a [--)
      b      [--)
    `,
    { a: failed, b: failed },
  );
  expect(hotspots([trace]).groups).toMatchObject([{ origins: 2, originTraces: 1, suppressed: 2 }]);
});

const exception = (attributes: Record<string, string>) => ({
  timeUnixNano: unixNano(0n),
  name: 'exception',
  attributes: new Map(Object.entries(attributes)),
  droppedAttributes: 0,
});

test('exceptions on spans that did not fail are handled ones, by what they are', () => {
  const events = [
    exception({ 'exception.type': 'CacheMiss' }),
    exception({ 'exception.message': 'no row 17' }),
    exception({ 'exception.type': 'CacheMiss' }),
  ];
  const { totals, groups } = hotspots([
    drawnTrace(
      `
      R [--------)
        a [--)
        b     [-)
      `,
      { a: { events }, b: { events, statusCode: 'error' } },
    ),
  ]);
  expect(totals).toMatchObject({ errorSpans: 1, handled: 3 });
  expect(
    groups.map(({ operation, signature, origins, handled }) => [
      operation,
      signature,
      origins,
      handled,
    ]),
  ).toEqual([
    ['b', 'CacheMiss', 1, 0],
    ['a', 'CacheMiss', 0, 2],
    ['a', 'no row <n>', 0, 1],
  ]);
});

test('the operations that absorbed errors are counted, the five that absorbed most are told', () => {
  const one = (name: string) =>
    drawnTrace('R [--)\n c [)', { R: { name }, c: { name: 'call', statusCode: 'error' } });
  const { groups } = hotspots(['A', 'B', 'B', 'C', 'D', 'E', 'F', 'F'].map(one));
  expect(groups[0]?.suppressedAt.map(({ operation, count }) => [operation, count])).toEqual([
    ['B', 2],
    ['F', 2],
    ['A', 1],
    ['C', 1],
    ['D', 1],
  ]);
});

test('no trace has no hotspot', () => {
  expect(hotspots([])).toEqual({
    totals: {
      traces: 0,
      failedTraces: 0,
      tracesWithErrors: 0,
      errorSpans: 0,
      origins: 0,
      propagated: 0,
      cancelled: 0,
      handled: 0,
      criticalPathNs: 0,
    },
    groups: [],
    edges: [],
  });
});

test('the groups add up to the totals, in any order of traces', () => {
  fc.assert(
    fc.property(fc.array(messySpans, { maxLength: 6 }), (all) => {
      const traces = all.map((spans, i) =>
        buildTrace(spans.map((span) => ({ ...span, traceId: traceIdOf(`${i + 1}`) }))),
      );
      const result = hotspots(traces);
      const sum = (
        field:
          | 'origins'
          | 'propagated'
          | 'cancelled'
          | 'primaryTraces'
          | 'handled'
          | 'criticalPathNs',
      ) => result.groups.reduce((total, group) => total + group[field], 0);
      expect(sum('origins')).toBe(result.totals.origins);
      expect(sum('propagated')).toBe(result.totals.propagated);
      expect(sum('cancelled')).toBe(result.totals.cancelled);
      expect(sum('primaryTraces')).toBe(result.totals.failedTraces);
      expect(sum('handled')).toBe(result.totals.handled);
      expect(sum('criticalPathNs')).toBe(result.totals.criticalPathNs);
      expect(hotspots(traces.toReversed())).toEqual(result);
    }),
    { numRuns: 500 },
  );
});
