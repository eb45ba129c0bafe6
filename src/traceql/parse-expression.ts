import { combine } from './combine-operands.ts';
import type { Operand } from './operand.ts';
import { parseMeasure, parseSeriesStage, startsMeasure } from './parse-metrics.ts';
import { parseOperand } from './parse-stage.ts';
import type { Metrics, Place } from './query.ts';
import type { TokenCursor } from './token-cursor.ts';

/** How tightly operators between sets of spans, aggregates and series bind; weaker than all is the pipe. */
const BINDING: ReadonlyMap<string, number> = new Map([
  ...['&&', '||'].map((text) => [text, 1] as const),
  ...['=', '!=', '<', '<=', '>', '>='].map((text) => [text, 2] as const),
  ...['>>', '<<', '~', '!>', '!<', '!>>', '!<<', '!~', '&>', '&<', '&>>', '&<<', '&~'].map(
    (text) => [text, 2] as const,
  ),
  ...['+', '-'].map((text) => [text, 3] as const),
  ...['*', '/', '%'].map((text) => [text, 4] as const),
  ['^', 5],
]);

/** Parses everything up to a closing parenthesis, `with` or the end: stages behind each other, joined by pipes. */
export function parseExpression(cursor: TokenCursor): Operand {
  let operand = parseOperators(cursor, 0);
  if (operand.kind === 'stages' && operand.stages[0]?.stage === 'coalesce') {
    throw cursor.error(operand, 'coalesce() cannot stand first: there are no groups to join yet', {
      fix: '{ … } | by(.a) | coalesce()',
    });
  }
  while (cursor.isSymbol('|')) {
    cursor.take();
    operand = parsePiped(cursor, operand);
  }
  return operand;
}

function parseOperators(cursor: TokenCursor, weakest: number): Operand {
  let left = parseOperand(cursor, parseExpression);
  for (;;) {
    const { peek } = cursor;
    const binding = peek.token === 'symbol' ? (BINDING.get(peek.text) ?? 0) : 0;
    if (peek.token !== 'symbol' || binding <= weakest) return left;
    cursor.take();
    const right = parseOperators(cursor, binding);
    left = combine(cursor, left, peek, right);
  }
}

/** What stands behind a pipe. */
function parsePiped(cursor: TokenCursor, left: Operand): Operand {
  if (left.kind === 'metrics') return parseSeriesStages(cursor, left.metrics, left);
  if (left.kind === 'stages' && startsMeasure(cursor)) {
    const measure = parseMeasure(cursor);
    const metrics: Metrics = { metrics: 'measure', pipeline: left.stages, measure, after: [] };
    return withComparisons(cursor, metrics, left.at);
  }
  const place = cursor.peek;
  const right = parseOperators(cursor, 0);
  if (left.kind !== 'stages') throw cursor.error(place, 'only sets of spans go through a pipe');
  if (right.kind === 'stages') {
    return { ...left, stages: [...left.stages, ...right.stages], end: right.end };
  }
  if (right.kind === 'aggregate') return { kind: 'scalar pipeline', at: left.at, end: right.end };
  throw cursor.error(right, 'this cannot stand behind a pipe', {
    expected: 'expected { … }, count() > 3, by(…), select(…), coalesce() or rate()',
  });
}

/** Comparisons directly behind a metrics function: `rate() > 10`. */
function withComparisons(cursor: TokenCursor, metrics: Metrics, at: number): Operand {
  let result = metrics;
  for (let stage = parseSeriesStage(cursor, false); stage !== null; ) {
    result = { ...result, after: [...result.after, stage] };
    stage = parseSeriesStage(cursor, false);
  }
  return { kind: 'metrics', metrics: result, isClosed: false, at, end: cursor.lastEnd };
}

/** `topk(5)` behind a pipe, and comparisons behind that. */
function parseSeriesStages(cursor: TokenCursor, metrics: Metrics, { at }: Place): Operand {
  const stage = parseSeriesStage(cursor, true);
  if (stage === null) throw cursor.unexpected('expected topk(…) or bottomk(…)');
  return withComparisons(cursor, { ...metrics, after: [...metrics.after, stage] }, at);
}
