import type { AttributeValue } from '../model/attributes.ts';
import type { Report } from './read-field.ts';

/** Adds an attribute. Of a key that occurs twice the last value wins, in the position of the first; what is lost so is reported. */
export function putAttribute(
  attributes: Map<string, AttributeValue>,
  [key, value]: readonly [string, AttributeValue],
  report: Report,
): void {
  const before = attributes.get(key);
  if (before !== undefined && before !== value) report('duplicate-attribute', key);
  attributes.set(key, value);
}
