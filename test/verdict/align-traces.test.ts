import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import type { Trace } from '../../src/model/trace.ts';
import { alignTraces, changeOf, errorChangeOf } from '../../src/verdict/align-traces.ts';
import { drawnTrace } from '../helpers/drawn-trace.ts';
import { largeSpans } from '../helpers/large-spans.ts';
import { madeRun } from '../helpers/made-run.ts';

function rows(a: Trace, b: Trace): string[] {
  const aligned = alignTraces(a, b);
  return aligned.rows.map((row) => {
    const error = errorChangeOf(row);
    const names = `${row.a?.span.name ?? '–'} ${row.b?.span.name ?? '–'}`;
    return `${'  '.repeat(row.depth)}${names} ${changeOf(row, aligned)}${error === 'none' ? '' : ` ${error} error`}`;
  });
}

test('spans meet by what they do below parents that meet', () => {
  const a = drawnTrace(`
  R    [------------------)
    x    [---)
      y   [-)
    z          [--)
  `);
  const b = drawnTrace(
    `
  R    [--------------------------)
    n   [)
    x    [---------)
      y   [-)
    w               [--)
      v             [-)
  `,
    { y: { statusCode: 'error' } },
  );
  expect(rows(a, b)).toEqual([
    'R R slower',
    '  – n added',
    '  x x slower',
    '    y y same new error',
    '  – w added',
    '    – v added',
    '  z – removed',
  ]);
});

test('of several calls the first meets the first, and ids do not keep names apart', () => {
  const call = (id: string) => ({ name: `GET /user/${id}` });
  const a = drawnTrace(
    `
  R    [---------)
    q1  [-)
    q2     [-)
  `,
    { q1: call('1'), q2: call('2') },
  );
  const b = drawnTrace(
    `
  R    [---------)
    q7  [-)
    q8     [-)
    q9        [)
  `,
    { q7: call('7'), q8: call('8'), q9: call('9') },
  );
  expect(rows(a, b)).toEqual([
    'R R same',
    '  GET /user/1 GET /user/7 same',
    '  GET /user/2 GET /user/8 same',
    '  – GET /user/9 added',
  ]);
});

test('a trace and itself differ in nothing; the other way round what was added is removed', () => {
  const [a, b] = [madeRun(2, 1, { audit: true })[0], madeRun(2, 2)[0]];
  if (!a || !b) throw new Error('no traces');
  expect(rows(a, a).every((row) => row.endsWith(' same'))).toBe(true);
  const count = (from: Trace, to: Trace, what: string) =>
    rows(from, to).filter((row) => row.endsWith(what)).length;
  expect(count(a, b, 'removed')).toBe(2);
  expect(count(b, a, 'added')).toBe(2);
});

test('the changes of critical-path time add up to the change of the root', () => {
  const [a, b] = [madeRun(1, 1)[0], madeRun(1, 2, { slower: { 'POST /charge': 2 } })[0]];
  if (!a || !b) throw new Error('no traces');
  const { rows: aligned } = alignTraces(a, b);
  const change = aligned.reduce((sum, row) => sum + row.bCriticalNs - row.aCriticalNs, 0);
  expect(change).toBe((b.nodes[0]?.span.durationNs ?? 0) - (a.nodes[0]?.span.durationNs ?? 0));
});

test.each(['each inside the one before', 'all at once below one parent'] as const)(
  '100,000 spans: %s',
  (shape) => {
    const trace = buildTrace(largeSpans(shape, 100_000));
    const { rows: aligned } = alignTraces(trace, trace);
    expect(aligned.length).toBe(trace.nodes.length);
    expect(aligned.every(({ a, b }) => a === b)).toBe(true);
  },
);
