/**
 * One attribute's value, OpenTelemetry's AnyValue:
 * string · boolean · int64 as bigint · double as number · bytes · list · map · null (present but empty).
 * The JavaScript type tells the wire type, so `1` (1n), `1.0` (1), `"1"` and `true` stay distinct.
 */
export type AttributeValue =
  | string
  | boolean
  | bigint
  | number
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | AttributeMap;

/** A nested map value (OTLP's kvlistValue). */
export type AttributeMap = ReadonlyMap<string, AttributeValue>;

/** Key → value in the order of the dump. Of a key that occurs twice the last value wins, in the position of the first. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** No attributes, shared. */
export const NO_ATTRIBUTES: Attributes = new Map();

/** Whether `value` is a nested map. */
export function isAttributeMap(value: AttributeValue): value is AttributeMap {
  return value instanceof Map;
}

/** The value of `key` if it is a non-empty string, else null. */
export function stringAttribute(attributes: Attributes, key: string): string | null {
  const value = attributes.get(key);
  return typeof value === 'string' && value !== '' ? value : null;
}
