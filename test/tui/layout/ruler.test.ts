import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nanos } from '../../../src/model/time.ts';
import { gridLine, rulerLine, rulerTicks } from '../../../src/tui/layout/ruler.ts';

test.each([
  ['a second', 0, 1e9, 60, '0           0.2s        0.4s        0.6s        0.8s        '],
  ['a millisecond', 0, 1e6, 40, '0                   0.5ms               '],
  [
    'zoomed in far from the start',
    1_234_000_000,
    1_234_100_000,
    40,
    '1.23400s            1.23405s            ',
  ],
  ['nanoseconds', 0, 100, 40, '0                   50ns                '],
  ['half an hour', 0, 1.8e12, 50, '0            500s          1000s         1500s    '],
])('%s', (_, start, end, width, expected) => {
  const ticks = rulerTicks({ startNs: nanos(start), endNs: nanos(end) }, width);
  expect(rulerLine(ticks, width)).toBe(expected);
});

test('grid lines stand under the ticks, but not at the left edge', () => {
  const ticks = rulerTicks({ startNs: nanos(0), endNs: nanos(1e9) }, 40);
  expect(gridLine(ticks, 40, '|')).toBe('                    |                  |');
});

test('labels never touch, all are different, the line is as wide as asked', () => {
  const window = fc.tuple(
    fc.nat(1e9),
    fc.integer({ min: 1, max: 1e12 }),
    fc.integer({ min: 8, max: 250 }),
  );
  fc.assert(
    fc.property(window, ([start, length, width]) => {
      const ticks = rulerTicks({ startNs: nanos(start), endNs: nanos(start + length) }, width);
      const line = rulerLine(ticks, width);
      expect(line).toHaveLength(width);
      const labels = line.trim().split(/ +/).filter(Boolean);
      expect(new Set(labels).size).toBe(labels.length);
    }),
  );
});
