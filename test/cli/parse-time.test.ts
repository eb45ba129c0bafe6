import { expect, test } from 'vitest';
import { parseTime } from '../../src/cli/parse-time.ts';
import { unixNano } from '../../src/model/time.ts';

const NEWEST = unixNano(1_755_600_000_123_456_789n);

test.each([
  ['2025-08-19', 1_755_561_600_000_000_000n],
  ['2025-08-19T10:40:00Z', 1_755_600_000_000_000_000n],
  ['2025-08-19T10:40:00.123456789Z', 1_755_600_000_123_456_789n],
  ['2025-08-19 12:40:00+02:00', 1_755_600_000_000_000_000n],
  ['2025-08-19T10:40', 1_755_600_000_000_000_000n],
  ['2h', 1_755_592_800_123_456_789n],
  ['500ms', 1_755_599_999_623_456_789n],
  ['99999d', 0n],
])('%s', (text, expected) => {
  expect(parseTime(text, '--since', NEWEST)).toBe(expected);
});

test.each(['', 'yesterday', '2025-13-45', '2025', '1755600000'])('"%s" is refused', (text) => {
  expect(() => parseTime(text, '--since', NEWEST)).toThrow('--since takes a time');
});
