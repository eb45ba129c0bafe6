import { UNKNOWN_SERVICE } from '../model/span.ts';
import { compareValues, matchValue } from './compare-values.ts';
import { staticValue } from './compile-field.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import type { ComparisonOperator, Static } from './query.ts';
import type { Value } from './value.ts';

/** A comparison of something with a constant. */
export interface ConstantTest {
  /** As written. */
  readonly text: string;
  /** True for `=~`, false for `!~`. */
  readonly operator: ComparisonOperator | boolean;
  readonly value: Static;
}

export function holds(test: ConstantTest, value: Value): boolean {
  return valueTest(test)(value);
}

/** The test as a function of a value, its pattern compiled once. */
export function valueTest({ operator, value }: ConstantTest): (value: Value) => boolean {
  if (typeof operator !== 'boolean') {
    const limit = staticValue(value);
    return (stored) => compareValues(operator, stored, limit);
  }
  const matches = compilePattern(value.type === 'string' ? value.value : '');
  return (stored) => matchValue(stored, matches, operator);
}

export function textTest(test: ConstantTest): Pattern {
  return valueTest(test);
}

/** The store has a name for services that have none, or an empty one. */
export function serviceTest(test: ConstantTest): Pattern {
  const decide = textTest(test);
  return (service) => service === UNKNOWN_SERVICE || decide(service);
}
