import { INTRINSICS } from './intrinsics.ts';
import { patternProblem } from './pattern.ts';
import type { BinaryField, BinaryOperator, Field, FieldType, UnaryField } from './query.ts';
import { QueryError } from './query-error.ts';

/** Tells types of the expressions of one query, for its errors. */
export interface FieldTypes {
  /** Throws a `QueryError` where an operator does not fit what stands around it. */
  readonly typeOf: (field: Field) => FieldType;
}

const NUMERIC: readonly FieldType[] = ['int', 'float', 'duration', 'any'];
const EQUALITY: readonly BinaryOperator[] = ['=', '!='];
const ORDER: readonly BinaryOperator[] = ['<', '<=', '>', '>='];
const ARITHMETIC: readonly BinaryOperator[] = ['+', '-', '*', '/', '%', '^'];
const LOGIC: readonly BinaryOperator[] = ['&&', '||'];
const PATTERN: readonly BinaryOperator[] = ['=~', '!~'];

/** Operators that may stand next to a value of a type. */
const OPERATORS_OF: Readonly<Record<FieldType, readonly BinaryOperator[]>> = {
  string: [...EQUALITY, ...ORDER, ...PATTERN],
  int: [...EQUALITY, ...ORDER, ...ARITHMETIC],
  float: [...EQUALITY, ...ORDER, ...ARITHMETIC],
  duration: [...EQUALITY, ...ORDER, ...ARITHMETIC],
  bool: [...EQUALITY, ...LOGIC],
  status: EQUALITY,
  kind: EQUALITY,
  nil: EQUALITY,
  any: [...EQUALITY, ...ORDER, ...PATTERN, ...ARITHMETIC, ...LOGIC],
};

/** Types of the expressions of the query in `text`. */
export function fieldTypes(text: string): FieldTypes {
  const typeOf = (field: Field): FieldType => {
    switch (field.node) {
      case 'static':
        return field.value.type;
      case 'attribute':
        return 'any';
      case 'intrinsic':
        return INTRINSICS[field.name].type;
      case 'unary':
        return unaryType(text, field, typeOf(field.operand));
      case 'binary':
        return binaryType(text, field, typeOf(field.left), typeOf(field.right));
    }
  };
  return { typeOf };
}

function unaryType(text: string, field: UnaryField, type: FieldType): FieldType {
  const fits = field.operator === '-' ? NUMERIC.includes(type) : type === 'bool' || type === 'any';
  if (fits) return field.operator === '!' ? 'bool' : type;
  const wanted = field.operator === '-' ? 'a number or a duration' : 'true or false';
  const help = { expected: `"${field.operator}" takes ${wanted}; this is a ${type}` };
  const fix = field.operator === '!' ? { fix: 'write !(…) around the whole comparison' } : {};
  throw new QueryError(text, field.operand, `"${field.operator}" does not fit here`, {
    ...help,
    ...fix,
  });
}

function binaryType(text: string, field: BinaryField, a: FieldType, b: FieldType): FieldType {
  const { operator } = field;
  if (a === 'nil' || b === 'nil') checkNil(text, field, a);
  if (PATTERN.includes(operator)) checkPattern(text, field);
  if (!isComparable(a, b)) {
    throw new QueryError(text, field.right, `a ${a} and a ${b} cannot stand around "${operator}"`, {
      expected: `this is a ${b}, on the left is a ${a}`,
    });
  }
  for (const [side, type] of [
    [field.left, a],
    [field.right, b],
  ] as const) {
    if (!OPERATORS_OF[type].includes(operator)) {
      throw new QueryError(text, side, `"${operator}" does not fit a ${type}`, {
        expected: `a ${type} takes ${OPERATORS_OF[type].join(' ')}`,
      });
    }
  }
  return ARITHMETIC.includes(operator) ? arithmeticType(a, b) : 'bool';
}

function isComparable(a: FieldType, b: FieldType): boolean {
  if (a === b || a === 'any' || b === 'any' || a === 'nil' || b === 'nil') return true;
  return NUMERIC.includes(a) && NUMERIC.includes(b);
}

/** Integers among themselves stay integers; whatever an attribute holds, it gives a number. */
function arithmeticType(a: FieldType, b: FieldType): FieldType {
  return a === 'int' && b === 'int' ? 'int' : 'float';
}

function checkNil(text: string, { operator, left, right }: BinaryField, a: FieldType): void {
  const other = a === 'nil' ? right : left;
  if (!EQUALITY.includes(operator)) {
    throw new QueryError(text, a === 'nil' ? left : right, `"${operator}" does not fit nil`, {
      expected: 'nil takes = (absent) and != (present)',
    });
  }
  const isService =
    other.node === 'attribute' && other.scope === 'resource' && other.name === 'service.name';
  if (operator === '=' && (other.node === 'intrinsic' || isService)) {
    throw new QueryError(text, other, 'every span has this, so it is never nil', {
      expected: 'compare it with a value',
    });
  }
}

function checkPattern(text: string, { operator, right }: BinaryField): void {
  if (right.node !== 'static' || right.value.type !== 'string') {
    throw new QueryError(text, right, `"${operator}" takes a pattern in quotes`, {
      expected: 'expected "…" or `…`',
    });
  }
  const problem = patternProblem(right.value.value);
  if (problem === null) return;
  throw new QueryError(text, right, `the pattern is no regular expression of RE2: ${problem}`, {
    fix: 'patterns are those of RE2, without look-around and back-references: https://github.com/google/re2/wiki/Syntax',
  });
}
