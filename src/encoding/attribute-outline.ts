import { type AttributeShape, shapeOf } from '../model/shaped-attributes.ts';

/** Where the values stand in the JSON of attributes (`encodeAttributes`). */
export interface AttributeOutline {
  readonly shape: AttributeShape;
  /**
   * Two numbers for each key of the shape: where its value begins, and where it ends. The end is negative for a text with an escape
   * or beyond ASCII, which has to be parsed; other texts are their bytes.
   */
  readonly bounds: readonly number[];
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const ASCII_END = 0x80;

/**
 * The outline of the attributes in `bytes[from…to]`: a tenth of what parsing costs, because nearly always the next key is one that has
 * followed the keys before it. Null for what does not look like attributes, and where there are too many different keys to remember:
 * then they have to be parsed.
 */
export function attributeOutline(
  bytes: Uint8Array,
  from: number,
  to: number,
): AttributeOutline | null {
  if (bytes[from] !== OPEN || bytes[to - 1] !== CLOSE) return null;
  const bounds: number[] = [];
  let place: KeyPlace = START;
  let at = from;
  if (to - from === 2) at = to - 1;
  while (at < to - 1) {
    const next = place.following(bytes, at + 1, to);
    if (next === null) return null;
    const start = at + 1 + next.length;
    const end = endOfValue(bytes, start, to);
    if (end === 0) return null;
    bounds.push(start, end);
    place = next;
    at = Math.abs(end);
    if (at < to - 1 && bytes[at] !== COMMA) return null;
  }
  return at === to - 1 ? { shape: place.shape(), bounds } : null;
}

/** The end of the value that starts at `start`, as in `AttributeOutline.bounds`; 0 if there is none before `to`. */
function endOfValue(bytes: Uint8Array, start: number, to: number): number {
  const first = bytes[start];
  if (first === QUOTE) return endOfText(bytes, start, to);
  if (first === OPEN || first === OPEN_LIST) return endOfComposite(bytes, start, to);
  let at = start;
  while (at < to && bytes[at] !== COMMA && bytes[at] !== CLOSE) at++;
  return at === start || at === to ? 0 : at;
}

function endOfText(bytes: Uint8Array, start: number, to: number): number {
  let seen = 0;
  for (let at = start + 1; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return seen < ASCII_END ? at + 1 : -(at + 1);
    seen |= byte;
    if (byte === BACKSLASH) {
      seen = ASCII_END;
      at++;
    }
  }
  return 0;
}

/** Of a list or an object; brackets within texts do not count. */
function endOfComposite(bytes: Uint8Array, start: number, to: number): number {
  let depth = 0;
  for (let at = start; at < to; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfText(bytes, at, to);
      if (end === 0) return 0;
      at = Math.abs(end) - 1;
    } else if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--;
    if (depth === 0) return at + 1;
  }
  return 0;
}

/** Places that are remembered, at most: 200 bytes each, 4 MB together. And keys that may follow one place. */
const MAX_PLACES = 20_000;
const MAX_FOLLOWING = 100;
let places = 0;

/** The keys of attributes up to a certain one. */
class KeyPlace {
  readonly #before: KeyPlace | null;
  readonly #key: string;
  /** `"key":` as it stands in the JSON. */
  readonly #literal: Uint8Array;
  readonly #following: KeyPlace[] = [];
  /** Where the way went on last time, and likely goes on now. */
  #last: KeyPlace | null = null;
  #shape: AttributeShape | null = null;

  constructor(before: KeyPlace | null, key: string, literal: Uint8Array) {
    this.#before = before;
    this.#key = key;
    this.#literal = literal;
  }

  /** Bytes of the key with its quotes and colon. */
  get length(): number {
    return this.#literal.length;
  }

  /** The place behind the key that stands at `at`; null when none stands there, or one too many. */
  following(bytes: Uint8Array, at: number, to: number): KeyPlace | null {
    const last = this.#last;
    if (last?.standsAt(bytes, at)) return last;
    for (const place of this.#following) {
      if (!place.standsAt(bytes, at)) continue;
      this.#last = place;
      return place;
    }
    return this.#follow(bytes, at, to);
  }

  standsAt(bytes: Uint8Array, at: number): boolean {
    const literal = this.#literal;
    for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return false;
    return true;
  }

  #follow(bytes: Uint8Array, at: number, to: number): KeyPlace | null {
    if (this.#following.length === MAX_FOLLOWING || places === MAX_PLACES) return null;
    const end = bytes[at] === QUOTE ? Math.abs(endOfText(bytes, at, to)) : 0;
    if (end === 0 || bytes[end] !== COLON) return null;
    const literal = bytes.slice(at, end + 1);
    const key: unknown = JSON.parse(new TextDecoder().decode(literal.subarray(0, -1)));
    // Of a key that occurs twice the last value wins, which parsing sees to.
    if (typeof key !== 'string' || this.#keys().includes(key)) return null;
    places += 1;
    const place = new KeyPlace(this, key, literal);
    this.#following.push(place);
    this.#last = place;
    return place;
  }

  /** Of all keys up to here. */
  shape(): AttributeShape {
    this.#shape ??= shapeOf(this.#keys());
    return this.#shape;
  }

  #keys(): string[] {
    const keys: string[] = [];
    if (this.#before === null) return keys;
    keys.push(this.#key);
    for (let place = this.#before; place.#before !== null; place = place.#before) {
      keys.push(place.#key);
    }
    return keys.reverse();
  }
}

const START = new KeyPlace(null, '', new Uint8Array());
