import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAttributes, encodeAttributes } from '../../src/encoding/attribute-text.ts';
import type { AttributeValue } from '../../src/model/attributes.ts';
import { anyAttributes } from '../helpers/any-span.ts';

test('any attributes come back with their types and in their order', () => {
  fc.assert(
    fc.property(anyAttributes, (attributes) => {
      const text = encodeAttributes(attributes);
      const decoded = decodeAttributes(text);
      expect(decoded).toEqual(attributes);
      expect([...decoded.keys()]).toEqual([...attributes.keys()]);
      expect(encodeAttributes(decoded)).toBe(text);
      expect(Buffer.from(text).toString()).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test.each<[string, AttributeValue, string]>([
  ['a string', 'GET', '"GET"'],
  ['a string that JSON escapes', 'a"\\\n\u0000', '"a\\"\\\\\\n\\u0000"'],
  ['a lone surrogate', '\ud800', '"\\ud800"'],
  ['a bool', true, 'true'],
  ['an integer', 200n, '200'],
  ['the largest safe integer', 2n ** 53n - 1n, '9007199254740991'],
  ['an integer beyond the safe ones', 2n ** 53n, '{"i":"9007199254740992"}'],
  ['the smallest int64', -(2n ** 63n), '{"i":"-9223372036854775808"}'],
  ['a double', 0.25, '0.25'],
  ['an integral double', 1, '{"d":1}'],
  ['minus zero', -0, '{"d":"-0"}'],
  ['not a number', Number.NaN, '{"d":"NaN"}'],
  ['minus infinity', Number.NEGATIVE_INFINITY, '{"d":"-Infinity"}'],
  ['bytes', new Uint8Array([1, 2, 255]), '{"b":"AQL/"}'],
  ['empty', null, 'null'],
  ['a list', [1n, 'a', null], '[1,"a",null]'],
  ['a map', new Map<string, AttributeValue>([['d', 1n]]), '{"m":{"d":1}}'],
])('%s is readable JSON', (_, value, json) => {
  const attributes = new Map([['key', value]]);
  expect(encodeAttributes(attributes)).toBe(`{"key":${json}}`);
  expect(decodeAttributes(`{"key":${json}}`)).toEqual(attributes);
});

test('keys that look like array indexes stay in their place, also within maps', () => {
  const attributes = new Map<string, AttributeValue>([
    ['z', 'text with "1": and \\'],
    [
      '2',
      new Map([
        ['b', 1n],
        ['0', 2n],
      ]),
    ],
    ['1', 0.5],
  ]);
  const decoded = decodeAttributes(encodeAttributes(attributes));
  expect([...decoded.keys()]).toEqual(['z', '2', '1']);
  expect(JSON.stringify([...(decoded.get('2') as Map<string, bigint>).keys()])).toBe('["b","0"]');
  expect(decoded).toEqual(attributes);
});

test('a key named __proto__ is a key like any other', () => {
  const attributes = new Map<string, AttributeValue>([
    ['__proto__', 'x'],
    ['constructor', 1n],
  ]);
  expect(decodeAttributes(encodeAttributes(attributes))).toEqual(attributes);
});
