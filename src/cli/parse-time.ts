import { type UnixNano, unixNano } from '../model/time.ts';
import { UserError } from '../model/user-error.ts';
import { parseDuration } from './parse-duration.ts';

const DATE =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,](?<fraction>\d{1,9}))?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A point in time: an ISO 8601 date or date and time (without an offset: UTC), exact to the nanosecond, or a length of time before
 * `newest`, the start of the newest trace of the store (`2h`): dumps are looked at long after they were made. Throws a usage error for anything else.
 */
export function parseTime(text: string, option: string, newest: UnixNano): UnixNano {
  const date = DATE.exec(text);
  if (date) return parseDate(text, date.groups?.['fraction'] ?? '', option);
  if (/^\d+(\.\d+)?[a-zµμ]/.test(text)) {
    const before = newest - BigInt(parseDuration(text, option));
    return unixNano(before > 0n ? before : 0n);
  }
  throw notATime(text, option);
}

function parseDate(text: string, fraction: string, option: string): UnixNano {
  const seconds = text.replace(/[.,]\d+/, '').replace(' ', 'T');
  const zoned =
    /T/.test(seconds) && !/(Z|[+-]\d{2}:?\d{2})$/.test(seconds) ? `${seconds}Z` : seconds;
  const ms = Date.parse(zoned);
  if (Number.isNaN(ms) || ms < 0) throw notATime(text, option);
  return unixNano(BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0') || '0'));
}

function notATime(text: string, option: string): UserError {
  return new UserError('usage', `${option} takes a time, not "${text}"`, {
    fix: `${option} 2026-08-19T12:00:00Z, or ${option} 2h for two hours before the newest trace`,
  });
}
