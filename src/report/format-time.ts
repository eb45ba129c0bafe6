import type { UnixNano } from '../model/time.ts';

export type TimeZone = 'local' | 'utc';

/** A point in time for people, to the millisecond: `2026-08-19 12:00:00.123`, with a `Z` in UTC; `–` for 0, which means unknown. */
export function formatTime(time: UnixNano, zone: TimeZone): string {
  if (time === 0n) return '–';
  const date = new Date(Number(time / 1_000_000n));
  if (zone === 'utc') return date.toISOString().replace('T', ' ');
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

const NS_PER_YEAR = 366n * 24n * 3_600_000_000_000n;

/** Whether a time is of 1970: no trace was recorded then. */
export function isDoubtfulTime(time: UnixNano): boolean {
  return time > 0n && time < NS_PER_YEAR;
}

export const DOUBTFUL_TIME =
  'times in 1970: the producer counted from another beginning, or in another unit than its format says';
