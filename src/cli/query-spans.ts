import type { Trace } from '../model/trace.ts';
import { UserError } from '../model/user-error.ts';
import { holdsOfNothing } from '../traceql/aggregate.ts';
import { parseQuery } from '../traceql/parse-query.ts';
import type { Stage } from '../traceql/query.ts';
import { compilePipeline } from '../traceql/spansets.ts';
import type { CompileQueries, PipelineOutcome, SpanSelector } from '../verdict/scoped-items.ts';

/** TraceQL, as checks need it. */
export const COMPILE_QUERIES: CompileQueries = { spans: querySpans, trace: queryTraces };

/** A TraceQL query as what selects spans of a trace: those of all its sets, in tree order. Throws a usage error for one that selects none. */
function querySpans(text: string): SpanSelector {
  const run = compilePipeline(stagesOf(text));
  return (trace) => {
    const match = run(trace);
    if (match === null) return [];
    const found = new Set(match.spansets.flatMap(({ nodes }) => nodes));
    return trace.nodes.filter((node) => found.has(node));
  };
}

/** A TraceQL pipeline as a judge of traces. Throws a usage error for one that selects no spans. */
function queryTraces(text: string): (trace: Trace) => PipelineOutcome {
  const stages = stagesOf(text);
  const at = stages.findIndex(({ stage }) => stage === 'aggregate');
  const run = compilePipeline(stages);
  if (at === -1) return (trace) => keepsBoth(run(trace) !== null);
  const select = compilePipeline(stages.slice(0, at));
  const ofNothing = keepsBoth(stages.every(holdsOfNothing));
  return (trace) => {
    const selected = select(trace)?.spansets.length ?? 0;
    if (selected === 0) return ofNothing;
    const kept = run(trace)?.spansets.length ?? 0;
    return { keepsAll: kept >= selected, keepsAny: kept > 0 };
  };
}

function keepsBoth(isKept: boolean): PipelineOutcome {
  return { keepsAll: isKept, keepsAny: isKept };
}

function stagesOf(text: string): readonly Stage[] {
  const query = parseQuery(text);
  if (query.kind === 'spans') return query.stages;
  throw new UserError('usage', `this query computes numbers, it selects no spans: ${text}`, {
    fix: 'leave out what follows the last | of the selection',
  });
}
