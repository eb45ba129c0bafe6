import { parseQuery } from '../traceql/parse-query.ts';
import { printQuery } from '../traceql/print-query.ts';
import type { Query } from '../traceql/query.ts';
import { isTraceQl, translateShortForm } from '../traceql/short-form.ts';

/** A query as somebody typed it. */
export interface TypedQuery {
  readonly typed: string;
  /** The TraceQL that it stands for, in its canonical form. */
  readonly text: string;
  readonly query: Query;
}

/**
 * Reads a query: TraceQL, or the short form, which is translated. `words` may come one by one from a shell. Throws a `UserError` that
 * points at what is wrong.
 */
export function readQuery(words: readonly string[]): TypedQuery {
  const typed = words.join(' ').trim();
  const query = parseQuery(isTraceQl(typed) ? typed : translateShortForm(typed));
  return { typed, text: printQuery(query), query };
}
