import { isUnixNano, type UnixNano, unixNano } from '../model/time.ts';
import type { IssueCode } from './import-issue.ts';
import type { JsonObject, JsonValue } from './json/json-shape.ts';

/** Told of what is wrong with the record at hand; its decoder adds the place. */
export type Report = (code: IssueCode, example: string) => void;

const UINT32_END = 2 ** 32;

/**
 * The own field `key` of `from`. Undefined when it is absent or null, which mean the same in every format.
 * `alias` is a second spelling, asked when there is no `key`.
 */
export function readField(
  from: JsonObject,
  key: string,
  alias?: string,
): Exclude<JsonValue, null> | undefined {
  const value = Object.hasOwn(from, key) ? from[key] : undefined;
  if (value !== undefined && value !== null) return value;
  return alias === undefined ? undefined : readField(from, alias);
}

/** A string field, null when absent. Anything else is reported. */
export function readString(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): string | null {
  const value = readField(from, key, alias);
  if (value === undefined || typeof value === 'string') return value ?? null;
  return badField(report, key, value);
}

/** A whole number, as number or decimal string, exact; null when absent. Anything else is reported. */
export function readInteger(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): bigint | null {
  const value = readField(from, key, alias);
  if (value === undefined) return null;
  return toInteger(value) ?? badField(report, key, value);
}

/** A number, also as decimal string, `NaN`, `Infinity` or `-Infinity`; null when absent. Anything else is reported. */
export function readNumber(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): number | null {
  const value = readField(from, key, alias);
  if (value === undefined) return null;
  return toNumber(value) ?? badField(report, key, value);
}

/** A count or a set of bits within uint32; 0 when absent. Anything else is reported and 0: some producers write −1 for none. */
export function readUint32(from: JsonObject, key: string, report: Report, alias?: string): number {
  const value = readField(from, key, alias);
  if (value === undefined) return 0;
  const count = Number(toInteger(value) ?? Number.NaN);
  if (count >= 0 && count < UINT32_END) return count;
  badField(report, key, value);
  return 0;
}

/** `true` or `false`, also as string; null when absent. Anything else is reported. */
export function readBoolean(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): boolean | null {
  const value = readField(from, key, alias);
  if (value === undefined || typeof value === 'boolean') return value ?? null;
  if (value === 'true') return true;
  if (value === 'false') return false;
  return badField(report, key, value);
}

/** An object field, null when absent. Anything else is reported. */
export function readObject(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): JsonObject | null {
  const value = readField(from, key, alias);
  if (value === undefined) return null;
  return isJsonObject(value) ? value : badField(report, key, value);
}

/** A list field, empty when absent. Anything else is reported. */
export function readList(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): readonly JsonValue[] {
  const value = readField(from, key, alias);
  if (value === undefined) return [];
  return isJsonList(value) ? value : (badField(report, key, value) ?? []);
}

/** The objects of a list field, empty when absent. Everything in it that is no object is reported and left out. */
export function readObjects(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): readonly JsonObject[] {
  const values = readList(from, key, report, alias);
  if (values.every(isJsonObject)) return values;
  for (const value of values) if (!isJsonObject(value)) badField(report, key, value);
  return values.filter(isJsonObject);
}

/** A point in time as read from a field. `bad` has been reported. */
export type TimeField = UnixNano | 'absent' | 'bad';

/** A time in whole nanoseconds since 1970, as number or decimal string. */
export function readUnixNano(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): TimeField {
  const value = readField(from, key, alias);
  if (value === undefined || value === '') return 'absent';
  return timeField(toInteger(value), key, value, report);
}

/** A time in microseconds since 1970, as number or decimal string; a fraction is rounded to the nanosecond, half up. */
export function readUnixMicros(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): TimeField {
  const value = readField(from, key, alias);
  if (value === undefined || value === '') return 'absent';
  return timeField(microsToNanos(value), key, value, report);
}

/** A length of time in microseconds, given in nanoseconds; rounded as `readUnixMicros`. May be negative. Null when absent. */
export function readMicros(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): bigint | null {
  const value = readField(from, key, alias);
  if (value === undefined) return null;
  return microsToNanos(value) ?? badField(report, key, value);
}

/** Whether a value is an object, not a list and not null. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A whole number out of a number or a decimal string, else null. */
export function toInteger(value: JsonValue): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : null;
  return typeof value === 'string' && /^\s*[+-]?\d{1,64}\s*$/.test(value) ? BigInt(value) : null;
}

/** A double out of a number or its text, else null. */
export function toNumber(value: JsonValue): number | null {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return null;
  if (value === 'NaN') return Number.NaN;
  const number = Number(value);
  return value.trim() === '' || Number.isNaN(number) ? null : number;
}

/** Reports a field that is of the wrong type or out of range, quoting it. Gives null, the value of an absent field. */
export function badField(report: Report, key: string, value: JsonValue): null {
  report('bad-field', `${key}: ${quote(value)}`);
  return null;
}

/** A value in a few words, for an issue's example. */
export function quote(value: JsonValue): string {
  if (isJsonList(value)) return `a list of ${value.length}`;
  if (isJsonObject(value)) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : String(value);
}

function timeField(time: bigint | null, key: string, value: JsonValue, report: Report): TimeField {
  if (time !== null && isUnixNano(time)) return unixNano(time);
  badField(report, key, value);
  return 'bad';
}

function microsToNanos(value: JsonValue): bigint | null {
  const whole = toInteger(value);
  if (whole !== null) return whole * 1000n;
  const micros = toNumber(value);
  if (micros === null || !Number.isFinite(micros)) return null;
  // Split before multiplying: today's microseconds times 1000 are past 2^53.
  const floor = Math.floor(micros);
  return BigInt(floor) * 1000n + BigInt(Math.round((micros - floor) * 1000));
}
