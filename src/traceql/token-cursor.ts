import type { Place } from './query.ts';
import { QueryError } from './query-error.ts';
import { tokenize } from './tokenize.ts';
import type { SymbolText, Token } from './tokens.ts';

/** Nested parentheses and negations up to here; nobody types more, and the parser calls itself for each. */
const MOST_NESTED = 200;

/** As many words and signs; of conditions one after the other each lies deeper than the one before. */
const MOST_TOKENS = 10_000;

/** Reads the words of a query one after the other. */
export class TokenCursor {
  readonly query: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(query: string) {
    this.query = query;
    this.#tokens = tokenize(query);
    const beyond = this.#tokens[MOST_TOKENS];
    if (beyond !== undefined) throw tooLong(query, beyond);
  }

  /** The next word; behind the last an `end`. */
  get peek(): Token {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)];
    if (token === undefined) throw new RangeError('a query has an end');
    return token;
  }

  /** The word after the next. */
  get second(): Token | undefined {
    return this.#tokens[this.#next + 1];
  }

  /** Where the word before the next ends. */
  get lastEnd(): number {
    return this.#tokens[this.#next - 1]?.end ?? 0;
  }

  take(): Token {
    const token = this.peek;
    this.#next++;
    return token;
  }

  isEnd(): boolean {
    return this.peek.token === 'end';
  }

  isSymbol(text: SymbolText): boolean {
    const { peek } = this;
    return peek.token === 'symbol' && peek.text === text;
  }

  isWord(text: string): boolean {
    const { peek } = this;
    return peek.token === 'word' && peek.text === text;
  }

  /** Takes the next word if it is this one. */
  takeIf(text: SymbolText): boolean {
    const isThere = this.isSymbol(text);
    if (isThere) this.#next++;
    return isThere;
  }

  /** Takes the next word, which must be this one. */
  expect(text: SymbolText, expected = `expected "${text}"`): Token {
    if (!this.isSymbol(text)) throw this.unexpected(expected);
    return this.take();
  }

  /** Runs `parse` one level deeper; throws where nobody would nest so deep. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= MOST_NESTED) {
      throw this.error(this.peek, `a query nests at most ${MOST_NESTED} levels`);
    }
    this.#depth++;
    const result = parse();
    this.#depth--;
    return result;
  }

  /** An error at the next word, which fits nowhere. */
  unexpected(expected: string, fix?: string): QueryError {
    const { peek } = this;
    const found =
      peek.token === 'end'
        ? 'the query ends too early'
        : `unexpected "${this.query.slice(peek.at, peek.end)}"`;
    return this.error(peek, found, { expected, ...(fix !== undefined && { fix }) });
  }

  error(
    place: Place,
    what: string,
    help: { readonly expected?: string; readonly fix?: string } = {},
  ): QueryError {
    return new QueryError(this.query, place, what, help);
  }
}

function tooLong(query: string, { at, end }: Token): QueryError {
  // The line may be very long, too.
  const near = query.slice(Math.max(0, at - 60), at);
  return new QueryError(
    `${near}${query.slice(at, end)}`,
    { at: near.length, end: near.length + end - at },
    `a query has at most ${MOST_TOKENS} words and signs`,
    { fix: 'split it into several, or match several values with =~ "one|another"' },
  );
}
