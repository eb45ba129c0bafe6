import { expect, test } from 'vitest';
import { parseDuration } from '../../src/cli/parse-duration.ts';

test.each([
  ['0', 0],
  ['5ns', 5],
  ['300ms', 300e6],
  ['1.5s', 1.5e9],
  ['1m30s', 90e9],
  ['10us', 10e3],
  ['10µs', 10e3],
  ['10μs', 10e3],
  ['2h', 7200e9],
  ['7d', 604_800e9],
])('%s is %d ns', (text, ns) => {
  expect(parseDuration(text, '--min-duration')).toBe(ns);
});

test.each(['', '5', 'fast', '-3s', '1 s', '1sx', '.5s'])('"%s" is refused by name', (text) => {
  expect(() => parseDuration(text, '--min-duration')).toThrow(
    `--min-duration takes a duration, not "${text}"`,
  );
});
