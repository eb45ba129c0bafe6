import { isUnixNano, unixNano } from '../model/time.ts';
import type { JsonObject } from './json/json-shape.ts';
import { badField, type Report, readField, type TimeField } from './read-field.ts';

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/i;

/** Go prints its zero time for none. */
const GO_ZERO = '0001-01-01T00:00:00';

/** RFC 3339 as nanoseconds since the epoch, null for other text. Digits of a second past the ninth are cut. */
export function parseDateTime(text: string): bigint | null {
  const [, date, time, fraction = '', zone = 'Z'] = DATE_TIME.exec(text) ?? [];
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** A time as RFC 3339; absent also when it is Go's zero time. */
export function readDateTime(from: JsonObject, key: string, report: Report): TimeField {
  const value = readField(from, key);
  if (value === undefined || value === '') return 'absent';
  const time = typeof value === 'string' ? parseDateTime(value) : null;
  if (time !== null && isUnixNano(time)) return unixNano(time);
  if (typeof value === 'string' && value.startsWith(GO_ZERO)) return 'absent';
  badField(report, key, value);
  return 'bad';
}
