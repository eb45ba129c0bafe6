import { parseNumberExpression } from './number-expression.ts';
import { parseName, parseNames } from './parse-arguments.ts';
import { parseCondition } from './parse-field.ts';
import {
  COMPARISONS,
  type ComparisonOperator,
  MEASURES,
  type Measure,
  type MeasureName,
  type NumberStatic,
  type SeriesStage,
} from './query.ts';
import type { TokenCursor } from './token-cursor.ts';

/** The words that begin a metrics function. */
export const MEASURE_WORDS: readonly string[] = [...MEASURES, 'compare'];

/** How many values of an attribute `compare` tells apart unless the query says so. */
const COMPARED_VALUES = 10;

/** Whether a metrics function comes next. */
export function startsMeasure({ peek }: TokenCursor): boolean {
  return peek.token === 'word' && MEASURE_WORDS.includes(peek.text);
}

/** Parses `rate()`, `quantile_over_time(duration, .9) by (name)` and the like. */
export function parseMeasure(cursor: TokenCursor): Measure {
  const word = cursor.take();
  if (word.token === 'word' && word.text === 'compare') return parseCompare(cursor);
  const measure = MEASURES.find((name) => word.token === 'word' && name === word.text);
  if (measure === undefined) throw cursor.unexpected('expected a metrics function');
  cursor.expect('(');
  const of = measure === 'rate' || measure === 'count_over_time' ? null : parseName(cursor);
  const quantiles = measure === 'quantile_over_time' ? parseQuantiles(cursor) : [];
  cursor.expect(')', argumentsOf(measure));
  const by = cursor.isWord('by') ? parseBy(cursor) : [];
  return { measure, of, quantiles, by };
}

function argumentsOf(measure: MeasureName): string {
  if (measure === 'rate' || measure === 'count_over_time') return `${measure}() takes nothing`;
  return measure === 'quantile_over_time' ? 'expected "," or ")"' : 'expected ")"';
}

function parseBy(cursor: TokenCursor) {
  cursor.take();
  return parseNames(cursor);
}

function parseQuantiles(cursor: TokenCursor): number[] {
  const quantiles: number[] = [];
  while (cursor.takeIf(',')) {
    const token = cursor.peek;
    const value = token.token === 'int' || token.token === 'float' ? Number(token.value) : -1;
    if (!(value >= 0 && value <= 1)) throw cursor.unexpected('expected a quantile from 0 to 1');
    cursor.take();
    quantiles.push(value);
  }
  if (quantiles.length === 0) {
    throw cursor.unexpected('expected a quantile', 'quantile_over_time(duration, 0.5, 0.99)');
  }
  return quantiles;
}

/** `compare({ status = error }, 10, start, end)`, the word itself being taken. */
function parseCompare(cursor: TokenCursor): Measure {
  cursor.expect('(');
  cursor.expect('{', 'expected { … }, the spans to compare with the rest');
  const condition = parseCondition(cursor);
  const numbers: bigint[] = [];
  while (cursor.takeIf(',')) numbers.push(parseInteger(cursor));
  cursor.expect(')');
  const [top = BigInt(COMPARED_VALUES), startNs, endNs] = numbers;
  if (numbers.length === 2 || numbers.length > 3) {
    throw cursor.error(
      { at: cursor.lastEnd - 1, end: cursor.lastEnd },
      'compare takes a number of values, or that and a start and an end',
      { fix: 'compare({ status = error }, 10)' },
    );
  }
  const window = startNs !== undefined && endNs !== undefined ? { startNs, endNs } : null;
  return { measure: 'compare', selection: condition, top: Number(top), window };
}

function parseInteger(cursor: TokenCursor): bigint {
  const token = cursor.peek;
  if (token.token !== 'int') throw cursor.unexpected('expected a whole number');
  cursor.take();
  return token.value;
}

/**
 * What is done with finished series: behind a pipe (`isPiped`) `topk(5)` or `bottomk(5)`, else a comparison. Null if something else
 * comes next.
 */
export function parseSeriesStage(cursor: TokenCursor, isPiped: boolean): SeriesStage | null {
  const { peek } = cursor;
  if (isPiped) return peek.token === 'word' ? parseTop(cursor, peek.text) : null;
  const operator = COMPARISONS.find((text) => peek.token === 'symbol' && peek.text === text);
  if (operator === undefined) return null;
  cursor.take();
  return keepStage(operator, parseNumberExpression(cursor));
}

/** Keeps samples; those of durations are seconds. */
export function keepStage(operator: ComparisonOperator, number: NumberStatic): SeriesStage {
  const value = number.type === 'duration' ? number.value / 1e9 : Number(number.value);
  return { stage: 'keep', operator, value };
}

function parseTop(cursor: TokenCursor, word: string): SeriesStage | null {
  if (word !== 'topk' && word !== 'bottomk') return null;
  cursor.take();
  cursor.expect('(');
  const count = Number(parseInteger(cursor));
  if (count === 0) {
    throw cursor.error(
      { at: cursor.lastEnd - 1, end: cursor.lastEnd },
      `${word} takes a number from 1`,
    );
  }
  cursor.expect(')');
  return { stage: word, count };
}
