import { expect, test } from 'vitest';
import { aggregatedCriticalPath } from '../../src/analysis/aggregated-critical-path.ts';
import { aggregatedSaving } from '../../src/analysis/aggregated-saving.ts';
import { criticalPath } from '../../src/analysis/critical-path.ts';
import { pathByOperation, pathByService } from '../../src/analysis/path-grouping.ts';
import { corpusTest } from '../helpers/corpus.ts';
import { drawnTrace, idOf } from '../helpers/drawn-trace.ts';
import { jaegerTraces, readPathReference } from '../helpers/reference-traces.ts';

const MS = 1_000_000;

/** Without `b` the trace ends with `a`, 3 ms earlier; `c` is off the path. */
const PARALLEL = drawnTrace(`
  R [---------)
    a [----)
    b [-------)
    c [-)
`);

test('what the groups asked for would save in all traces, in their order', () => {
  const keys = ['c', 'b', 'nowhere', 'R'].map((operation) => ({ service: 'svc', operation }));
  const saving = aggregatedSaving(pathByOperation);
  saving.add(criticalPath(PARALLEL));
  saving.add(criticalPath(PARALLEL));
  expect(saving.result(keys)).toEqual([
    { replayNs: 0, exclusiveNs: 0 },
    { replayNs: 6 * MS, exclusiveNs: 16 * MS },
    { replayNs: 0, exclusiveNs: 0 },
    { replayNs: 4 * MS, exclusiveNs: 4 * MS },
  ]);
});

test('time of a lost parent can be asked for', () => {
  const trace = drawnTrace(
    `
    o1   [--)
    o2          [--)
    `,
    { o1: { parentSpanId: idOf('gone') }, o2: { parentSpanId: idOf('gone') } },
  );
  const saving = aggregatedSaving(pathByService);
  saving.add(criticalPath(trace));
  expect(saving.result([pathByService.lost])).toEqual([{ replayNs: 4 * MS, exclusiveNs: 4 * MS }]);
});

interface Reference {
  readonly whatIfService: Readonly<Record<string, { readonly removed: number }>>;
}

corpusTest('removing a service saves what the reference says, and at most what it owns', () => {
  const paths = jaegerTraces(readPathReference('traceweaver_hotel_load100.json')).map((trace) =>
    criticalPath(trace),
  );
  const { whatIfService } = readPathReference<Reference>('agg_traceweaver_hotel_load100.json');
  const aggregated = aggregatedCriticalPath(pathByService);
  for (const path of paths) aggregated.add(path);
  const groups = aggregated.largest(5);
  const keys = groups.map(({ key }) => key);
  const saving = aggregatedSaving(pathByService);
  for (const path of paths) saving.add(path);
  expect(saving.postponed).toEqual([]);
  const savings = saving.result(keys);
  const later = aggregatedSaving(pathByService, 0);
  for (const path of paths) later.add(path);
  expect(later.postponed).toEqual(paths.map(({ traceId }) => traceId));
  for (const path of paths) later.addPostponed(path, keys);
  expect(later.result(keys)).toEqual(savings);
  expect(
    Object.fromEntries(
      groups.map(({ key }, i) => [key.service, (savings[i]?.replayNs ?? 0) / 1000]),
    ),
  ).toEqual(
    Object.fromEntries(Object.entries(whatIfService).map(([name, { removed }]) => [name, removed])),
  );
  expect(savings.map(({ exclusiveNs }) => exclusiveNs)).toEqual(
    groups.map(({ totalNs }) => totalNs),
  );
});
