import type { NumberStatic } from './query.ts';
import type { TokenCursor } from './token-cursor.ts';

export type NumberOperator = '+' | '-' | '*' | '/';

const BINDING: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['/', 2],
]);

export function isNumberOperator(text: string): text is NumberOperator {
  return BINDING.has(text);
}

/** Parses numbers and what is reckoned with them: `1 / 2`, `(3 - 2) * 10`. */
export function parseNumberExpression(cursor: TokenCursor, weakest = 0): NumberStatic {
  let left = parseNumberOperand(cursor);
  for (;;) {
    const { peek } = cursor;
    if (peek.token !== 'symbol' || !isNumberOperator(peek.text)) return left;
    const binding = BINDING.get(peek.text) ?? 0;
    if (binding <= weakest) return left;
    cursor.take();
    left = foldNumbers(cursor, peek.text, left, parseNumberExpression(cursor, binding));
  }
}

function parseNumberOperand(cursor: TokenCursor): NumberStatic {
  return cursor.nested(() => {
    if (cursor.takeIf('(')) {
      const inner = parseNumberExpression(cursor);
      cursor.expect(')');
      return inner;
    }
    const number = parseNumber(cursor);
    if (number === null) throw cursor.unexpected('expected a number');
    return number;
  });
}

/** Parses a number with any sign; null if something else comes next. Throws behind a minus without one. */
export function parseNumber(cursor: TokenCursor): NumberStatic | null {
  if (cursor.takeIf('-')) return negated(parseNumberOperand(cursor));
  const { peek } = cursor;
  if (peek.token === 'int') {
    cursor.take();
    return { type: 'int', value: peek.value };
  }
  if (peek.token !== 'float' && peek.token !== 'duration') return null;
  cursor.take();
  return { type: peek.token, value: peek.value };
}

function negated(value: NumberStatic): NumberStatic {
  return value.type === 'int'
    ? { type: 'int', value: BigInt.asIntN(64, -value.value) }
    : { type: value.type, value: -value.value };
}

/** Two numbers as one: integers stay integers, and `/` truncates them. Durations cannot be reckoned with. */
export function foldNumbers(
  cursor: TokenCursor,
  operator: NumberOperator,
  left: NumberStatic,
  right: NumberStatic,
): NumberStatic {
  const place = { at: cursor.lastEnd - 1, end: cursor.lastEnd };
  if (left.type === 'duration' || right.type === 'duration') {
    throw cursor.error(place, 'a duration cannot be reckoned with here', {
      fix: 'write the result: 20s instead of 10s * 2',
    });
  }
  if (left.type === 'int' && right.type === 'int') {
    if (operator === '/' && right.value === 0n) {
      throw cursor.error(place, 'a number is divided by zero');
    }
    return { type: 'int', value: foldIntegers(operator, left.value, right.value) };
  }
  return { type: 'float', value: foldFloats(operator, Number(left.value), Number(right.value)) };
}

function foldIntegers(operator: NumberOperator, a: bigint, b: bigint): bigint {
  const results = { '+': () => a + b, '-': () => a - b, '*': () => a * b, '/': () => a / b };
  return BigInt.asIntN(64, results[operator]());
}

/** Arithmetic of doubles. */
export function foldFloats(operator: NumberOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
  }
}
