import { expect, test } from 'vitest';
import { encodeAttributes } from '../../src/encoding/attribute-text.ts';
import type { AttributeValue } from '../../src/model/attributes.ts';
import { attributeHash, eachAttributeHash, endOfValue } from '../../src/store/chunk-digest.ts';

function hashesOf(attributes: Record<string, AttributeValue>): number[] {
  const bytes = Buffer.from(encodeAttributes(new Map(Object.entries(attributes))));
  const hashes: number[] = [];
  eachAttributeHash(bytes, 0, bytes.length, (hash) => hashes.push(hash));
  return hashes;
}

test.each<[string, AttributeValue, string]>([
  ['text', 'GET /cart', '"k":"GET /cart"'],
  ['text with escapes', 'a "b" \\ {c,d}', '"k":"a \\"b\\" \\\\ {c,d}"'],
  ['an integer', 500n, '"k":500'],
  ['a double', 0.5, '"k":0.5'],
  ['a truth value', true, '"k":true'],
  ['a list, by its beginning', ['a', 'b'], '"k":['],
  ['a map, by its beginning', new Map([['x', 1n]]), '"k":{'],
])('an attribute leaves the hash of its key and of its value: %s', (_, value, piece) => {
  const between = { before: 'x', k: value, after: [1n, 'y}'] };
  const hashes = hashesOf(between);
  expect(hashes).toContain(attributeHash('"k":'));
  expect(hashes).toContain(attributeHash(piece));
  expect(hashes).toContain(attributeHash('"after":['));
  expect(hashes).toHaveLength(6);
});

test('a value ends at the comma or brace behind it, whatever stands in it', () => {
  const text = Buffer.from('{"a":{"m":{"x":[1,"}"]}},"b":2}');
  const at = text.indexOf('"a":') + 4;
  expect(text.toString('utf8', at, endOfValue(text, at, text.length))).toBe('{"m":{"x":[1,"}"]}}');
});
