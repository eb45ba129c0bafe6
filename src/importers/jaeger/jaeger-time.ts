import { TIME_FLAGS } from '../../model/span.ts';
import { parseDateTime, readDateTime } from '../date-time.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import {
  badField,
  type Report,
  readMicros,
  readUnixMicros,
  type TimeField,
  toInteger,
} from '../read-field.ts';
import { type SpanTimes, timesFrom } from '../span-builder.ts';
import { FIELD, nameOf } from './jaeger-fields.ts';

/** Go's units of time in nanoseconds; it writes µ in either of Unicode's two ways. */
const UNIT_NS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
const GO_DURATION = /^[+-]?(?:\d+(?:\.\d{0,9})?(?:ns|us|µs|μs|ms|s|m|h))+$/;
const GO_DURATION_PART = /(\d+)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g;

/** What the numbers of a form's durations count. Starts are microseconds in every form that has them as numbers. */
export type DurationUnit = 'us' | 'ns';

/** When a span ran: `startTime` and `duration`, as numbers, RFC 3339 or Go's text. Reports what is missing or no time. */
export function readTimes(record: JsonObject, unit: DurationUnit, report: Report): SpanTimes {
  const start = readMoment(record, nameOf(record, FIELD.startTime), report);
  const name = nameOf(record, FIELD.duration);
  const duration = name === null ? null : readDuration(record, name, unit, report);
  const times = timesFrom(start, duration, report);
  const isBad = name !== null && duration === null;
  return isBad ? { ...times, timeFlags: times.timeFlags | TIME_FLAGS.badTime } : times;
}

/** The time of field `name`: microseconds since the epoch, or RFC 3339, where Go's zero time (year 1) means none. */
export function readMoment(record: JsonObject, name: string | null, report: Report): TimeField {
  if (name === null) return 'absent';
  const raw = record[name];
  const isDateTime = typeof raw === 'string' && parseDateTime(raw) !== null;
  return isDateTime ? readDateTime(record, name, report) : readUnixMicros(record, name, report);
}

function readDuration(
  record: JsonObject,
  name: string,
  unit: DurationUnit,
  report: Report,
): bigint | null {
  const raw: JsonValue = record[name] ?? null;
  const length = typeof raw === 'string' ? parseGoDuration(raw) : null;
  if (length !== null) return length;
  if (unit === 'us') return readMicros(record, name, report);
  return toInteger(raw) ?? badField(report, name, raw);
}

/** Go's `time.Duration` as text (`100000ns`, `1m2.5s`) or protobuf's (`0.0001s`) in nanoseconds, null for other text. */
function parseGoDuration(text: string): bigint | null {
  if (!GO_DURATION.test(text)) return null;
  let sum = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(GO_DURATION_PART)) {
    const parts = BigInt(whole + fraction) * (UNIT_NS.get(unit) ?? 0n);
    sum += parts / 10n ** BigInt(fraction.length);
  }
  return text.startsWith('-') ? -sum : sum;
}
