import { checkQuery } from './check-query.ts';
import type { Operand } from './operand.ts';
import { parseExpression } from './parse-expression.ts';
import { staticOf } from './parse-field.ts';
import type { Query } from './query.ts';
import { TokenCursor } from './token-cursor.ts';

/**
 * The query in `text`, checked: every operator fits the types on its sides as far as they are known. Throws a `QueryError` that points
 * at the place where it cannot go on, also for what TraceQL has and this program does not support.
 */
export function parseQuery(text: string): Query {
  const cursor = new TokenCursor(text);
  if (cursor.isEnd()) {
    throw cursor.unexpected('expected { … }', 'write { true } for all spans');
  }
  const operand = parseExpression(cursor);
  parseHints(cursor);
  if (!cursor.isEnd()) {
    throw cursor.unexpected(
      operand.kind === 'metrics'
        ? 'expected "|", a comparison or the end; to reckon with series put them in parentheses'
        : 'expected "|", an operator between sets of spans, or the end',
    );
  }
  const query = queryOf(cursor, operand);
  checkQuery(text, query);
  return query;
}

function queryOf(cursor: TokenCursor, operand: Operand): Query {
  switch (operand.kind) {
    case 'stages':
      return { kind: 'spans', stages: operand.stages };
    case 'metrics':
      return { kind: 'metrics', metrics: operand.metrics };
    case 'number':
      throw cursor.error(operand, 'a number alone selects nothing', {
        fix: 'write { … }, e.g. { duration > 200ms }',
      });
    case 'aggregate':
      throw cursor.error(
        { at: cursor.lastEnd, end: cursor.lastEnd },
        `${operand.aggregate.name}() is compared with nothing`,
        { expected: 'expected a comparison, e.g. > 3' },
      );
    case 'scalar pipeline':
      throw cursor.error(operand, 'values of pipelines are compared with numbers only', {
        fix: '{ … } | count() > 3',
      });
  }
}

/** `with (most_recent=true)`: a hint on how a server should go about it. There is no server here. */
function parseHints(cursor: TokenCursor): void {
  if (!cursor.isWord('with')) return;
  cursor.take();
  cursor.expect('(');
  do {
    if (cursor.peek.token !== 'word') throw cursor.unexpected('expected the name of a hint');
    cursor.take();
    cursor.expect('=');
    if (cursor.isSymbol('-')) cursor.take();
    if (staticOf(cursor.peek) === null) throw cursor.unexpected('expected a value');
    cursor.take();
  } while (cursor.takeIf(','));
  cursor.expect(')');
}
