import type { AttributeValue } from '../../model/attributes.ts';
import { attributesJson } from '../../report/attribute-json.ts';

/** The type of a value in a few letters, as OpenTelemetry has it. */
export function attributeType(value: AttributeValue): string {
  if (value === null) return 'empty';
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) return 'list';
  return TYPES.get(typeof value) ?? 'map';
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'string'],
  ['boolean', 'bool'],
  ['bigint', 'int'],
  ['number', 'double'],
]);

/** A value as text: strings as they are, lists and maps as JSON, bytes as hex. Not cleaned, may have line breaks. */
export function attributeText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value === null || typeof value !== 'object') return String(value);
  const json = attributesJson(new Map([['value', value]]));
  return JSON.stringify(json).slice('{"value":'.length, -1);
}
