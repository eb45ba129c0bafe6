import type { AttributeValue } from '../model/attributes.ts';
import type { ComparisonOperator } from './query.ts';
import { AnyOf, EnumValue, isList, isNumber, type Value } from './value.ts';

/** Decides about one value on each side; false where their types differ, also for `!=`. */
type Test = (a: Value, b: Value) => boolean;

const TESTS: Readonly<Record<ComparisonOperator, Test>> = {
  '=': (a, b) => order(a, b) === 0,
  '!=': (a, b) => differs(a, b),
  '<': (a, b) => isOrdered(a) && order(a, b) === -1,
  '<=': (a, b) => isOrdered(a) && isBelowOrEqual(order(a, b)),
  '>': (a, b) => isOrdered(a) && order(a, b) === 1,
  '>=': (a, b) => isOrdered(a) && isBelowOrEqual(order(b, a)),
};

/**
 * Whether a comparison of two values holds. What is missing compares with nothing, not even by `!=`, and so do values of different
 * types. Of a list one element must fit, for `!=` all; an empty list fits nothing. Of events and links any one may fit.
 */
export function compareValues(operator: ComparisonOperator, a: Value, b: Value): boolean {
  const test = TESTS[operator];
  if (!(a instanceof AnyOf || b instanceof AnyOf)) return compareElements(operator, test, a, b);
  const left = a instanceof AnyOf ? a.values : [a];
  const right = b instanceof AnyOf ? b.values : [b];
  return left.some((x) => right.some((y) => compareElements(operator, test, x, y)));
}

function compareElements(operator: ComparisonOperator, test: Test, a: Value, b: Value): boolean {
  if (!isList(a) && !isList(b)) return test(a, b);
  const left = isList(a) ? a : [a];
  const right = isList(b) ? b : [b];
  if (left.length === 0 || right.length === 0) return false;
  if (operator === '!=') return left.every((x) => right.every((y) => test(x, y)));
  return left.some((x) => right.some((y) => test(x, y)));
}

/** Whether a pattern fits a value, or for `!~` does not; false for what is no text. Lists and events as in `compareValues`. */
export function matchValue(
  value: Value,
  matches: (text: string) => boolean,
  wanted: boolean,
): boolean {
  if (typeof value === 'string') return matches(value) === wanted;
  if (value instanceof AnyOf) return value.values.some((one) => matchValue(one, matches, wanted));
  if (!isList(value) || value.length === 0) return false;
  const fits = (element: AttributeValue) =>
    typeof element === 'string' && matches(element) === wanted;
  return wanted ? value.some(fits) : value.every(fits);
}

function isOrdered(value: Value): boolean {
  return typeof value === 'string' || isNumber(value);
}

function isBelowOrEqual(order: number | null): boolean {
  return order === -1 || order === 0;
}

function differs(a: Value, b: Value): boolean {
  if (isNumber(a) && isNumber(b)) return !(order(a, b) === 0);
  if (a instanceof EnumValue) return b instanceof EnumValue && a.type === b.type && a !== b;
  return (typeof a === 'string' || typeof a === 'boolean') && typeof a === typeof b && a !== b;
}

/** -1, 0 or 1 where both are of one type; null for different types, NaN, and what has no order. Exact between integers and floats. */
function order(a: Value, b: Value): -1 | 0 | 1 | null {
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : null;
  if (isNumber(a) && isNumber(b)) {
    if (a < b) return -1;
    if (a > b) return 1;
    // biome-ignore lint/suspicious/noDoubleEquals: 1n equals 1, which no other operator knows
    return a == b ? 0 : null;
  }
  if (typeof a === 'boolean' || a instanceof EnumValue) return a === b ? 0 : null;
  return null;
}

/** By UTF-8 bytes, which is by code points: UTF-16 has those past U+FFFF below some others. */
function compareText(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length < b.length ? -1 : 1;
  return rank(a.charCodeAt(at)) < rank(b.charCodeAt(at)) ? -1 : 1;
}

/** Puts surrogates, which stand for U+10000 and above, behind all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
