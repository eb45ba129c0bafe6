import type { Attributes, AttributeValue } from './attributes.ts';

/** The keys of attributes, in order. Spans of one operation mostly have the same, so that what follows from keys is worked out once. */
export class AttributeShape {
  readonly keys: readonly string[];
  /** From 0 up without gaps, its own; −1: the shape is not shared with other attributes that have these keys. */
  readonly number: number;
  #positions: ReadonlyMap<string, number> | null = null;

  /** Use `shapeOf`, which shares them. */
  constructor(keys: readonly string[], number: number) {
    this.keys = keys;
    this.number = number;
  }

  /** Position of a key among `keys`; −1 if it is not one of them. */
  positionOf(key: string): number {
    this.#positions ??= new Map(this.keys.map((known, position) => [known, position]));
    return this.#positions.get(key) ?? -1;
  }
}

/** The JSON that attributes are kept as, `bytes[from…to]` in UTF-8: strings as JSON has them, everything else in ASCII. */
export interface AttributeJson {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** Attributes as a shape and a value for each of its keys. */
export abstract class ShapedAttributes implements Attributes {
  abstract readonly shape: AttributeShape;
  /** What they are kept as; null where they are kept as values. Whoever only has to see that something is not there need not decode them. */
  abstract readonly json: AttributeJson | null;
  /** The values, in the order of the shape's keys. */
  abstract readonly list: readonly AttributeValue[];
  /** One of `list`; null beyond its end. */
  abstract valueAt(position: number): AttributeValue;

  get size(): number {
    return this.shape.keys.length;
  }

  get(key: string): AttributeValue | undefined {
    const position = this.shape.positionOf(key);
    return position === -1 ? undefined : this.valueAt(position);
  }

  has(key: string): boolean {
    return this.shape.positionOf(key) !== -1;
  }

  keys(): MapIterator<string> {
    return this.shape.keys.values();
  }

  values(): MapIterator<AttributeValue> {
    return this.list.values();
  }

  entries(): MapIterator<[string, AttributeValue]> {
    const { keys } = this.shape;
    return this.list
      .map((value, position): [string, AttributeValue] => [keys[position] ?? '', value])
      .values();
  }

  [Symbol.iterator](): MapIterator<[string, AttributeValue]> {
    return this.entries();
  }

  forEach(visit: (value: AttributeValue, key: string, map: Attributes) => void): void {
    const { keys } = this.shape;
    for (let i = 0; i < keys.length; i++) visit(this.valueAt(i), keys[i] ?? '', this);
  }
}

/** Attributes that are kept as values. */
class ListedAttributes extends ShapedAttributes {
  readonly shape: AttributeShape;
  readonly list: readonly AttributeValue[];
  readonly json = null;

  constructor(shape: AttributeShape, list: readonly AttributeValue[]) {
    super();
    this.shape = shape;
    this.list = list;
  }

  valueAt(position: number): AttributeValue {
    return this.list[position] ?? null;
  }
}

/** Shapes that are shared, at most, and how many of them may end in the same key: enough for programs, not for keys made of values. */
const MAX_SHAPES = 10_000;
const MAX_ALIKE = 100;

const NO_SHAPE = new AttributeShape([], -1);
const SHAPES = new Map<string, AttributeShape[]>();
let shapes = 0;

/** The shape with these keys: the same object for equal keys, as long as there are not too many. Keep `keys` as they are. */
export function shapeOf(keys: readonly string[]): AttributeShape {
  const last = keys.at(-1);
  if (last === undefined) return NO_SHAPE;
  const alike = SHAPES.get(last);
  if (alike !== undefined) {
    for (const shape of alike) if (hasKeys(shape, keys)) return shape;
  }
  if (shapes === MAX_SHAPES || alike?.length === MAX_ALIKE) return new AttributeShape(keys, -1);
  const shape = new AttributeShape(keys, shapes++);
  if (alike === undefined) SHAPES.set(last, [shape]);
  else alike.push(shape);
  return shape;
}

function hasKeys(shape: AttributeShape, keys: readonly string[]): boolean {
  if (shape.keys.length !== keys.length) return false;
  // From the end, where optional attributes are.
  for (let i = keys.length - 2; i >= 0; i--) if (shape.keys[i] !== keys[i]) return false;
  return true;
}

const NOTHING = new ListedAttributes(NO_SHAPE, []);

/** Whether attributes have a shape, so that `shapedAttributes` costs nothing. Those of the store have. */
export function haveShape(attributes: Attributes): attributes is ShapedAttributes {
  return attributes instanceof ShapedAttributes;
}

/** The same attributes with a shape; a copy of those that have none. */
export function shapedAttributes(attributes: Attributes): ShapedAttributes {
  if (attributes instanceof ShapedAttributes) return attributes;
  if (attributes.size === 0) return NOTHING;
  return new ListedAttributes(shapeOf([...attributes.keys()]), [...attributes.values()]);
}
