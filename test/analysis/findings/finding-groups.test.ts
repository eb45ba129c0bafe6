import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TraceFinding } from '../../../src/analysis/findings/finding.ts';
import { FindingGroups } from '../../../src/analysis/findings/finding-groups.ts';
import { TraceContext } from '../../../src/analysis/findings/trace-context.ts';
import { nanos } from '../../../src/model/time.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { COLUMN_NS, drawnTrace } from '../../helpers/drawn-trace.ts';
import { traceIdOf } from '../../helpers/span-of.ts';

/** A trace of 10 ms whose calls have the given names. */
function traceOf(id: number, names: readonly string[]): Trace {
  const traceId = id.toString(16);
  const lines = names.map((_, i) => ` c${i} [)`);
  const details = Object.fromEntries(names.map((name, i) => [`c${i}`, { traceId, name }]));
  return drawnTrace(['R   [---------)', ...lines].join('\n'), { R: { traceId }, ...details });
}

/** One finding per call, of the rule `slow`, with an impact of 1 ms for each letter of its name. */
function findingsIn({ nodes }: Trace): TraceFinding[] {
  return nodes.slice(1).map((node) => ({
    rule: 'slow',
    severity: 'by-impact',
    confidence: 0.5,
    title: `slow ${node.span.name}`,
    node,
    spans: [node],
    count: 1,
    impactNs: nanos(node.span.name.length * COLUMN_NS),
    evidence: {},
    signatures: [],
  }));
}

function grouped(traces: readonly Trace[], maxPerService?: number) {
  const groups = new FindingGroups(maxPerService);
  for (const trace of traces) groups.add(new TraceContext(trace), findingsIn(trace));
  return groups.result(() => 'advice', []);
}

test('names that differ in ids alone are one operation, named without them', () => {
  const [found, ...others] = grouped([
    traceOf(1, ['GET /items/17']),
    traceOf(2, ['GET /items/18', 'GET /items/19']),
  ]);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ operation: 'GET /items/*', occurrences: 3, traces: 2 });
});

test('one name stays as it is, with its ids', () => {
  const [found] = grouped([traceOf(1, ['GET /items/17']), traceOf(2, ['GET /items/17'])]);
  expect(found?.operation).toBe('GET /items/17');
});

test('a service with more names than are told apart has one finding for all', () => {
  const names = ['a', 'bb', 'ccc', 'dddd'];
  expect(grouped([traceOf(1, names)], 4)).toHaveLength(4);
  const [found, ...others] = grouped(
    [traceOf(1, names), traceOf(2, ['e', 'a']), traceOf(3, ['e'.repeat(12)])],
    4,
  );
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    operation: '',
    occurrences: 7,
    traces: 3,
    title: `slow ${'e'.repeat(12)}; so have many operations of the service`,
    // Per trace all of its findings, at most the trace: 10, 2 and 10 ms.
    impactNs: { median: 10 * COLUMN_NS, max: 10 * COLUMN_NS, total: 22 * COLUMN_NS },
  });
  expect(found?.exemplars.map(({ traceId }) => traceId)).toEqual(['3', '1', '2'].map(traceIdOf));
});

test('another service keeps its own findings', () => {
  const other = drawnTrace('R [---)\n s [)', { s: { service: 'other', traceId: '9' } });
  const found = grouped([traceOf(1, ['a', 'b', 'c']), other], 2);
  expect(found.map(({ service, operation }) => [service, operation])).toEqual([
    ['svc', ''],
    ['other', 's'],
  ]);
});

test('the order of the traces changes nothing, however many names there are', () => {
  const names = fc.array(fc.stringMatching(/^[a-e]{1,3}$/), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(names, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (all, numbers) => {
      const traces = all.map((some, i) => traceOf(i + 1, some));
      const shuffled = traces
        .map((trace) => ({ trace, key: numbers.next().value ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ trace }) => trace);
      expect(grouped(shuffled, 5)).toEqual(grouped(traces, 5));
    }),
    { numRuns: 300 },
  );
});
