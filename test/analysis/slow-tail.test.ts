import { expect, test } from 'vitest';
import { aggregatedCriticalPath } from '../../src/analysis/aggregated-critical-path.ts';
import { criticalPath } from '../../src/analysis/critical-path.ts';
import { pathByOperation } from '../../src/analysis/path-grouping.ts';
import { slowTail } from '../../src/analysis/slow-tail.ts';
import { drawnTrace } from '../helpers/drawn-trace.ts';

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

test('sets traces from the p95 on against those from p40 to p60, zeros included', () => {
  const durations = Array.from({ length: 100 }, (_, i) => (i < 94 ? 100 + i : 1000));
  const ofAll = durations.map((ns, trace) => ({ ns: Math.min(ns, 100), trace }));
  const slowOnly = durations.flatMap((ns, trace) => (ns > 900 ? [{ ns: 900, trace }] : []));
  const rest = durations.flatMap((ns, trace) =>
    ns > 100 && ns < 900 ? [{ ns: ns - 100, trace }] : [],
  );
  const groups = [
    { key: 'all', parts: ofAll },
    { key: 'lock', parts: slowOnly },
    { key: 'rest', parts: rest },
  ];
  expect(slowTail(durations, groups, byText)).toEqual({
    tailTraces: 6,
    tailFromNs: 1000,
    middleTraces: 21,
    middleFromNs: 139,
    middleToNs: 159,
    groups: [
      { key: 'lock', tailMeanNs: 900, middleMeanNs: 0, deltaNs: 900 },
      { key: 'all', tailMeanNs: 100, middleMeanNs: 100, deltaNs: 0 },
      { key: 'rest', tailMeanNs: 0, middleMeanNs: 49, deltaNs: -49 },
    ],
  });
});

test('there is no tail where all traces take the same time, and none without traces', () => {
  expect(slowTail([5, 5, 5], [{ key: 'a', parts: [{ ns: 5, trace: 0 }] }], byText)).toBeNull();
  expect(slowTail([], [], byText)).toBeNull();
});

test('the differences of all groups add up to how much longer slow traces take', () => {
  const aggregated = aggregatedCriticalPath(pathByOperation);
  for (let i = 1; i <= 30; i++) {
    const extra = i > 28 ? 40 : i % 4;
    const picture = `
      R [${'-'.repeat(20 + extra)})
        a [--------)
        b          [${'-'.repeat(extra + 1)})`;
    const id = { traceId: i.toString(16) };
    aggregated.add(criticalPath(drawnTrace(picture, { R: id, a: id, b: id })));
  }
  const { tail } = aggregated.result();
  expect(tail?.tailTraces).toBe(2);
  expect(tail?.groups[0]?.key).toEqual({ service: 'svc', operation: 'b' });
  const sum = tail?.groups.reduce((all, { deltaNs }) => all + deltaNs, 0) ?? 0;
  const total = (field: 'tailMeanNs' | 'middleMeanNs') =>
    tail?.groups.reduce((all, group) => all + group[field], 0) ?? 0;
  expect(total('tailMeanNs')).toBe(61_000_000);
  expect(Math.abs(sum - (61_000_000 - total('middleMeanNs')))).toBeLessThanOrEqual(3);
});
