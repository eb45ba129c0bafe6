import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_ATTRIBUTES } from '../../src/model/attributes.ts';
import { haveShape, shapedAttributes, shapeOf } from '../../src/model/shaped-attributes.ts';
import { anyAttributes } from '../helpers/any-span.ts';

test('attributes with a shape read like the map they come from', () => {
  fc.assert(
    fc.property(anyAttributes, (attributes) => {
      const shaped = shapedAttributes(attributes);
      expect([...shaped]).toEqual([...attributes]);
      expect([...shaped.entries()]).toEqual([...attributes]);
      expect([...shaped.keys()]).toEqual([...attributes.keys()]);
      expect([...shaped.values()]).toEqual([...attributes.values()]);
      expect(shaped.size).toBe(attributes.size);
      for (const [position, [key, value]] of [...attributes].entries()) {
        expect(shaped.get(key)).toEqual(value);
        expect(shaped.has(key)).toBe(true);
        expect(shaped.valueAt(position)).toEqual(value);
      }
      expect(shaped.valueAt(attributes.size)).toBeNull();
      expect(shaped.get('no such key')).toBeUndefined();
      expect(shaped.has('no such key')).toBe(false);
      const visited: unknown[] = [];
      shaped.forEach((value, key) => {
        visited.push([key, value]);
      });
      expect(visited).toEqual([...attributes]);
      expect([haveShape(attributes), haveShape(shaped)]).toEqual([false, true]);
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
