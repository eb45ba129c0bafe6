import { nearestWord } from './nearest-word.ts';
import { parseNumber } from './number-expression.ts';
import type { Operand } from './operand.ts';
import { parseArgument, parseNames } from './parse-arguments.ts';
import { parseCondition } from './parse-field.ts';
import { MEASURE_WORDS } from './parse-metrics.ts';
import type { AggregateName, Field, Place } from './query.ts';
import type { TokenCursor } from './token-cursor.ts';

const AGGREGATES: readonly AggregateName[] = ['count', 'min', 'max', 'avg', 'sum'];
const STAGE_WORDS = [...AGGREGATES, 'by', 'coalesce', 'select', 'topk', 'bottomk'];
const EXPECTED = 'expected { … }, count(), by(…) or select(…)';

type ParseExpression = (cursor: TokenCursor) => Operand;

/** Parses one operand: a filter, a stage, an aggregate, a number, or what `parseInner` finds in parentheses. */
export function parseOperand(cursor: TokenCursor, parseInner: ParseExpression): Operand {
  const { peek } = cursor;
  if (peek.token === 'symbol') {
    if (peek.text === '{') return parseFilter(cursor);
    if (peek.text === '(') return cursor.nested(() => parseParentheses(cursor, parseInner));
  }
  if (peek.token === 'word') return parseStageWord(cursor, peek, peek.text);
  const { at } = peek;
  const value = parseNumber(cursor);
  if (value === null) throw cursor.unexpected(EXPECTED);
  return { kind: 'number', value, at, end: cursor.lastEnd };
}

function parseFilter(cursor: TokenCursor): Operand {
  const { at } = cursor.take();
  const condition = parseCondition(cursor);
  const place = { at, end: cursor.lastEnd };
  return {
    kind: 'stages',
    stages: [{ stage: 'spansets', expression: { node: 'filter', condition, ...place } }],
    ...place,
  };
}

function parseParentheses(cursor: TokenCursor, parseInner: ParseExpression): Operand {
  const { at } = cursor.take();
  const inner = parseInner(cursor);
  cursor.expect(')');
  const place = { at, end: cursor.lastEnd };
  if (inner.kind === 'metrics') return { ...inner, isClosed: true, ...place };
  if (inner.kind !== 'stages') return { ...inner, ...place };
  const [first, ...others] = inner.stages;
  const isPlain = others.length === 0 && first?.stage === 'spansets';
  if (isPlain) return { ...inner, ...place };
  const expression = { node: 'pipeline', stages: inner.stages, ...place } as const;
  return { kind: 'stages', stages: [{ stage: 'spansets', expression }], ...place };
}

function parseStageWord(cursor: TokenCursor, place: Place, word: string): Operand {
  const aggregate = AGGREGATES.find((name) => name === word);
  if (aggregate !== undefined) return parseAggregate(cursor, aggregate);
  switch (word) {
    case 'by': {
      const field = parseArgument(cursor);
      return { kind: 'stages', stages: [{ stage: 'by', field }], ...placeFrom(cursor, place) };
    }
    case 'coalesce':
      cursor.take();
      cursor.expect('(');
      cursor.expect(')');
      return { kind: 'stages', stages: [{ stage: 'coalesce' }], ...placeFrom(cursor, place) };
    case 'select': {
      cursor.take();
      const fields = parseNames(cursor);
      return { kind: 'stages', stages: [{ stage: 'select', fields }], ...placeFrom(cursor, place) };
    }
    default:
      throw unknownStage(cursor, word);
  }
}

function placeFrom(cursor: TokenCursor, { at }: Place): Place {
  return { at, end: cursor.lastEnd };
}

function unknownStage(cursor: TokenCursor, word: string) {
  if (word === 'topk' || word === 'bottomk') {
    return cursor.unexpected(
      `${word} takes series, e.g. of rate()`,
      `{ … } | rate() | ${word}(10)`,
    );
  }
  if (MEASURE_WORDS.includes(word)) {
    return cursor.unexpected('a metrics function stands behind a pipe', `{ true } | ${word}(…)`);
  }
  const near = nearestWord(word, [...STAGE_WORDS, ...MEASURE_WORDS]);
  return cursor.unexpected(near === null ? EXPECTED : `did you mean ${near}?`);
}

function parseAggregate(cursor: TokenCursor, name: AggregateName): Operand {
  const { at } = cursor.peek;
  let of: Field | null = null;
  if (name === 'count') {
    cursor.take();
    cursor.expect('(');
    cursor.expect(')', 'count() takes nothing');
  } else of = parseArgument(cursor);
  const place = { at, end: cursor.lastEnd };
  return { kind: 'aggregate', aggregate: { name, of, ...place }, ...place };
}
