import { type Attributes, type AttributeValue, NO_ATTRIBUTES } from '../../model/attributes.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import { putAttribute } from '../put-attribute.ts';
import {
  badField,
  isJsonObject,
  type Report,
  readObjects,
  toInteger,
  toNumber,
} from '../read-field.ts';

const INT64_END = 2n ** 63n;

/**
 * The attributes in field `attributes` of a span, event, link, resource or scope: `[{"key": …, "value": {"stringValue": …}}]`.
 * An attribute without a usable value is reported and left out; an empty value is null.
 */
export function readOtlpAttributes(from: JsonObject, report: Report): Attributes {
  const entries = readObjects(from, 'attributes', report);
  return entries.length === 0 ? NO_ATTRIBUTES : attributeMap(entries, report);
}

function attributeMap(
  entries: readonly JsonObject[],
  report: Report,
): ReadonlyMap<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  for (const entry of entries) {
    const key = entry['key'] ?? '';
    const value = entryValue(entry, report);
    if (typeof key !== 'string') badField(report, 'key', key);
    else if (value !== undefined) putAttribute(attributes, [key, value], report);
  }
  return attributes;
}

function entryValue(entry: JsonObject, report: Report): AttributeValue | undefined {
  const value = entry['value'];
  if (isJsonObject(value)) return anyValue(value, report);
  if (value === undefined || value === null) return valueBesideKey(entry, report);
  badField(report, 'value', value);
  return undefined;
}

/** What a value is worth that was left out because it is the default, by the `type` that OTLP 0.2 has. */
const DEFAULTS: ReadonlyMap<JsonValue, AttributeValue> = new Map<JsonValue, AttributeValue>([
  [0, ''],
  ['STRING', ''],
  [1, 0n],
  ['INT', 0n],
  [2, 0],
  ['DOUBLE', 0],
  [3, false],
  ['BOOL', false],
]);

/** OTLP 0.2 has the value beside the key: `{"key": "k", "type": 1, "intValue": "5"}`. */
function valueBesideKey(entry: JsonObject, report: Report): AttributeValue | undefined {
  const value = anyValue(entry, report);
  const type = entry['type'];
  return value === null && type !== undefined ? (DEFAULTS.get(type) ?? null) : value;
}

/** An AnyValue: undefined when it is damaged (and reported), null when it is empty. Nesting is limited by the JSON scanner. */
function anyValue(value: JsonObject, report: Report): AttributeValue | undefined {
  const string = value['stringValue'] ?? value['string_value'];
  if (typeof string === 'string') return string;
  const key = Object.keys(value).find((candidate) => READERS.has(candidate));
  const raw = key === undefined ? null : value[key];
  if (key === undefined || raw === null || raw === undefined) return null;
  const read = READERS.get(key)?.(raw, report);
  if (read === undefined) badField(report, key, raw);
  return read;
}

type ValueReader = (raw: JsonValue, report: Report) => AttributeValue | undefined;

const VALUE_READERS: Readonly<Record<string, ValueReader>> = {
  stringValue: () => undefined,
  boolValue: readBool,
  intValue: readInt64,
  doubleValue: (raw) => toNumber(raw) ?? undefined,
  bytesValue: (raw) => (typeof raw === 'string' ? bytes(raw) : undefined),
  arrayValue: readArray,
  kvlistValue: (raw, report) =>
    isJsonObject(raw) ? attributeMap(readObjects(raw, 'values', report), report) : undefined,
};

/** The readers by both spellings of their fields. */
const READERS: ReadonlyMap<string, ValueReader> = new Map(
  Object.entries(VALUE_READERS).flatMap(([name, read]) => [
    [name, read],
    [snakeCase(name), read],
  ]),
);

/** `startTimeUnixNano` as the protocol's own files spell it: `start_time_unix_nano`. */
export function snakeCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function readBool(raw: JsonValue): boolean | undefined {
  if (typeof raw === 'boolean') return raw;
  if (raw === 'true') return true;
  return raw === 'false' ? false : undefined;
}

function readInt64(raw: JsonValue): bigint | undefined {
  const integer = toInteger(raw);
  const fits = integer !== null && integer >= -INT64_END && integer < INT64_END;
  return fits ? integer : undefined;
}

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function readArray(raw: JsonValue, report: Report): AttributeValue | undefined {
  if (!isJsonObject(raw)) return undefined;
  const values = readObjects(raw, 'values', report);
  return values.map((value) => anyValue(value, report) ?? null);
}
