import type { AttributeValue } from '../model/attributes.ts';
import type { ArithmeticOperator } from './query.ts';
import { AnyOf, isNumber, type Value } from './value.ts';

/**
 * The result of arithmetic; undefined where a side is no number. Integers stay integers of 64 bits (`7 / 2` is 3, and division by
 * zero gives nothing); with a float or a duration everything is a float.
 */
export function reckon(operator: ArithmeticOperator, a: Value, b: Value): Value {
  if (a instanceof AnyOf || b instanceof AnyOf) return reckonEach(operator, a, b);
  if (!isNumber(a) || !isNumber(b)) return undefined;
  if (typeof a === 'bigint' && typeof b === 'bigint') return reckonIntegers(operator, a, b);
  return reckonFloats(operator, Number(a), Number(b));
}

/** `-value`, undefined for what is no number. */
export function negate(value: Value): Value {
  if (typeof value === 'bigint') return BigInt.asIntN(64, -value);
  if (typeof value === 'number') return -value;
  return value instanceof AnyOf ? reckonEach('-', 0n, value) : undefined;
}

function reckonEach(operator: ArithmeticOperator, a: Value, b: Value): Value {
  const results: AttributeValue[] = [];
  for (const x of a instanceof AnyOf ? a.values : [a]) {
    for (const y of b instanceof AnyOf ? b.values : [b]) {
      const result = reckon(operator, x, y);
      if (isNumber(result)) results.push(result);
    }
  }
  return results.length === 0 ? undefined : new AnyOf(results);
}

function reckonFloats(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
  }
}

function reckonIntegers(operator: ArithmeticOperator, a: bigint, b: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return BigInt.asIntN(64, a + b);
    case '-':
      return BigInt.asIntN(64, a - b);
    case '*':
      return BigInt.asIntN(64, a * b);
    case '/':
      return b === 0n ? undefined : BigInt.asIntN(64, a / b);
    case '%':
      return b === 0n ? undefined : a % b;
    case '^':
      return power(a, b);
  }
}

/** By squaring, in 64 bits: an exponent may be anything. A negative one truncates, as division does. */
function power(base: bigint, exponent: bigint): bigint | undefined {
  if (exponent < 0n) return reckonIntegers('/', 1n, power(base, -exponent) ?? 0n);
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return result;
}
