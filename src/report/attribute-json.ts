import { type Attributes, type AttributeValue, isAttributeMap } from '../model/attributes.ts';
import type { JsonDocument } from './render-json.ts';

/**
 * Attributes as a JSON object. Integers past 2^53 and non-finite numbers become strings (`"9223372036854775807"`, `"NaN"`), bytes
 * become base64; everything else is the JSON of its own type.
 */
export function attributesJson(attributes: Attributes): JsonDocument {
  // fromEntries defines keys like `__proto__` instead of setting them.
  return Object.fromEntries([...attributes].map(([key, value]) => [key, valueJson(value)]));
}

function valueJson(value: AttributeValue): JsonDocument {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return base64(value);
  if (value === null || typeof value !== 'object') return value;
  if (isAttributeMap(value)) return attributesJson(value);
  return (value as readonly AttributeValue[]).map(valueJson);
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

function base64(bytes: Uint8Array): string {
  // In pieces: a call takes only so many arguments.
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}
