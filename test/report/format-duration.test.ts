import { expect, test } from 'vitest';
import { nanos } from '../../src/model/time.ts';
import { formatDuration } from '../../src/report/format-duration.ts';

test.each([
  [0, '0'],
  [1, '1ns'],
  [999, '999ns'],
  [1_000, '1.00µs'],
  [9_994, '9.99µs'],
  [9_995, '10.0µs'],
  [99_949, '99.9µs'],
  [99_950, '100µs'],
  [999_499, '999µs'],
  [999_500, '1.00ms'],
  [12_345_678, '12.3ms'],
  [1_234_567_890, '1.23s'],
  [59_499_999_999, '59.5s'],
  [59_500_000_000, '1m00s'],
  [90_000_000_000, '1m30s'],
  [3_600_000_000_000, '1h00m'],
  [7_500_000_000_000, '2h05m'],
  [-1_500, '-1.50µs'],
])('%d ns reads %s', (ns, text) => {
  expect(formatDuration(nanos(ns))).toBe(text);
});
