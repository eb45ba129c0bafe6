import { parseDurationText } from './duration-text.ts';
import type { AttributeScope, Place } from './query.ts';
import { QueryError } from './query-error.ts';
import { SYMBOLS, type Token } from './tokens.ts';

const BLANK = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
/** A number and the letters and digits after it. */
const NUMBER_WORD = /\d[\p{L}\p{Nd}.]*/uy;
/** What ends the unquoted part of an attribute's name. */
const NAME_PART = /[^\s{}()=~!<>&|^,"]+/y;

const DOTTED_SCOPES: ReadonlyMap<string, AttributeScope> = new Map([
  ['span', 'span'],
  ['resource', 'resource'],
  ['event', 'event'],
  ['link', 'link'],
  ['instrumentation', 'instrumentation'],
]);
const COLON_SCOPES: ReadonlySet<string> = new Set([
  'trace',
  'span',
  'event',
  'link',
  'instrumentation',
]);

const INT64_MAX = 2n ** 63n - 1n;

/** The words of a query, an `end` behind the last. Throws a `QueryError` at what no query can hold. */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = skipBlank(query, 0);
  while (at < query.length) {
    const token = tokenAt(query, at);
    tokens.push(token);
    at = skipBlank(query, token.end);
  }
  tokens.push({ token: 'end', at: query.length, end: query.length });
  return tokens;
}

function skipBlank(query: string, at: number): number {
  BLANK.lastIndex = at;
  return BLANK.test(query) ? BLANK.lastIndex : at;
}

function matchAt(pattern: RegExp, query: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(query)?.[0] ?? null;
}

function tokenAt(query: string, at: number): Token {
  const character = query[at] ?? '';
  if (character === '"') return quotedString(query, at);
  if (character === '`') return rawString(query, at);
  if (/\d/.test(character) || /^\.\d/.test(query.slice(at, at + 2))) return numberAt(query, at);
  if (character === '.') return attributeAt(query, at, 'any', at + 1);
  const word = matchAt(WORD, query, at);
  if (word !== null) return wordAt(query, at, word);
  const symbol = SYMBOLS.find((text) => query.startsWith(text, at));
  if (symbol !== undefined) return { token: 'symbol', text: symbol, at, end: at + symbol.length };
  throw unknownCharacter(query, at);
}

function unknownCharacter(query: string, at: number): QueryError {
  const character = String.fromCodePoint(query.codePointAt(at) ?? 0);
  const place = { at, end: at + character.length };
  if (character === "'") {
    return new QueryError(
      query,
      place,
      'a query quotes strings with " or `, not with single quotes',
      {
        fix: 'write "…", or `…` where the text holds quotes or backslashes',
      },
    );
  }
  return new QueryError(query, place, `a query has no ${JSON.stringify(character)}`, {
    fix: 'begin with { … }, e.g. { status = error && duration > 200ms }',
  });
}

function wordAt(query: string, at: number, word: string): Token {
  const end = at + word.length;
  const next = query[end];
  const scope = DOTTED_SCOPES.get(word);
  if (next === '.' && scope !== undefined) return attributeAt(query, at, scope, end + 1);
  if (next === '.' && word === 'parent') {
    const rest = matchAt(NAME_PART, query, end) ?? '';
    return { token: 'parent', at, end: end + rest.length };
  }
  if (next === ':' && COLON_SCOPES.has(word)) {
    const field = matchAt(WORD, query, end + 1) ?? '';
    return { token: 'scoped', text: `${word}:${field}`, at, end: end + 1 + field.length };
  }
  return { token: 'word', text: word, at, end };
}

/** An attribute whose name begins at `from`: unquoted parts, and quoted ones in which `\"` and `\\` are escapes. */
function attributeAt(query: string, at: number, scope: AttributeScope, from: number): Token {
  let name = '';
  let end = from;
  for (;;) {
    const part = matchAt(NAME_PART, query, end);
    if (part !== null) {
      name += part;
      end += part.length;
    } else if (query[end] === '"') {
      const quoted = quotedName(query, end);
      name += quoted.name;
      end = quoted.end;
    } else break;
  }
  if (name === '') {
    throw new QueryError(query, { at, end }, 'an attribute has no name', {
      expected: 'expected the name behind the dot',
      fix: 'write .http.status_code, or { true } for every span',
    });
  }
  return { token: 'attribute', scope, name, at, end };
}

function quotedName(query: string, at: number): { name: string; end: number } {
  let name = '';
  for (let i = at + 1; i < query.length; i++) {
    const character = query[i];
    if (character === '"') return { name, end: i + 1 };
    const escaped = query[i + 1];
    if (character === '\\' && (escaped === '"' || escaped === '\\')) {
      name += escaped;
      i++;
    } else name += character;
  }
  throw unclosed(query, at, '"');
}

function unclosed(query: string, at: number, quote: string): QueryError {
  return new QueryError(query, { at, end: at + 1 }, `nothing closes this ${quote}`, {
    expected: `expected another ${quote}`,
  });
}

function rawString(query: string, at: number): Token {
  const end = query.indexOf('`', at + 1);
  if (end === -1) throw unclosed(query, at, '`');
  return { token: 'string', value: query.slice(at + 1, end), at, end: end + 1 };
}

/** Go's escapes: one character, or a code in octal or hexadecimal digits. */
const ESCAPE = /\\(?:[abfnrtv\\"']|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3})/y;
const ESCAPED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function quotedString(query: string, at: number): Token {
  let value = '';
  for (let i = at + 1; i < query.length; ) {
    const character = query[i] ?? '';
    if (character === '"') return { token: 'string', value, at, end: i + 1 };
    if (character === '\n') break;
    if (character !== '\\') {
      value += character;
      i++;
      continue;
    }
    const sequence = matchAt(ESCAPE, query, i);
    if (sequence === null) throw unknownEscape(query, i);
    value += unescaped(sequence, query, i);
    i += sequence.length;
  }
  throw unclosed(query, at, '"');
}

function unknownEscape(query: string, at: number): QueryError {
  return new QueryError(
    query,
    { at, end: at + 2 },
    'a string has an escape that Go does not know',
    {
      fix: 'write \\\\ for a backslash, or quote with ` in which nothing is an sequence: `\\d+`',
    },
  );
}

function unescaped(sequence: string, query: string, at: number): string {
  const letter = sequence[1] ?? '';
  if (/[xuU]/.test(letter) || /[0-7]/.test(letter)) {
    const isOctal = /[0-7]/.test(letter);
    const code = Number.parseInt(sequence.slice(isOctal ? 1 : 2), isOctal ? 8 : 16);
    if (code > 0x10ffff) throw unknownEscape(query, at);
    return String.fromCodePoint(code);
  }
  return ESCAPED[letter] ?? letter;
}

function numberAt(query: string, at: number): Token {
  const word = matchAt(NUMBER_WORD, query, at);
  const duration = word === null ? null : parseDurationText(word);
  if (word !== null && duration !== null) {
    return { token: 'duration', value: duration, at, end: at + word.length };
  }
  const text = matchAt(NUMBER, query, at) ?? '';
  const end = at + text.length;
  if (word !== null && /^[\p{L}_]/u.test(query.slice(end, end + 1))) {
    throw notANumber(query, { at, end: at + word.length }, word);
  }
  if (!/[.eE]/.test(text)) return integer(query, { at, end }, text);
  return { token: 'float', value: Number(text), at, end };
}

function integer(query: string, place: Place, text: string): Token {
  const value = BigInt(text);
  if (value > INT64_MAX) {
    throw new QueryError(query, place, `${text} is past the largest integer, 2^63 - 1`, {
      fix: `write ${Number(text).toExponential()} for a float`,
    });
  }
  return { token: 'int', value, ...place };
}

function notANumber(query: string, place: Place, word: string): QueryError {
  return new QueryError(query, place, `${word} is neither a number nor a duration`, {
    expected: 'expected e.g. 500, 1.5, 200ms, 1.5s, 1h30m or 7d',
  });
}
