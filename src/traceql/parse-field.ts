import type { SpanKind, StatusCode } from '../model/span.ts';
import { SPAN_KINDS, STATUS_CODES } from '../model/span.ts';
import { INTRINSIC_SPELLINGS, intrinsicOf } from './intrinsics.ts';
import { nearestWord } from './nearest-word.ts';
import type { BinaryOperator, Field, NamedField, Place, Static } from './query.ts';
import type { QueryError } from './query-error.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { Token } from './tokens.ts';

/** How tightly operators bind. `&&` and `||` bind alike, from the left; only `^` binds from the right. */
export const FIELD_BINDING: Readonly<Record<BinaryOperator, number>> = {
  '&&': 1,
  '||': 1,
  '=': 2,
  '!=': 2,
  '<': 2,
  '<=': 2,
  '>': 2,
  '>=': 2,
  '=~': 2,
  '!~': 2,
  '+': 3,
  '-': 3,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
};

/** What a prefix takes: `-` as much as a binary minus (`-2 ^ 2` is -4), `!` less than `*` (`!.a = 1` is `(!.a) = 1`). */
const PREFIX_BINDING = { '-': 3, '!': 4 } as const;

const OPERAND =
  'expected an attribute (.http.route), an intrinsic (duration) or a value ("text", 500, 200ms)';

/** Parses an expression about one span, such as stands between braces. */
export function parseField(cursor: TokenCursor, weakest = 0): Field {
  let left = parseOperand(cursor);
  for (;;) {
    const operator = binaryOperator(cursor);
    if (operator === null || FIELD_BINDING[operator] <= weakest) return left;
    cursor.take();
    const right = parseField(
      cursor,
      operator === '^' ? FIELD_BINDING[operator] - 1 : FIELD_BINDING[operator],
    );
    left = { node: 'binary', operator, left, right, at: left.at, end: right.end };
  }
}

/** Parses what stands between braces, and the closing one. Nothing between them is true of every span. */
export function parseCondition(cursor: TokenCursor): Field {
  const { at, end } = cursor.peek;
  if (cursor.takeIf('}')) {
    return { node: 'static', value: { type: 'bool', value: true }, at, end };
  }
  const condition = parseField(cursor);
  cursor.expect('}', 'expected an operator or "}"');
  return condition;
}

function binaryOperator({ peek }: TokenCursor): BinaryOperator | null {
  return peek.token === 'symbol' && isBinaryOperator(peek.text) ? peek.text : null;
}

function isBinaryOperator(text: string): text is BinaryOperator {
  return Object.hasOwn(FIELD_BINDING, text);
}

function parseOperand(cursor: TokenCursor): Field {
  return cursor.nested(() => {
    const token = cursor.peek;
    if (token.token === 'symbol') return parsePrefixed(cursor, token);
    if (token.token === 'end') throw cursor.unexpected(OPERAND);
    const field = operandOf(cursor, token);
    cursor.take();
    return field;
  });
}

function parsePrefixed(cursor: TokenCursor, token: Token & { token: 'symbol' }): Field {
  if (token.text === '(') {
    cursor.take();
    const inner = parseField(cursor);
    cursor.expect(')');
    return { ...inner, at: token.at, end: cursor.lastEnd };
  }
  if (token.text !== '-' && token.text !== '!') throw cursor.unexpected(OPERAND);
  cursor.take();
  const operand = parseField(cursor, PREFIX_BINDING[token.text]);
  return { node: 'unary', operator: token.text, operand, at: token.at, end: operand.end };
}

/** Everything that is one word. */
function operandOf(cursor: TokenCursor, token: Token): Field {
  const { at, end } = token;
  const value = staticOf(token);
  if (value !== null) return { node: 'static', value, at, end };
  const named = namedField(cursor, token);
  if (named !== null) return named;
  throw cursor.unexpected(OPERAND);
}

/** An attribute or intrinsic; null for words that are neither. Throws for names that do not exist. */
export function namedField(cursor: TokenCursor, token: Token): NamedField | null {
  const { at, end } = token;
  if (token.token === 'attribute') {
    return { node: 'attribute', scope: token.scope, name: token.name, at, end };
  }
  if (token.token === 'parent' || (token.token === 'word' && token.text === 'parent')) {
    throw cursor.error(token, 'the scope parent is not supported', {
      fix: 'relate two sets of spans instead: { .a = 1 } > { .b = 2 } finds the children',
    });
  }
  if (token.token !== 'word' && token.token !== 'scoped') return null;
  const name = intrinsicOf(token.text);
  if (name !== null) return { node: 'intrinsic', name, at, end };
  throw token.token === 'word'
    ? unknownWord(cursor, token, token.text)
    : unknownScoped(cursor, token, token.text);
}

function unknownWord(cursor: TokenCursor, place: Place, text: string): QueryError {
  const near = nearestWord(text, [...INTRINSIC_SPELLINGS, ...VALUE_WORDS.keys()]);
  return cursor.error(place, `no span has a "${text}" by itself`, {
    expected: near === null ? `an attribute is written .${text}` : `did you mean ${near}?`,
    ...(near === null && { fix: `write .${text} for the attribute, "${text}" for the text` }),
  });
}

function unknownScoped(cursor: TokenCursor, place: Place, text: string): QueryError {
  const [scope = ''] = text.split(':');
  const known = INTRINSIC_SPELLINGS.filter((spelling) => spelling.startsWith(`${scope}:`));
  const near = nearestWord(text, known);
  return cursor.error(place, `there is no ${text}`, {
    expected: near === null ? `expected one of ${known.join(', ')}` : `did you mean ${near}?`,
    ...(scope !== 'trace' && { fix: `write ${text.replace(':', '.')} for an attribute` }),
  });
}

/** Words that stand for values. */
const VALUE_WORDS: ReadonlyMap<string, Static> = new Map<string, Static>([
  ['true', { type: 'bool', value: true }],
  ['false', { type: 'bool', value: false }],
  ['nil', { type: 'nil' }],
  ['minInt', { type: 'int', value: -(2n ** 63n) }],
  ['maxInt', { type: 'int', value: 2n ** 63n - 1n }],
  ...STATUS_CODES.map((value: StatusCode): [string, Static] => [value, { type: 'status', value }]),
  ...SPAN_KINDS.map((value: SpanKind): [string, Static] => [value, { type: 'kind', value }]),
]);

/** The value that a word stands for, null for a name. */
export function staticOf(token: Token): Static | null {
  switch (token.token) {
    case 'string':
      return { type: 'string', value: token.value };
    case 'int':
      return { type: 'int', value: token.value };
    case 'float':
    case 'duration':
      return { type: token.token, value: token.value };
    case 'word':
      return VALUE_WORDS.get(token.text) ?? null;
    case 'symbol':
    case 'attribute':
    case 'scoped':
    case 'parent':
    case 'end':
      return null;
  }
}
