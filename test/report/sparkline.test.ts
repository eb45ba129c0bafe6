import { expect, test } from 'vitest';
import { sparkline } from '../../src/report/sparkline.ts';

test.each([
  ['rises in eight steps', [0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
  ['is as high as bars get at the largest value, however small', [0.001, 0], '█▁'],
  ['lifts what is not nothing off the ground', [1, 0, 1_000_000], '▂▁█'],
  ['leaves a blank where nothing is known', [null, 3, null], ' █ '],
  ['stays on the ground when all is nothing', [0, 0], '▁▁'],
  ['is empty without values', [], ''],
])('%s', (_, values, bars) => {
  expect(sparkline(values)).toBe(bars);
});
