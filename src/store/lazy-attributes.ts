import { decodeShaped } from '../encoding/attribute-text.ts';
import { type Attributes, NO_ATTRIBUTES } from '../model/attributes.ts';
import { LateAttributes, type ShapedAttributes } from '../model/shaped-attributes.ts';

/**
 * Attributes that stay text until someone looks at them: most analyses read those of a few spans only.
 * A map of its own rather than a getter of the span, so that a copied span (`{ ...span }`) keeps them.
 */
export class LazyAttributes extends LateAttributes {
  readonly #texts: Buffer;
  readonly #from: number;
  readonly #to: number;
  #shaped: ShapedAttributes | null = null;

  private constructor(texts: Buffer, from: number, to: number) {
    super();
    this.#texts = texts;
    this.#from = from;
    this.#to = to;
  }

  /** Attributes whose typed JSON stands in `texts[from…to]`, which must not change; nothing stands for none. */
  static of(texts: Buffer, from: number, to: number): Attributes {
    return from === to ? NO_ATTRIBUTES : new LazyAttributes(texts, from, to);
  }

  shaped(): ShapedAttributes {
    this.#shaped ??= decodeShaped(this.#texts.toString('utf8', this.#from, this.#to));
    return this.#shaped;
  }
}
