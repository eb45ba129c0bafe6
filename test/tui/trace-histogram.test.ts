import { expect, test } from 'vitest';
import { timeRange } from '../../src/tui/trace-histogram.ts';

test.each([
  ['no traces', [], { from: 0, to: 1 }],
  ['no trace with a known start', [0, 0], { from: 0, to: 1 }],
  ['one moment', [5, 0, 5], { from: 5, to: 6 }],
  ['several', [9, 0, 5], { from: 5, to: 9 }],
] as const)('the axis of %s has a beginning and an end', (_, startMs, expected) => {
  expect(timeRange({ startMs: Float64Array.from(startMs) })).toEqual(expected);
});
