import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Attributes, NO_ATTRIBUTES } from '../../src/model/attributes.ts';
import {
  haveShape,
  LateAttributes,
  shapedAttributes,
  shapeOf,
} from '../../src/model/shaped-attributes.ts';
import { anyAttributes } from '../helpers/any-span.ts';

class Late extends LateAttributes {
  readonly #attributes: Attributes;

  constructor(attributes: Attributes) {
    super();
    this.#attributes = attributes;
  }

  shaped() {
    return shapedAttributes(this.#attributes);
  }
}

test('attributes with a shape read like the map they come from', () => {
  fc.assert(
    fc.property(anyAttributes, (attributes) => {
      const shaped = shapedAttributes(attributes);
      for (const read of [shaped, new Late(attributes)]) {
        expect([...read]).toEqual([...attributes]);
        expect([...read.entries()]).toEqual([...attributes]);
        expect([...read.keys()]).toEqual([...attributes.keys()]);
        expect([...read.values()]).toEqual([...attributes.values()]);
        expect(read.size).toBe(attributes.size);
        for (const [key, value] of attributes) {
          expect(read.get(key)).toEqual(value);
          expect(read.has(key)).toBe(true);
        }
        expect(read.get('no such key')).toBeUndefined();
        expect(read.has('no such key')).toBe(false);
        const visited: unknown[] = [];
        read.forEach((value, key) => {
          visited.push([key, value]);
        });
        expect(visited).toEqual([...attributes]);
      }
      expect([haveShape(attributes), haveShape(shaped), haveShape(new Late(attributes))]).toEqual([
        false,
        true,
        true,
      ]);
      expect(shapedAttributes(shaped)).toBe(shaped);
    }),
  );
});

test('equal keys in equal order share a shape', () => {
  const shape = shapeOf(['shape.a', 'shape.b']);
  expect(shapeOf(['shape.a', 'shape.b'])).toBe(shape);
  expect(shapeOf(['shape.b', 'shape.a'])).not.toBe(shape);
  expect(shapeOf(['shape.b'])).not.toBe(shape);
  expect(shape.number).toBeGreaterThanOrEqual(0);
  expect(shapedAttributes(NO_ATTRIBUTES).shape.keys).toEqual([]);
});

test('keys made of values do not fill the memory with shapes', () => {
  const numbers = Array.from({ length: 200 }, (_, n) => shapeOf([`made.${n}`, 'made.last']).number);
  expect(numbers.slice(0, 100).every((number) => number >= 0)).toBe(true);
  expect(numbers.slice(100).every((number) => number === -1)).toBe(true);
  expect(shapeOf(['made.150', 'made.last']).positionOf('made.last')).toBe(1);
});
