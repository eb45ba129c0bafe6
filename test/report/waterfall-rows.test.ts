import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { criticalPath } from '../../src/analysis/critical-path.ts';
import { traceErrors } from '../../src/analysis/trace-errors.ts';
import type { Trace } from '../../src/model/trace.ts';
import { type WaterfallChoice, waterfallRows } from '../../src/report/waterfall-rows.ts';
import { drawnTrace } from '../helpers/drawn-trace.ts';
import { type SpanParts, spanOf } from '../helpers/span-of.ts';

const ALL: WaterfallChoice = { depth: Number.POSITIVE_INFINITY, criticalPathOnly: false };

/** Each row as `depth name`, `+3` for spans hidden below, and folds as `depth 4× name (spans, errors)`. */
function rowTexts(trace: Trace, choice: Partial<WaterfallChoice> = {}) {
  const path = criticalPath(trace);
  const critical = new Map<number, { startNs: number; endNs: number }[]>();
  for (const { node, startNs, endNs } of path.sections) {
    if (node) critical.set(node.index, [...(critical.get(node.index) ?? []), { startNs, endNs }]);
  }
  const errorOrigins = new Set(traceErrors(trace, { path }).origins.map(({ index }) => index));
  const marks = { critical, errorOrigins, findings: new Map(), ranks: [] };
  const { rows, hidden } = waterfallRows(trace, marks, { ...ALL, ...choice });
  return {
    hidden,
    rows: rows.map((row) =>
      row.node === null
        ? `${row.depth} ${row.folded.length}× ${row.folded[0]?.span.name} (${row.spans}, ${row.errors})`
        : `${row.depth} ${row.node.span.name}${row.hidden > 0 ? ` +${row.hidden}` : ''}`,
    ),
  };
}

const get: SpanParts = { name: 'get' };

/** Seven calls that do the same, the second failed in what it calls, the last the longest; and another. */
const ALIKE = drawnTrace(
  `
  R [-------------------)
   a [)
   b  [--)
    x  [)
   c     [)
   d      [)
   e       [)
   f        [)
    y       [)
   g         [---)
   z             [)
  `,
  {
    a: get,
    b: get,
    x: { statusCode: 'error', name: 'x' },
    c: get,
    d: get,
    e: get,
    f: get,
    g: get,
  },
);

test('without folding every span is a row, in the order of the tree', () => {
  expect(rowTexts(ALIKE)).toEqual({
    hidden: 0,
    rows: [
      '0 R',
      '1 get',
      '1 get',
      '2 x',
      '1 get',
      '1 get',
      '1 get',
      '1 get',
      '2 y',
      '1 get',
      '1 z',
    ],
  });
});

test('of many siblings that do the same, those with errors and most time on the path stay', () => {
  expect(rowTexts(ALIKE, { folds: true })).toEqual({
    hidden: 0,
    rows: ['0 R', '1 get', '1 get', '2 x', '1 4× get (5, 0)', '1 get', '1 z'],
  });
});

test('five that do the same are not many', () => {
  const trace = drawnTrace('R [-----)\n a [)\n b [)\n c [)\n d [)\n e [)', {
    a: get,
    b: get,
    c: get,
    d: get,
    e: get,
  });
  expect(rowTexts(trace, { folds: true }).rows).toHaveLength(6);
});

test('deeper levels are counted at the last that is drawn', () => {
  expect(rowTexts(ALIKE, { depth: 2, folds: true })).toEqual({
    hidden: 1,
    rows: ['0 R', '1 get', '1 get +1', '1 4× get (5, 0)', '1 get', '1 z'],
  });
  expect(rowTexts(ALIKE, { depth: 1, folds: true })).toEqual({ hidden: 10, rows: ['0 R +10'] });
});

test('a limit keeps error origins first, then time on the critical path, with what leads to them', () => {
  expect(rowTexts(ALIKE, { limit: 3 })).toEqual({
    hidden: 8,
    rows: ['0 R +8', '1 get', '2 x'],
  });
  expect(rowTexts(ALIKE, { limit: 4 }).rows).toEqual(['0 R +7', '1 get', '2 x', '1 get']);
});

test('the critical path alone folds nothing', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const lines = names.map((name, i) => ` ${name}  ${' '.repeat(i)}[)`);
  const details = Object.fromEntries(names.map((name) => [name, get]));
  const trace = drawnTrace(['R  [--------)', ...lines].join('\n'), details);
  const { rows } = rowTexts(trace, { criticalPathOnly: true, folds: true });
  expect(rows.filter((row) => row === '1 get')).toHaveLength(7);
});

test('many roots that do the same are folded too', () => {
  const roots = Array.from({ length: 9 }, (_, i) => spanOf({ spanId: `${i + 1}`, name: 'tick' }));
  expect(rowTexts(buildTrace(roots), { folds: true })).toEqual({
    hidden: 0,
    rows: ['0 tick', '0 tick', '0 tick', '0 6× tick (6, 0)'],
  });
});

test.each(['deep', 'wide'] as const)(
  'of 100,000 spans, %s, at most the limit is drawn',
  (shape) => {
    const spans = Array.from({ length: 100_000 }, (_, i) =>
      spanOf({
        spanId: (i + 1).toString(16),
        parentSpanId: i === 0 ? null : shape === 'deep' ? i.toString(16) : '1',
        name: `op${i}`,
      }),
    );
    const { rows, hidden } = rowTexts(buildTrace(spans), { limit: 500, folds: true });
    expect(rows).toHaveLength(500);
    expect(hidden).toBe(99_500);
  },
);
