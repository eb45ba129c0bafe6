import {
  type AttributeMap,
  type Attributes,
  type AttributeValue,
  isAttributeMap,
  NO_ATTRIBUTES,
} from '../model/attributes.ts';
import {
  isObject,
  type Parsed,
  type ParsedObject,
  parseInOrder,
  scalarText,
} from './ordered-json.ts';

/**
 * Attributes as one line of JSON that keeps every type and the order of keys, and that `json_each` can read:
 *
 *     string, bool, null, list   as JSON
 *     int64                      12        {"i":"9223372036854775807"} outside ±(2^53−1)
 *     double                     0.5       {"d":1} when integral, {"d":"NaN"}, {"d":"Infinity"}, {"d":"-0"}
 *     bytes                      {"b":"AQID"} (base64)
 *     map                        {"m":{"key":…}}
 *
 * Lone surrogates and control characters are escaped, so the text is always valid UTF-8 without NUL.
 */
export function encodeAttributes(attributes: Attributes): string {
  let text = '';
  for (const [key, value] of attributes) {
    text += `${text === '' ? '{' : ','}${encodeKey(key)}${encodeValue(value)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** The attributes that `encodeAttributes` was given. */
export function decodeAttributes(text: string): Attributes {
  const { root, prefix } = parseInOrder(text);
  return isObject(root) ? attributesOf(root, prefix) : NO_ATTRIBUTES;
}

/** One value of attributes from its own text. */
export function decodeAttributeValue(text: string): AttributeValue {
  const { root, prefix } = parseInOrder(text);
  return decodeValue(root, prefix);
}

/** The attributes in an object that `parseInOrder` parsed. */
export function attributesOf(object: ParsedObject, prefix: string): Attributes {
  const map = new Map<string, AttributeValue>();
  for (const key of Object.keys(object)) {
    map.set(key.slice(prefix.length), decodeValue(object[key] ?? null, prefix));
  }
  return map;
}

/** `"key":` of keys that were encoded before; the same few occur in every span. */
const KEYS = new Map<string, string>();
const KEYS_KEPT = 10_000;

function encodeKey(key: string): string {
  let text = KEYS.get(key);
  if (text === undefined) {
    text = `${JSON.stringify(key)}:`;
    if (KEYS.size >= KEYS_KEPT) KEYS.clear();
    KEYS.set(key, text);
  }
  return text;
}

function encodeValue(value: AttributeValue): string {
  if (typeof value === 'string') return encodeString(value);
  if (typeof value === 'bigint') return encodeInteger(value);
  if (typeof value === 'number') return encodeDouble(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value === null ? 'null' : encodeComposite(value);
}

/** ASCII that JSON does not escape. A test and two quotes cost a third of a call of JSON.stringify. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function encodeString(value: string): string {
  return value.length < 200 && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}

function encodeInteger(value: bigint): string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? String(number) : `{"i":"${value}"}`;
}

/** A double as it stands in attributes. */
export function encodeDouble(value: number): string {
  if (Object.is(value, -0)) return '{"d":"-0"}';
  if (!Number.isFinite(value)) return `{"d":"${value}"}`;
  return Number.isInteger(value) ? `{"d":${value}}` : String(value);
}

function encodeComposite(value: Uint8Array | readonly AttributeValue[] | AttributeMap): string {
  if (value instanceof Uint8Array) return `{"b":"${base64(value)}"}`;
  if (isAttributeMap(value)) return `{"m":${encodeAttributes(value)}}`;
  return `[${value.map(encodeValue).join(',')}]`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function decodeValue(value: Parsed, prefix: string): AttributeValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return isObject(value)
    ? decodeTagged(value, prefix)
    : value.map((element) => decodeValue(element, prefix));
}

/** `{"i":…}`, `{"d":…}`, `{"b":…}` or `{"m":…}`. */
function decodeTagged(object: ParsedObject, prefix: string): AttributeValue {
  for (const key of Object.keys(object)) {
    const value = object[key] ?? null;
    const tag = key.slice(prefix.length);
    if (tag === 'i') return BigInt(scalarText(value));
    if (tag === 'd') return Number(scalarText(value));
    if (tag === 'b') return new Uint8Array(Buffer.from(scalarText(value), 'base64'));
    if (isObject(value)) return attributesOf(value, prefix);
  }
  return null;
}
