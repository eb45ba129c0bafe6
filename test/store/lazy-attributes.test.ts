import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeAttributes } from '../../src/encoding/attribute-text.ts';
import type { Attributes, AttributeValue } from '../../src/model/attributes.ts';
import { shapedAttributes } from '../../src/model/shaped-attributes.ts';
import { LazyAttributes } from '../../src/store/lazy-attributes.ts';
import { anyAttributes } from '../helpers/any-span.ts';

/** In the middle of other texts, as in the store. */
function lazy(json: string): Attributes {
  const before = 'x"{';
  const bytes = Buffer.from(`${before}${json}}"y`);
  return LazyAttributes.of(bytes, before.length, before.length + Buffer.byteLength(json));
}

test('any attributes are read back with their types and in their order, all at once or one by one', () => {
  fc.assert(
    fc.property(anyAttributes, (attributes) => {
      const json = encodeAttributes(attributes);
      expect([...lazy(json)]).toEqual([...attributes]);
      expect([...lazy(json).keys()]).toEqual([...attributes.keys()]);
      for (const [key, value] of attributes) expect(lazy(json).get(key)).toEqual(value);
      expect(lazy(json).get('no such key')).toBeUndefined();
      expect(lazy(json).size).toBe(attributes.size);
    }),
    { numRuns: 1000 },
  );
});

test.each<[string, AttributeValue]>([
  ['an escape', 'a"\\\n\u0000'],
  ['more than ASCII', 'Zoë 山 🦊'],
  ['a lone surrogate', '\ud800'],
  ['brackets in a text', '{"a":[1,2]},'],
  ['nothing', ''],
  ['an integer beyond the safe ones', 2n ** 53n],
  ['an integral double', 1],
  ['not a number', Number.NaN],
  ['bytes', new Uint8Array([1, 2, 255])],
  ['a list', ['é]', 1n, null, true]],
  ['a map in a map', new Map([['0', new Map<string, AttributeValue>([['}', 'é']])]])],
])('%s between others', (_, value) => {
  const attributes = new Map<string, AttributeValue>([
    ['before', 'x'],
    ['it', value],
    ['after', 5n],
  ]);
  expect([...lazy(encodeAttributes(attributes))]).toEqual([...attributes]);
});

test('keys of any spelling keep their place', () => {
  const keys = ['z', '2', '1', '__proto__', 'a"b\\', 'schlüssel', ''];
  const attributes = new Map(keys.map((key) => [key, key]));
  expect([...lazy(encodeAttributes(attributes))]).toEqual([...attributes]);
});

test('equal keys share a shape, whatever their values', () => {
  const a = shapedAttributes(lazy('{"k":1,"l":"x"}'));
  const b = shapedAttributes(lazy('{"k":[1,2],"l":"é"}'));
  expect(b.shape).toBe(a.shape);
  expect(a.shape.keys).toEqual(['k', 'l']);
});

test('of a key that stands there twice the last value counts', () => {
  expect([...lazy('{"twice":1,"other":2,"twice":3}')]).toEqual([
    ['twice', 3n],
    ['other', 2n],
  ]);
});

test('keys made of values are read as well, beyond those that are remembered', () => {
  for (let n = 0; n < 300; n++) {
    const attributes = new Map([
      [`made.${n}`, BigInt(n)],
      ['last', 0n],
    ]);
    expect([...lazy(encodeAttributes(attributes))]).toEqual([...attributes]);
  }
});

test.each(['{', '{}}', '{"a"}', '{"a":}', '{"a":1', '{"a":"b}', '{"a":1,}', '{"a":[1}', 'x'])(
  'damaged text is not taken for attributes: %s',
  (json) => {
    expect(() => [...lazy(json)]).toThrow(SyntaxError);
  },
);
