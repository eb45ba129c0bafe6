import type { Attributes } from '../model/attributes.ts';
import { type AttributeShape, haveShape } from '../model/shaped-attributes.ts';

/** `compute`, worked out once for each shape that is shared: most spans have one of a few dozen. */
export function shapeFacts<T>(compute: (shape: AttributeShape) => T): (shape: AttributeShape) => T {
  const known: T[] = [];
  return (shape) => {
    if (shape.number === -1) return compute(shape);
    let facts = known[shape.number];
    if (facts === undefined) {
      facts = compute(shape);
      known[shape.number] = facts;
    }
    return facts;
  };
}

/** A function that tells whether attributes have one of `keys`, whatever its value. */
export function haveAny(keys: readonly string[]): (attributes: Attributes) => boolean {
  const has = shapeFacts((shape) => keys.some((key) => shape.positionOf(key) !== -1));
  return (attributes) =>
    haveShape(attributes) ? has(attributes.shape) : keys.some((key) => attributes.has(key));
}
