import type { AttributeValue } from '../../model/attributes.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import { isJsonList } from '../read-field.ts';

/** The types a Jaeger tag can have. */
export type TagType = 'string' | 'bool' | 'int64' | 'float64' | 'binary';

/** Jaeger's types by every name they have: JSON API and storage, model, Thrift. */
const TYPES_BY_NAME: ReadonlyMap<string, TagType> = new Map([
  ['string', 'string'],
  ['bool', 'bool'],
  ['int64', 'int64'],
  ['long', 'int64'],
  ['float64', 'float64'],
  ['double', 'float64'],
  ['binary', 'binary'],
]);

/** Where the forms with one field per type keep a value, and what an absent field stands for (protobuf leaves out zeros). */
const TYPED_FIELDS: readonly (readonly [TagType, readonly string[], JsonValue])[] = [
  ['string', ['vStr', 'v_str', 'value_string'], ''],
  ['bool', ['vBool', 'v_bool', 'value_bool', 'vNum'], false],
  ['int64', ['vInt64', 'v_int64', 'vLong', 'value_long', 'vNum'], 0],
  ['float64', ['vFloat64', 'v_float64', 'vDouble', 'value_double', 'vNum'], 0],
  ['binary', ['vBinary', 'v_binary', 'vBlob', 'value_binary'], ''],
];

/** How a form writes the parts of a tag that the forms disagree on. */
export interface TagEncoding {
  /** Bytes as text: base64 in JSON, hex in Elasticsearch. */
  readonly binary: 'base64' | 'hex';
  /** The types in the order of the form's numbers, where types can be numbers. */
  readonly types: readonly TagType[];
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const HEX = /^(?:[0-9a-f]{2})*$/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The value of one tag or log field. Its `type` decides; a value that contradicts it is read by the type if that works
 * (`bool` "true", `int64` "9223372036854775222") and is kept as a string otherwise. Without a known type the JSON type decides.
 */
export function tagValue(tag: JsonObject, encoding: TagEncoding): AttributeValue {
  const type = tagType(tag, encoding);
  const { value } = tag;
  if (value !== undefined) return typedValue(type, value, encoding.binary);
  for (const [candidate, fields, zero] of TYPED_FIELDS) {
    if (type !== null && type !== candidate) continue;
    const field = fields.find((name) => (tag[name] ?? null) !== null);
    if (field !== undefined) return numberedValue(field, candidate, tag[field] ?? zero, encoding);
    if (type === candidate) return typedValue(type, zero, encoding.binary);
  }
  return '';
}

function tagType(tag: JsonObject, encoding: TagEncoding): TagType | null {
  const name =
    tag['type'] ?? tag['vType'] ?? tag['v_type'] ?? tag['ValueType'] ?? tag['value_type'];
  if (typeof name === 'string') return TYPES_BY_NAME.get(name.toLowerCase()) ?? null;
  return typeof name === 'number' ? (encoding.types[name] ?? null) : null;
}

/** The first model JSON kept booleans, integers and the bits of a float64 alike in `vNum`. */
function numberedValue(
  field: string,
  type: TagType,
  value: JsonValue,
  encoding: TagEncoding,
): AttributeValue {
  const isBits = field === 'vNum' && type === 'float64';
  if (!isBits || (typeof value !== 'bigint' && !Number.isInteger(value))) {
    return typedValue(type, value, encoding.binary);
  }
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigInt64(0, BigInt(value as bigint | number));
  return bits.getFloat64(0);
}

/** `value` as an attribute of type `type`, or of its own JSON type when that is null. */
export function typedValue(
  type: TagType | null,
  value: JsonValue,
  binary: TagEncoding['binary'],
): AttributeValue {
  if (value === null || type === null) return untypedValue(value);
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : asText(value);
    case 'bool':
      return booleanOf(value) ?? asText(value);
    case 'int64':
      return integerOf(value) ?? asText(value);
    case 'float64':
      return doubleOf(value) ?? asText(value);
    case 'binary':
      return bytesOf(value, binary) ?? asText(value);
  }
}

/** `value` by its JSON type: whole numbers become int64, objects maps. */
export function untypedValue(value: JsonValue): AttributeValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'bigint') return isInt64(value) ? value : String(value);
  if (value === null || typeof value !== 'object') return value;
  if (isJsonList(value)) return value.map(untypedValue);
  return new Map(Object.entries(value).map(([key, inner]) => [key, untypedValue(inner)]));
}

function booleanOf(value: JsonValue): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : null;
}

function integerOf(value: JsonValue): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  const integer = typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : value;
  return typeof integer === 'bigint' && isInt64(integer) ? integer : null;
}

function doubleOf(value: JsonValue): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isNaN(number) && value !== 'NaN' ? null : number;
}

/** Bytes as text, or as the list of numbers that Thrift's JSON has. */
function bytesOf(value: JsonValue, binary: TagEncoding['binary']): Uint8Array | null {
  if (typeof value === 'string') {
    const isValid = (binary === 'hex' ? HEX : BASE64).test(value);
    return isValid ? new Uint8Array(Buffer.from(value, binary)) : null;
  }
  if (!isJsonList(value)) return null;
  const bytes = value.map((byte) => (typeof byte === 'number' ? byte : Number.NaN));
  const isValid = bytes.every((byte) => Number.isInteger(byte) && byte >= -128 && byte <= 255);
  return isValid ? Uint8Array.from(bytes) : null;
}

function asText(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  );
}

function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}
