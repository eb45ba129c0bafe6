import { BACKSLASH, QUOTE } from './json-bytes.ts';
import type { JsonValue } from './json-shape.ts';

/** What came of reading one JSON value out of a text. */
export interface JsonReading {
  /** The value; one that is cut off or broken holds what was complete before that. Undefined when there is nothing at all. */
  readonly value: JsonValue | undefined;
  /** Offset in the text where reading ended: after the value, or at the first character that does not fit. */
  readonly end: number;
  /** Null for a whole value; `end` when the text stops too early, `syntax` when a character does not fit. */
  readonly fault: 'end' | 'syntax' | null;
}

interface OpenObject {
  readonly closer: '}';
  readonly value: Record<string, JsonValue>;
  key: string;
  isEmpty: boolean;
}

interface OpenList {
  readonly closer: ']';
  readonly value: JsonValue[];
  isEmpty: boolean;
}

/** Thrown and caught only here: it unwinds from wherever the text stops making sense. */
class Fault extends Error {
  readonly reason: 'end' | 'syntax';

  constructor(reason: 'end' | 'syntax') {
    super(reason);
    this.reason = reason;
  }
}

const SPACE = 0x20;
const IS_SPACE = new Uint8Array(SPACE + 1);
for (const unit of ' \t\r\n') IS_SPACE[unit.charCodeAt(0)] = 1;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /^-?\d+$/;
const WORD = /true|false|null/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
/** Past this the digits of an integer are noise, and turning them into a bigint costs quadratic time. */
const MAX_INTEGER_LENGTH = 64;

/** Reads one value without recursion, so that no nesting overflows the stack. */
class JsonReader {
  readonly #text: string;
  readonly #open: (OpenObject | OpenList)[] = [];
  at: number;
  root: JsonValue | undefined;

  constructor(text: string, from: number) {
    this.#text = text;
    this.at = from;
  }

  read(): void {
    do {
      if (this.#reachesValue()) this.#value();
    } while (this.#open.length > 0);
  }

  /** Goes to the next value of the innermost open object or list; false when that closes instead. */
  #reachesValue(): boolean {
    this.#skipSpace();
    const open = this.#open.at(-1);
    if (open === undefined) return true;
    if (this.#text[this.at] === open.closer) {
      this.at += 1;
      this.#open.pop();
      return false;
    }
    if (!open.isEmpty) this.#character(',');
    open.isEmpty = false;
    if (open.closer === '}') {
      open.key = this.#string();
      this.#character(':');
    }
    return true;
  }

  #value(): void {
    switch (this.#text.charAt(this.at)) {
      case '{': {
        const value: Record<string, JsonValue> = {};
        this.#begin({ closer: '}', value, key: '', isEmpty: true });
        break;
      }
      case '[': {
        this.#begin({ closer: ']', value: [], isEmpty: true });
        break;
      }
      case '"':
        this.#add(this.#string());
        break;
      default:
        this.#add(this.#scalar());
    }
  }

  #begin(open: OpenObject | OpenList): void {
    this.at += 1;
    this.#add(open.value);
    this.#open.push(open);
  }

  #add(value: JsonValue): void {
    const open = this.#open.at(-1);
    if (open === undefined) this.root = value;
    else if (open.closer === ']') open.value.push(value);
    else if (open.key === '__proto__') defineKey(open.value, value);
    else open.value[open.key] = value;
  }

  #scalar(): JsonValue {
    const number = this.#take(NUMBER);
    if (number !== '') {
      // A number that touches the end may go on behind it.
      if (this.at === this.#text.length && this.#open.length > 0) throw new Fault('end');
      return exactNumber(number);
    }
    const word = this.#take(WORD);
    if (word === '') this.#fail();
    return WORDS[word] ?? null;
  }

  /** The string at this place. */
  #string(): string {
    if (this.#text.charCodeAt(this.at) !== QUOTE) this.#fail();
    const start = this.at;
    this.at += 1;
    this.#skipPlain();
    if (this.#text.charCodeAt(this.at) !== QUOTE) return this.#stringWithEscapes(start);
    this.at += 1;
    return this.#text.slice(start + 1, this.at - 1);
  }

  #stringWithEscapes(start: number): string {
    while (this.#text.charCodeAt(this.at) === BACKSLASH) {
      this.at += 2;
      this.#skipPlain();
    }
    if (this.#text.charCodeAt(this.at) !== QUOTE) this.#fail();
    this.at += 1;
    try {
      return String(JSON.parse(this.#text.slice(start, this.at)));
    } catch {
      this.at = start;
      throw new Fault('syntax');
    }
  }

  /** Goes over what RFC 8259 calls "unescaped": everything but control characters, quote and backslash. */
  #skipPlain(): void {
    let at = this.at;
    for (; at < this.#text.length; at += 1) {
      const unit = this.#text.charCodeAt(at);
      if (unit < SPACE || unit === QUOTE || unit === BACKSLASH) break;
    }
    this.at = at;
  }

  #skipSpace(): void {
    let at = this.at;
    while (IS_SPACE[this.#text.charCodeAt(at)] === 1) at += 1;
    this.at = at;
  }

  #character(expected: string): void {
    this.#skipSpace();
    if (this.#text[this.at] !== expected) this.#fail();
    this.at += 1;
    this.#skipSpace();
  }

  /** What `pattern` (sticky) matches here, "" when nothing; goes behind it. */
  #take(pattern: RegExp): string {
    const start = this.at;
    pattern.lastIndex = start;
    if (pattern.test(this.#text)) this.at = pattern.lastIndex;
    return this.#text.slice(start, this.at);
  }

  #fail(): never {
    throw new Fault(this.#isCutOff() ? 'end' : 'syntax');
  }

  /** Whether the rest of the text could be the beginning of what is missing: nothing, or part of `true`, `false`, `null`, a `-`. */
  #isCutOff(): boolean {
    const rest = this.#text.slice(this.at, this.at + 6);
    return rest === '' || rest === '-' || Object.keys(WORDS).some((word) => word.startsWith(rest));
  }
}

/** `__proto__` is a key like any other; an assignment would replace the prototype instead. */
function defineKey(object: Record<string, JsonValue>, value: JsonValue): void {
  Object.defineProperty(object, '__proto__', {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** A bigint for an integer that a double does not hold exactly, else a number. */
function exactNumber(literal: string): number | bigint {
  const value = Number(literal);
  if (Number.isSafeInteger(value) || literal.length > MAX_INTEGER_LENGTH) return value;
  return INTEGER.test(literal) ? BigInt(literal) : value;
}

/** Reads the value that starts at `from`, as far as it goes. Strict JSON; never throws, never recurses. */
export function readJson(text: string, from: number): JsonReading {
  const reader = new JsonReader(text, from);
  try {
    reader.read();
    return { value: reader.root, end: reader.at, fault: null };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { value: reader.root, end: reader.at, fault: fault.reason };
  }
}
