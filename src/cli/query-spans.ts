import { UserError } from '../model/user-error.ts';
import { parseQuery } from '../traceql/parse-query.ts';
import { compilePipeline } from '../traceql/spansets.ts';
import type { SpanSelector } from '../verdict/scoped-items.ts';

/** A TraceQL query as what selects spans of a trace: those of all its sets, in tree order. Throws a usage error for one that selects none. */
export function querySpans(text: string): SpanSelector {
  const query = parseQuery(text);
  if (query.kind !== 'spans')
    throw new UserError('usage', `this query computes numbers, it selects no spans: ${text}`, {
      fix: 'leave out what follows the last | of the selection',
    });
  const run = compilePipeline(query.stages);
  return (trace) => {
    const match = run(trace);
    if (match === null) return [];
    const found = new Set(match.spansets.flatMap(({ nodes }) => nodes));
    return trace.nodes.filter((node) => found.has(node));
  };
}
