import { type UnixNano, unixNano } from '../model/time.ts';
import { UserError } from '../model/user-error.ts';
import type { TimeZone } from '../report/format-time.ts';
import { parseDuration } from './parse-duration.ts';

const DATE =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,](?<fraction>\d{1,9}))?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** How a time is meant: what it counts back from, and where its clock stands. */
interface TimeContext {
  /** The start of the newest trace of the store. */
  readonly newest: UnixNano;
  /** The zone of what has none of its own: that in which times are printed. */
  readonly zone: TimeZone;
}

/**
 * A point in time: an ISO 8601 date or date and time, exact to the nanosecond, in `zone` unless it names an offset, or a length of time
 * before `newest` (`2h`): dumps are looked at long after they were made. Throws a usage error for anything else.
 */
export function parseTime(text: string, option: string, { newest, zone }: TimeContext): UnixNano {
  const date = DATE.exec(text);
  if (date) return parseDate(text, { fraction: date.groups?.['fraction'] ?? '', option, zone });
  const before = lengthOf(text, option);
  if (before === null) throw notATime(text, option);
  return unixNano(newest > before ? newest - before : 0n);
}

/** Null for what is none: times that may be either are explained together. */
function lengthOf(text: string, option: string): bigint | null {
  if (!/^\d+(\.\d+)?[a-zµμ]/.test(text)) return null;
  try {
    return BigInt(parseDuration(text, option));
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function parseDate(
  text: string,
  { fraction, option, zone }: { fraction: string; option: string; zone: TimeZone },
): UnixNano {
  const typed = text.replace(/[.,]\d+/, '').replace(' ', 'T');
  // Without a time of day, Date would take it for UTC.
  const seconds = /T/.test(typed) ? typed : `${typed}T00:00`;
  const isZoned = /T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(seconds);
  const ms = Date.parse(zone === 'utc' && !isZoned ? `${seconds}Z` : seconds);
  if (Number.isNaN(ms) || ms < 0) throw notATime(text, option);
  return unixNano(BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0') || '0'));
}

function notATime(text: string, option: string): UserError {
  return new UserError('usage', `${option} takes a time, not "${text}"`, {
    fix: `${option} 2026-08-19T12:00:00Z, or ${option} 2h (30m, 7d) before the newest trace`,
  });
}
