import { attributeOutline } from '../encoding/attribute-outline.ts';
import { decodeAttributes, decodeAttributeValue } from '../encoding/attribute-text.ts';
import { type Attributes, type AttributeValue, NO_ATTRIBUTES } from '../model/attributes.ts';
import {
  type AttributeJson,
  type AttributeShape,
  ShapedAttributes,
  shapedAttributes,
} from '../model/shaped-attributes.ts';

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const OPEN = 0x7b;

/**
 * Attributes that stay text until someone looks at them, and then one value at a time: most analyses read a few of a few spans only.
 * A map of its own rather than a getter of the span, so that a copied span (`{ ...span }`) keeps them.
 */
export class LazyAttributes extends ShapedAttributes implements AttributeJson {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  #shape: AttributeShape | null = null;
  /** As in `AttributeOutline`. */
  #bounds: readonly number[] = [];
  /** The values that were read; all of them where there is no outline. */
  #values: AttributeValue[] = [];

  private constructor(bytes: Buffer, from: number, to: number) {
    super();
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  /** Attributes whose typed JSON stands in `bytes[from…to]`, which must not change; nothing stands for none. */
  static of(bytes: Buffer, from: number, to: number): Attributes {
    return from === to ? NO_ATTRIBUTES : new LazyAttributes(bytes, from, to);
  }

  get json(): AttributeJson {
    return this;
  }

  get shape(): AttributeShape {
    return this.#shape ?? this.#look();
  }

  #look(): AttributeShape {
    const outline = attributeOutline(this.bytes, this.from, this.to);
    if (outline !== null) {
      this.#bounds = outline.bounds;
      this.#shape = outline.shape;
      return outline.shape;
    }
    const { shape, list } = shapedAttributes(
      decodeAttributes(this.bytes.toString('utf8', this.from, this.to)),
    );
    this.#values = [...list];
    this.#shape = shape;
    return shape;
  }

  valueAt(position: number): AttributeValue {
    if (position >= this.shape.keys.length) return null;
    let value = this.#values[position];
    if (value === undefined) {
      value = this.#decode(this.#bounds[position * 2] ?? 0, this.#bounds[position * 2 + 1] ?? 0);
      this.#values[position] = value;
    }
    return value;
  }

  get list(): readonly AttributeValue[] {
    for (let i = 0; i < this.shape.keys.length; i++) this.valueAt(i);
    return this.#values;
  }

  #decode(start: number, end: number): AttributeValue {
    if (end < 0) return JSON.parse(this.bytes.toString('utf8', start, -end));
    const first = this.bytes[start];
    if (first === QUOTE) return this.bytes.toString('latin1', start + 1, end - 1);
    return first === OPEN || first === OPEN_LIST
      ? decodeAttributeValue(this.bytes.toString('utf8', start, end))
      : decodeScalar(this.bytes.toString('latin1', start, end));
  }
}

/** A number, a boolean or null. */
function decodeScalar(text: string): AttributeValue {
  const value: number | boolean | null = JSON.parse(text);
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}
