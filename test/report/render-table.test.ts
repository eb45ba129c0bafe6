import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { renderText } from '../../src/report/render-table.ts';
import { type Column, cell, type Report } from '../../src/report/report.ts';

const COLUMNS: readonly Column[] = [
  { header: 'COUNT', align: 'right' },
  { header: 'TOTAL', align: 'right', leaves: 1, note: 'of all' },
  { header: 'P99', align: 'right', leaves: 2, note: 'per trace' },
  { header: 'WHERE', align: 'left', shrinks: true },
];
const ROWS = [
  [cell(7), cell('1.20s'), cell('345ms'), cell('frontend: POST /checkout/confirm')],
  [cell(12), cell('3ms'), cell('1ms'), cell('короткое 名前')],
];

function text(width: number, columns = COLUMNS, lines = ['']): string[] {
  const report: Report = {
    sections: [
      {
        title: 'Where',
        lines: lines.filter((line) => line !== '').map((line) => cell(line)),
        tables: [{ columns, rows: ROWS, omitted: 3 }],
      },
    ],
  };
  const paint = new Chalk({ level: 0 });
  return renderText(report, { width, wraps: true, paint }).trimEnd().split('\n');
}

test('a table with room for all shows all, with notes on its columns', () => {
  expect(text(80)).toEqual([
    'Where',
    'COUNT  TOTAL    P99  WHERE',
    '    7  1.20s  345ms  frontend: POST /checkout/confirm',
    '   12    3ms    1ms  короткое 名前',
    '… 3 more',
    'TOTAL: of all; P99: per trace',
  ]);
});

test('texts are shortened a little before columns leave', () => {
  expect(text(50)[1]).toBe('COUNT  TOTAL    P99  WHERE');
  expect(text(50)[2]).toBe('    7  1.20s  345ms  frontend: POST /checkout/con…');
});

test('columns leave in their order when texts would become unreadable, and take their notes along', () => {
  expect(text(44)).toContain('    7  1.20s  frontend: POST /checkout/conf…');
  expect(text(44).at(-1)).toBe('TOTAL: of all');
  expect(text(34)).toEqual([
    'Where',
    'COUNT  WHERE',
    '    7  frontend: POST /checkout/c…',
    '   12  короткое 名前',
    '… 3 more',
  ]);
});

test.each([200, 80, 60, 40, 24])('no line is wider than %i cells', (width) => {
  const long = '  advice: fetch all items with one call (a join, an IN list, a batch endpoint)';
  const lines = text(width, COLUMNS, [long, 'короткое 名前 '.repeat(9)]);
  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
});

test('a long line breaks between words, indented below its beginning', () => {
  expect(text(30, COLUMNS, ['  advice: fetch all items with one call']).slice(1, 3)).toEqual([
    '  advice: fetch all items with',
    '    one call',
  ]);
});
