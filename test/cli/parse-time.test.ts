import { afterEach, expect, test } from 'vitest';
import { parseTime } from '../../src/cli/parse-time.ts';
import { unixNano } from '../../src/model/time.ts';

const NEWEST = unixNano(1_755_600_000_123_456_789n);
const UTC = { newest: NEWEST, zone: 'utc' } as const;
const LOCAL = { newest: NEWEST, zone: 'local' } as const;

test.each([
  ['2025-08-19', 1_755_561_600_000_000_000n],
  ['2025-08-19T10:40:00Z', 1_755_600_000_000_000_000n],
  ['2025-08-19T10:40:00.123456789Z', 1_755_600_000_123_456_789n],
  ['2025-08-19 12:40:00+02:00', 1_755_600_000_000_000_000n],
  ['2025-08-19T10:40', 1_755_600_000_000_000_000n],
  ['2h', 1_755_592_800_123_456_789n],
  ['500ms', 1_755_599_999_623_456_789n],
  ['99999d', 0n],
])('%s in UTC', (text, expected) => {
  expect(parseTime(text, '--since', UTC)).toBe(expected);
});

const zoneBefore = process.env['TZ'];
afterEach(() => {
  process.env['TZ'] = zoneBefore;
});

test.each([
  ['a date begins at local midnight', '2025-08-19', 1_755_554_400_000_000_000n],
  ['a time without a zone is local', '2025-08-19 12:40:00.5', 1_755_600_000_500_000_000n],
  ['a zone that is typed wins', '2025-08-19T10:40:00Z', 1_755_600_000_000_000_000n],
])('times are typed as they are printed: %s', (_, text, expected) => {
  process.env['TZ'] = 'Europe/Berlin';
  expect(parseTime(text, '--since', LOCAL)).toBe(expected);
});

test('a length of time in a unit that does not exist is answered with ones that do', () => {
  expect(() => parseTime('7x', '--older-than', UTC)).toThrow(
    expect.objectContaining({
      what: '--older-than takes a time, not "7x"',
      fix: '--older-than 2026-08-19T12:00:00Z, or --older-than 2h (30m, 7d) before the newest trace',
    }),
  );
});

test.each(['', '7x', 'yesterday', '2025-13-45', '2025', '1755600000'])(
  '"%s" is refused',
  (text) => {
    expect(() => parseTime(text, '--since', UTC)).toThrow('--since takes a time');
  },
);
