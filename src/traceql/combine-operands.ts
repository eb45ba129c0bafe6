import { foldNumbers, isNumberOperator, type NumberOperator } from './number-expression.ts';
import type { Operand } from './operand.ts';
import { keepStage } from './parse-metrics.ts';
import {
  type Aggregate,
  COMPARISONS,
  type ComparisonOperator,
  type Metrics,
  type NumberStatic,
  type Place,
  type SpansetExpression,
  type SpansetOperator,
  type Stage,
} from './query.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { Token } from './tokens.ts';

const SPANSET_OPERATORS: readonly SpansetOperator[] = [
  ...(['&&', '||', '>', '<', '>>', '<<', '~'] as const),
  ...(['!>', '!<', '!>>', '!<<', '!~', '&>', '&<', '&>>', '&<<', '&~'] as const),
];

type SymbolToken = Token & { token: 'symbol' };

/** What two operands and the operator between them make; throws where the operator does not fit them. */
export function combine(
  cursor: TokenCursor,
  left: Operand,
  operator: SymbolToken,
  right: Operand,
): Operand {
  const place = { at: left.at, end: right.end };
  const between = SPANSET_OPERATORS.find((text) => text === operator.text);
  if (left.kind === 'stages') {
    return { kind: 'stages', stages: [related(cursor, left, operator, right, between)], ...place };
  }
  const comparison = COMPARISONS.find((text) => text === operator.text);
  if (comparison !== undefined) return compared(cursor, left, operator, right, comparison);
  if (isNumberOperator(operator.text)) {
    return reckoned(cursor, left, operator, right, operator.text);
  }
  throw cursor.error(operator, `"${operator.text}" does not fit what stands around it`, {
    expected: isSpansetOperator(operator.text) ? 'it relates two { … }' : 'expected + - * or /',
  });
}

function isSpansetOperator(text: string): boolean {
  return SPANSET_OPERATORS.some((operator) => operator === text);
}

function related(
  cursor: TokenCursor,
  left: Operand & { kind: 'stages' },
  token: SymbolToken,
  right: Operand,
  operator: SpansetOperator | undefined,
): Stage {
  const a = spansetsOf(left);
  if (operator === undefined || a === null) {
    throw cursor.error(token, `"${token.text}" does not relate sets of spans`, {
      expected: 'expected && || > >> < << ~, or one of them behind ! or &, or "|"',
    });
  }
  const b = right.kind === 'stages' ? spansetsOf(right) : null;
  if (b === null) {
    throw cursor.error(right, `"${token.text}" relates two sets of spans`, {
      expected: 'expected { … } or ( … )',
    });
  }
  const place = { at: left.at, end: right.end };
  return {
    stage: 'spansets',
    expression: { node: 'operation', operator, left: a, right: b, ...place },
  };
}

/** The sets of spans of a single stage that is nothing else. */
function spansetsOf({ stages }: Operand & { kind: 'stages' }): SpansetExpression | null {
  const [stage] = stages;
  return stages.length === 1 && stage?.stage === 'spansets' ? stage.expression : null;
}

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function compared(
  cursor: TokenCursor,
  left: Operand,
  token: SymbolToken,
  right: Operand,
  operator: ComparisonOperator,
): Operand {
  const place = { at: left.at, end: right.end };
  if (left.kind === 'aggregate' && right.kind === 'number') {
    return filtered(place, left.aggregate, operator, right.value);
  }
  if (left.kind === 'number' && right.kind === 'aggregate') {
    return filtered(place, right.aggregate, MIRRORED[operator], left.value);
  }
  if (left.kind === 'metrics' && right.kind === 'number') {
    const after = [...left.metrics.after, keepStage(operator, right.value)];
    return { ...left, metrics: { ...left.metrics, after }, isClosed: false, ...place };
  }
  if (hasSpans(left) && hasSpans(right)) {
    throw cursor.error(token, 'two values of pipelines cannot be compared', {
      expected: 'one side must be a number',
      fix: '{ … } | count() > 3',
    });
  }
  throw cursor.error(token, `"${token.text}" compares an aggregate or series with a number`);
}

function hasSpans({ kind }: Operand): boolean {
  return kind === 'aggregate' || kind === 'scalar pipeline';
}

function filtered(
  place: Place,
  aggregate: Aggregate,
  operator: ComparisonOperator,
  value: NumberStatic,
): Operand {
  return { kind: 'stages', stages: [{ stage: 'aggregate', aggregate, operator, value }], ...place };
}

function reckoned(
  cursor: TokenCursor,
  left: Operand,
  token: SymbolToken,
  right: Operand,
  operator: NumberOperator,
): Operand {
  const place = { at: left.at, end: right.end };
  if (left.kind === 'number' && right.kind === 'number') {
    return {
      kind: 'number',
      value: foldNumbers(cursor, operator, left.value, right.value),
      ...place,
    };
  }
  if (hasSpans(left) || hasSpans(right)) {
    throw cursor.error(token, 'aggregates and values of pipelines cannot be reckoned with', {
      fix: 'compare each with a number: { … } | max(.a) > 3 | min(.a) < 1',
    });
  }
  const metrics: Metrics = {
    metrics: 'math',
    operator,
    left: seriesOf(cursor, left, token),
    right: seriesOf(cursor, right, token),
    after: [],
  };
  return { kind: 'metrics', metrics, isClosed: true, ...place };
}

function seriesOf(cursor: TokenCursor, operand: Operand, token: SymbolToken): Metrics | number {
  if (operand.kind === 'number' && operand.value.type !== 'duration') {
    return Number(operand.value.value);
  }
  if (operand.kind === 'metrics' && operand.isClosed) return operand.metrics;
  if (operand.kind === 'metrics') {
    throw cursor.error(token, 'series are reckoned with in parentheses', {
      fix: '({ … } | rate()) * 60',
    });
  }
  throw cursor.error(operand, `"${token.text}" reckons with series and numbers`);
}
