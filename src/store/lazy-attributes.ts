import { decodeAttributes } from '../encoding/attribute-text.ts';
import { type Attributes, type AttributeValue, NO_ATTRIBUTES } from '../model/attributes.ts';

/**
 * Attributes that stay text until someone looks at them: most analyses read those of a few spans only.
 * A map of its own rather than a getter of the span, so that a copied span (`{ ...span }`) keeps them.
 */
export class LazyAttributes implements Attributes {
  readonly #texts: Buffer;
  readonly #from: number;
  readonly #to: number;
  #decoded: Attributes | null = null;

  private constructor(texts: Buffer, from: number, to: number) {
    this.#texts = texts;
    this.#from = from;
    this.#to = to;
  }

  /** Attributes whose typed JSON stands in `texts[from…to]`, which must not change; nothing stands for none. */
  static of(texts: Buffer, from: number, to: number): Attributes {
    return from === to ? NO_ATTRIBUTES : new LazyAttributes(texts, from, to);
  }

  get size(): number {
    return this.#map().size;
  }

  get(key: string): AttributeValue | undefined {
    return this.#map().get(key);
  }

  has(key: string): boolean {
    return this.#map().has(key);
  }

  keys(): MapIterator<string> {
    return this.#map().keys();
  }

  values(): MapIterator<AttributeValue> {
    return this.#map().values();
  }

  entries(): MapIterator<[string, AttributeValue]> {
    return this.#map().entries();
  }

  [Symbol.iterator](): MapIterator<[string, AttributeValue]> {
    return this.#map().entries();
  }

  forEach(visit: (value: AttributeValue, key: string, map: Attributes) => void): void {
    for (const [key, value] of this.#map()) visit(value, key, this);
  }

  #map(): Attributes {
    this.#decoded ??= decodeAttributes(this.#texts.toString('utf8', this.#from, this.#to));
    return this.#decoded;
  }
}
