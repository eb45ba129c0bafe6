import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nanos } from '../../../src/model/time.ts';
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../../../src/tui/glyphs.ts';
import { barExtent, type CellRange, drawBar } from '../../../src/tui/layout/bars.ts';
import { withoutStyles } from '../../../src/tui/theme.ts';

const WIDTH = 10;
const WINDOW = { startNs: nanos(0), endNs: nanos(80) };

function bar(
  from: number,
  to: number,
  critical: readonly CellRange[] = [],
  glyphs = UNICODE_GLYPHS,
): string {
  return drawBar(
    {
      extent: barExtent(from, to, WINDOW, WIDTH),
      critical,
      color: '34',
      background: '·'.repeat(WIDTH),
      paintBackground: (text) => text,
    },
    glyphs.bar,
  );
}

describe('one unit is an eighth of a cell here', () => {
  test.each([
    ['the whole window', 0, 80, '██████████'],
    ['whole cells', 16, 32, '··██······'],
    ['a right edge inside a cell', 0, 20, '██▌·······'],
    ['a left edge inside a cell: the empty part, inverted', 20, 40, '··▌██·····'],
    ['less than a cell', 8, 11, '·▍········'],
    ['no length: an eighth', 24, 24, '···▏······'],
    ['at the very end', 80, 80, '·········▏'],
    ['before the window', -10, -5, '··········'],
    ['after the window', 90, 95, '··········'],
    ['beginning before the window', -10, 16, '██········'],
    ['around the window', -10, 200, '██████████'],
  ])('%s', (_, from, to, expected) => {
    expect(withoutStyles(bar(from, to))).toBe(expected);
  });
});

test('a left edge is in inverse video, the rest is not', () => {
  expect(bar(20, 40)).toBe('··\x1b[34m\x1b[7m▌\x1b[27m██\x1b[39m·····');
});

test('the critical path is a line through whole cells of the bar', () => {
  expect(withoutStyles(bar(0, 60, [{ from: 2, to: 4 }]))).toBe('██━━███▌··');
  expect(bar(0, 32, [{ from: 1, to: 2 }])).toBe('\x1b[34m█\x1b[7m━\x1b[27m██\x1b[39m······');
});

test('in ASCII there are whole cells only, and the critical path is another character', () => {
  expect(withoutStyles(bar(20, 60, [{ from: 3, to: 5 }], ASCII_GLYPHS))).toBe('··=##===··');
});

const edges = fc.tuple(fc.integer({ min: -50, max: 150 }), fc.integer({ min: 0, max: 150 }));

test('a bar is always as wide as asked', () => {
  fc.assert(
    fc.property(edges, edges, ([from, length], [cell, cells]) => {
      const text = withoutStyles(bar(from, from + length, [{ from: cell, to: cell + cells }]));
      expect(text).toHaveLength(WIDTH);
    }),
  );
});

test('a child within its parent is never drawn outside of it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 997 }), { minLength: 4, maxLength: 4 }),
      (times) => {
        const [a = 0, b = 0, c = 0, d = 0] = times.toSorted((x, y) => x - y);
        const window = { startNs: nanos(0), endNs: nanos(997) };
        const parent = barExtent(a, d, window, 31);
        const child = barExtent(b, c, window, 31);
        expect(child?.from).toBeGreaterThanOrEqual(parent?.from ?? 0);
        // A child too short to be seen is drawn an eighth long.
        expect(child?.to).toBeLessThanOrEqual((parent?.to ?? 0) + 1);
      },
    ),
  );
});
