import type { JsonObject, JsonValue } from './json-shape.ts';

/** Deeper nesting is no span. */
const MAX_DEPTH = 100;

const SPACE = /[\s\u{feff}]*/uy;
const KEY = /[\p{ID_Start}$_][\p{ID_Continue}$]*|\[[^\]\n]*\]|\d+/uy;
/** What stands before a brace or bracket: a class, a size, a null prototype, a reference for cycles. */
const ANNOTATION =
  /(?:<ref \*\d+>\s*)?(?:[\p{ID_Start}$_][\p{ID_Continue}$.]*(?:\(\d+\))?\s*)?(?:\[[A-Z][^\]\n]*\]\s*)?(?=[{[])/uy;
/** A value that was too deep or has no notation: `[Object]`, `[Circular *1]`, `[Function: f]`. */
const ELIDED = /\[[\p{ID_Start}$_][^\]\n]*\]/uy;
const NUMBER = /[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?n?|Infinity|NaN)(?=[\s,}\]]|$)/uy;
/** Anything else up to where a value ends: `undefined`, a date, `... 3 more items`, `<Buffer 00 ff>`. */
const WORD = /[^,\n\]}]+/uy;
const MORE_CHARACTERS = /\.\.\. \d+ more characters?/uy;
const JOIN = /\s*\+\s*(?=['"`])/uy;

const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['undefined', null],
  ['null', null],
  ['true', true],
  ['false', false],
]);

const ESCAPE = /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2})|([\s\S]))/giu;
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
]);

/** Text that is not an object as JavaScript prints it. */
export class ObjectNotationError extends Error {
  override readonly name = 'ObjectNotationError';
}

/**
 * The object in a text that `console.dir` of Node.js, Deno or Bun printed. `undefined` becomes null; what the console left out stays
 * as it stands there (`[Object]`, `... 3 more items`). Integers printed with an `n` become bigints.
 * Throws an `ObjectNotationError`.
 */
export function parseObjectNotation(text: string): JsonObject {
  return new NotationReader(text).whole();
}

class NotationReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonObject {
    this.#match(SPACE);
    this.#match(ANNOTATION);
    if (!this.#skip('{')) throw this.#unexpected();
    const value = this.#object();
    this.#match(SPACE);
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(): JsonValue {
    this.#match(SPACE);
    if (this.#isQuote()) return this.#string();
    const number = this.#match(NUMBER);
    if (number !== null) return numberOf(number);
    this.#match(ANNOTATION);
    if (this.#text[this.#at] === '{' || this.#text[this.#at] === '[') return this.#composite();
    const word = this.#match(WORD)?.trim();
    if (word === undefined || word === '') throw this.#unexpected();
    return WORDS.get(word) ?? (WORDS.has(word) ? null : word);
  }

  #composite(): JsonValue {
    const elided = this.#match(ELIDED);
    if (elided !== null) return elided;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#unexpected();
    const value = this.#skip('{') ? this.#object() : this.#list();
    this.#depth -= 1;
    return value;
  }

  /** Members up to the closing brace; the opening one was read. */
  #object(): JsonObject {
    const entries: [string, JsonValue][] = [];
    while (!this.#closes('}')) {
      entries.push(this.#member(entries.length));
      this.#separate('}');
    }
    return Object.fromEntries(entries);
  }

  /** A key and its value. A Map has arrows between them; a Set or a Promise has values alone, which get their number as key. */
  #member(index: number): [string, JsonValue] {
    const key = this.#isQuote() ? this.#string() : this.#key();
    this.#match(SPACE);
    if (key !== null && (this.#skip(':') || this.#skip('=>'))) return [key, this.#value()];
    const alone = key ?? this.#match(WORD)?.trim() ?? '';
    if (alone === '') throw this.#unexpected();
    return [String(index), alone];
  }

  /** A bare key. Node.js puts the one name that a literal cannot have as a plain key into brackets. */
  #key(): string | null {
    const key = this.#match(KEY);
    return key === "['__proto__']" ? '__proto__' : key;
  }

  #list(): JsonValue[] {
    if (!this.#skip('[')) throw this.#unexpected();
    const values: JsonValue[] = [];
    while (!this.#closes(']')) {
      values.push(this.#value());
      this.#separate(']');
    }
    return values;
  }

  /** Whether `closer` comes next, which is then passed over. */
  #closes(closer: string): boolean {
    this.#match(SPACE);
    return this.#skip(closer);
  }

  #separate(closer: string): void {
    this.#match(SPACE);
    if (!this.#skip(',') && this.#text[this.#at] !== closer) throw this.#unexpected();
  }

  /** A quoted string, also one that is broken into lines joined by `+`. */
  #string(): string {
    let text = this.#quoted();
    while (this.#match(JOIN) !== null) text += this.#quoted();
    return text + (this.#match(MORE_CHARACTERS) ?? '');
  }

  #quoted(): string {
    const quote = this.#text[this.#at];
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text[end] !== quote) {
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    if (end >= this.#text.length) throw this.#unexpected();
    const raw = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return raw.includes('\\') ? raw.replace(ESCAPE, unescaped) : raw;
  }

  #isQuote(): boolean {
    return /['"`]/.test(this.#text[this.#at] ?? '');
  }

  #skip(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  /** The text that a sticky pattern matches here, which is then passed over; null when it does not. */
  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const [match] = pattern.exec(this.#text) ?? [null];
    if (match !== null) this.#at += match.length;
    return match;
  }

  #unexpected(): ObjectNotationError {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return new ObjectNotationError(
      rest === '' ? 'the object ends too early' : `unexpected ${JSON.stringify(rest)}`,
    );
  }
}

function unescaped(
  _match: string,
  point: string,
  unit: string,
  byte: string,
  other: string,
): string {
  const hex = point ?? unit ?? byte;
  if (hex === undefined) return CONTROLS.get(other) ?? other;
  const code = Number.parseInt(hex, 16);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\u{fffd}';
}

/** Without an `n` every number of JavaScript is a double. */
function numberOf(text: string): number | bigint {
  return text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text);
}
