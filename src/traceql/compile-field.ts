import type { AttributeValue } from '../model/attributes.ts';
import { negate, reckon } from './arithmetic.ts';
import { compareValues, matchValue } from './compare-values.ts';
import { INTRINSICS } from './intrinsics.ts';
import { compilePattern } from './pattern.ts';
import {
  type ArithmeticOperator,
  type BinaryField,
  COMPARISONS,
  type ComparisonOperator,
  type Field,
  type Static,
} from './query.ts';
import { type ReadValue, readAttribute, readIntrinsic } from './read-field.ts';
import { AnyOf, kindValue, statusValue, type Value } from './value.ts';

/** A checked expression as a function of a span. */
export function compileField(field: Field): ReadValue {
  switch (field.node) {
    case 'static': {
      const value = staticValue(field.value);
      return () => value;
    }
    case 'attribute':
      return readAttribute(field.scope, field.name);
    case 'intrinsic':
      return readIntrinsic(field.name);
    case 'unary': {
      const operand = compileField(field.operand);
      if (field.operator === '-') return (node, facts) => negate(operand(node, facts));
      return (node, facts) => not(operand(node, facts));
    }
    case 'binary':
      return compileBinary(field);
  }
}

/** The value of a constant. */
export function staticValue(value: Static): Value {
  switch (value.type) {
    case 'nil':
      return undefined;
    case 'status':
      return statusValue(value.value);
    case 'kind':
      return kindValue(value.value);
    case 'string':
    case 'int':
    case 'float':
    case 'duration':
    case 'bool':
      return value.value;
  }
}

/** Of nothing and of what is no truth value there is no opposite. */
function not(value: Value): Value {
  return typeof value === 'boolean' ? !value : undefined;
}

/** Whether a value is true; of events and links one suffices. */
export function isTrue(value: Value): boolean {
  return value === true || (value instanceof AnyOf && value.values.includes(true));
}

function compileBinary(field: BinaryField): ReadValue {
  const { operator, left, right } = field;
  const comparison = COMPARISONS.find((text) => text === operator);
  if (comparison !== undefined) return compileComparison(field, comparison);
  if (operator === '=~' || operator === '!~') return compileMatch(field, operator === '=~');
  const a = compileField(left);
  const b = compileField(right);
  if (operator === '&&') return (node, facts) => isTrue(a(node, facts)) && isTrue(b(node, facts));
  if (operator === '||') return (node, facts) => isTrue(a(node, facts)) || isTrue(b(node, facts));
  return (node, facts) => reckon(operator as ArithmeticOperator, a(node, facts), b(node, facts));
}

function compileMatch({ left, right }: BinaryField, wanted: boolean): ReadValue {
  const source = right.node === 'static' && right.value.type === 'string' ? right.value.value : '';
  const matches = compilePattern(source);
  const read = compileField(left);
  return (node, facts) => matchValue(read(node, facts), matches, wanted);
}

function compileComparison(field: BinaryField, operator: ComparisonOperator): ReadValue {
  const { left, right } = field;
  if (isNil(left)) return isNil(right) ? () => false : compilePresence(right, operator);
  if (isNil(right)) return compilePresence(left, operator);
  const digits = idDigits(left) ?? idDigits(right);
  const a = comparable(left, digits);
  const b = comparable(right, digits);
  return (node, facts) => compareValues(operator, a(node, facts), b(node, facts));
}

function isNil(field: Field): boolean {
  return field.node === 'static' && field.value.type === 'nil';
}

function compilePresence(field: Field, operator: ComparisonOperator): ReadValue {
  const read = compileField(field);
  const wanted = operator === '!=';
  return (node, facts) => (read(node, facts) !== undefined) === wanted;
}

function idDigits(field: Field): number | null {
  return field.node === 'intrinsic' ? (INTRINSICS[field.name].idDigits ?? null) : null;
}

/** What stands beside an id is brought into its form: lower case, all leading zeros. */
function comparable(field: Field, digits: number | null): ReadValue {
  const read = compileField(field);
  if (digits === null || idDigits(field) !== null) return read;
  if (field.node === 'static') {
    const value = wholeId(staticValue(field.value), digits);
    return () => value;
  }
  return (node, facts) => wholeId(read(node, facts), digits);
}

function wholeId(value: Value, digits: number): Value {
  if (value instanceof AnyOf) {
    const ids = value.values.map((one) => wholeId(one, digits) as AttributeValue);
    return new AnyOf(ids);
  }
  if (typeof value !== 'string' || !/^[0-9a-fA-F]+$/.test(value)) return value;
  return value.toLowerCase().padStart(digits, '0');
}
