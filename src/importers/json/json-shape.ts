import type { Place } from '../import-issue.ts';
import { BRACE, isOpener } from './json-bytes.ts';

/**
 * A parsed JSON value. Integers that a double cannot hold exactly are bigints, every other number is a number.
 * `__proto__` is an own key like any other. A key that comes from the data itself (a process id, say) is looked up with
 * `readField`, which sees own keys only: objects are ordinary ones and inherit `constructor` and the like.
 */
export type JsonValue =
  | string
  | boolean
  | null
  | number
  | bigint
  | readonly JsonValue[]
  | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * What the documents of a format look like, as far as its decoder cares. A decoder is a shape whose callbacks know what to do
 * with each part; the scanner walks the bytes along it, parses only what a `value` asks for and skips everything else, so that
 * memory does not grow with the dump.
 *
 *     object({ resourceSpans: list(object({ resource: value(onResource), scopeSpans: list(…) })) })
 */
export type Shape = ObjectShape | ListShape | ValueShape | EitherShape;

/** Parse the whole value and hand it over. */
export interface ValueShape {
  readonly kind: 'value';
  readonly read: (value: JsonValue, at: Place) => void;
  /** Asked first: takes the value from its bytes, without parsing, if it can. */
  readonly readBytes?: BytesReader | undefined;
  /** Whether a dump repeats the same few values: those of equal text are one object then. */
  readonly isRepeated?: boolean;
}

/** Where a value begins among bytes of a dump that have arrived, `bytes[from…end]`; its offset in the dump is `offset`, its line `line`. */
export interface BytesAt {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly end: number;
  readonly offset: number;
  readonly line: number;
}

/**
 * Takes a value, in a list also those behind it on the same line as long as it can. Gives the index behind the last one it took;
 * `odd` when not even the first is as plain as it would have to be: then that one is parsed; `later` when more bytes may help, which it
 * says only of so many.
 */
export type BytesReader = (at: BytesAt) => number | 'odd' | 'later';

/** An object: descend into the named keys, skip others; `named` and `unknown` are told which there are. */
export interface ObjectShape {
  readonly kind: 'object';
  readonly keys: ReadonlyMap<string, Shape>;
  readonly open?: ((at: Place) => void) | undefined;
  /** `isWhole` is false when its end never came: the dump is cut off or broken inside. */
  readonly close?: ((at: Place, isWhole: boolean) => void) | undefined;
  readonly named?: ((key: string, at: Place) => void) | undefined;
  readonly unknown?: ((key: string, at: Place) => void) | undefined;
}

/** A list: each element has the same shape. */
export interface ListShape {
  readonly kind: 'list';
  readonly element: Shape;
}

/** A value that is sometimes an object and sometimes a list, e.g. one span or a list of spans. */
export interface EitherShape {
  readonly kind: 'either';
  readonly object: () => Shape;
  readonly list: () => Shape;
}

export function value(read: ValueShape['read'], readBytes?: BytesReader): ValueShape {
  return { kind: 'value', read, readBytes };
}

/** A value of which a dump has the same few again and again. */
export function repeatedValue(read: ValueShape['read']): ValueShape {
  return { kind: 'value', read, isRepeated: true };
}

export function object(
  keys: Readonly<Record<string, Shape>>,
  on: Omit<ObjectShape, 'kind' | 'keys'> = {},
): ObjectShape {
  return { kind: 'object', keys: new Map(Object.entries(keys)), ...on };
}

export function list(element: Shape): ListShape {
  return { kind: 'list', element };
}

export function either(object: () => Shape, list: () => Shape): EitherShape {
  return { kind: 'either', object, list };
}

/** What `shape` is for a value that begins with `byte`; undefined for one that is neither object nor list where it is one of them. */
export function shapeFor(
  shape: Shape,
  byte: number,
): ValueShape | ObjectShape | ListShape | undefined {
  let resolved = shape;
  while (resolved.kind === 'either') {
    if (!isOpener(byte)) return undefined;
    resolved = byte === BRACE ? resolved.object() : resolved.list();
  }
  return resolved;
}
