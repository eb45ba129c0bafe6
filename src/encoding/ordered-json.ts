/** Parsed JSON of a column. */
export type Parsed = string | boolean | number | null | readonly Parsed[] | ParsedObject;
export interface ParsedObject {
  readonly [key: string]: Parsed;
}

/** Parsed JSON in which every key begins with `prefix`. */
export interface ParsedInOrder {
  readonly root: Parsed;
  readonly prefix: string;
}

/** A key that is the decimal form of an array index. */
const INDEX_KEY = /[{,]"\d{1,10}":/;

/** A string literal, with the colon behind it if it is a key. */
const STRING = /"([^"\\]*(?:\\.[^"\\]*)*)":?/g;

/**
 * Parses JSON (without white space, as the store writes it) keeping the order of keys. JavaScript moves keys like `0` to the
 * front of an object; a text that has such a key gets `_` before every key.
 */
export function parseInOrder(text: string): ParsedInOrder {
  if (!INDEX_KEY.test(text)) return { root: JSON.parse(text), prefix: '' };
  const prefixed = text.replace(STRING, (literal: string, content: string) =>
    literal.endsWith(':') ? `"_${content}":` : literal,
  );
  return { root: JSON.parse(prefixed), prefix: '_' };
}

export function isObject(value: Parsed | undefined): value is ParsedObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string or number as text; '' for everything else. */
export function scalarText(value: Parsed | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
