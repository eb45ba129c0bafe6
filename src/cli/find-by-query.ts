import { buildTrace } from '../analysis/build-trace.ts';
import { UNKNOWN_SERVICE } from '../model/span.ts';
import { nanos } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import type { FoundTraces, TraceFilter } from '../model/trace-summary.ts';
import type { PlanStep } from '../report/explain-report.ts';
import { hasOddTimes, scanColumns } from '../store/candidate-traces.ts';
import { UNCERTAIN } from '../store/column-question.ts';
import { countTraces, traceKeysOf } from '../store/find-traces.ts';
import { serviceNames } from '../store/known-names.ts';
import type { Store } from '../store/open-store.ts';
import { scanTraceKeys } from '../store/read-spans.ts';
import { prefilterText } from '../traceql/explain-prefilter.ts';
import { prefilterOf } from '../traceql/prefilter.ts';
import { printStages } from '../traceql/print-query.ts';
import type { Stage } from '../traceql/query.ts';
import { compilePipeline } from '../traceql/spansets.ts';
import { traceLimits } from '../traceql/trace-limits.ts';
import { spanQuestion } from './span-question.ts';

/** Traces in which a query may find something, and how they were chosen. */
export interface Candidates {
  /** Ascending. */
  readonly keys: readonly number[];
  /** Those of them in which the one pipeline is known to find something. */
  readonly certain: ReadonlySet<number>;
  readonly steps: readonly PlanStep[];
}

/**
 * The traces that satisfy `filter` and in which one of the pipelines may find something: all that it does find, and some more. The
 * store's lists and columns decide; no trace is built.
 */
export function candidatesFor(
  store: Store,
  pipelines: readonly (readonly Stage[])[],
  filter: TraceFilter,
): Candidates {
  const narrowed = narrow(store, pipelines, filter);
  const steps: PlanStep[] = [
    { step: 'all', what: 'traces in the store', traces: countTraces(store, {}) },
  ];
  const isNarrowed = Object.keys(narrowed).length > 0;
  const listed = isNarrowed ? traceKeysOf(store, narrowed) : null;
  if (listed) steps.push({ step: 'list', what: filterText(narrowed), traces: listed.length });
  const prefilter = prefilterOf(pipelines);
  const asked = listed?.length === 0 ? null : spanQuestion(prefilter);
  if (asked === null) {
    if (prefilter.trace.formula === 'false') return { keys: [], certain: NONE, steps };
    return { keys: listed ?? traceKeysOf(store, {}), certain: NONE, steps };
  }
  const { parts, chunks, chunksRead } = scanColumns(store, asked.question);
  const isListed = listed === null ? null : new Set(listed);
  const keys: number[] = [];
  for (const [key, bits] of parts) {
    if (asked.isCandidate(bits) && isListed?.has(key) !== false) keys.push(key);
  }
  keys.sort((a, b) => a - b);
  steps.push({
    step: 'columns',
    what: prefilterText(prefilter),
    traces: keys.length,
    chunks,
    chunksRead,
  });
  return { keys, certain: prefilter.isExact ? certainKeys(store, keys, parts) : NONE, steps };
}

/** The traces that need not be built to be sure. Nothing is sure about services that have no name. */
function certainKeys(
  store: Store,
  keys: readonly number[],
  parts: ReadonlyMap<number, number>,
): ReadonlySet<number> {
  if (serviceNames(store).includes(UNKNOWN_SERVICE)) return NONE;
  return new Set(keys.filter((key) => ((parts.get(key) ?? UNCERTAIN) & UNCERTAIN) === 0));
}

const NONE: ReadonlySet<number> = new Set();

/** Adds what the query says about whole traces, where the store's summaries say the same as the traces themselves. */
function narrow(
  store: Store,
  pipelines: readonly (readonly Stage[])[],
  filter: TraceFilter,
): TraceFilter {
  const [only = []] = pipelines;
  const { minDurationNs, maxDurationNs } = pipelines.length === 1 ? traceLimits(only) : {};
  if (minDurationNs === undefined && maxDurationNs === undefined) return filter;
  if (hasOddTimes(store)) return filter;
  const least = Math.max(filter.minDurationNs ?? 0, minDurationNs ?? 0);
  const most = Math.min(
    filter.maxDurationNs ?? Number.POSITIVE_INFINITY,
    maxDurationNs ?? Number.POSITIVE_INFINITY,
  );
  return {
    ...filter,
    ...(least > 0 && { minDurationNs: nanos(least) }),
    ...(Number.isFinite(most) && { maxDurationNs: nanos(most) }),
  };
}

function filterText({
  service,
  withErrors,
  minDurationNs,
  maxDurationNs,
  since,
  until,
}: TraceFilter): string {
  return [
    service === undefined ? [] : [`with a span of ${service}`],
    withErrors ? ['with errors'] : [],
    minDurationNs === undefined ? [] : [`at least ${minDurationNs} ns long`],
    maxDurationNs === undefined ? [] : [`at most ${maxDurationNs} ns long`],
    since === undefined ? [] : ['from a time on'],
    until === undefined ? [] : ['before a time'],
  ]
    .flat()
    .join(', ');
}

/** A trace with the key that the store knows it by. */
export interface CandidateTrace {
  readonly key: number;
  readonly trace: Trace;
}

/** Builds one candidate after the other; no more than one is in memory. */
export function* buildCandidates(store: Store, keys: readonly number[]): Generator<CandidateTrace> {
  for (const { key, spans } of scanTraceKeys(store, keys)) yield { key, trace: buildTrace(spans) };
}

/** What a query found. */
export interface FoundByQuery extends FoundTraces {
  readonly steps: readonly PlanStep[];
}

/** The traces among those that satisfy `filter` in which the pipeline finds spans. */
export function findByQuery(
  store: Store,
  stages: readonly Stage[],
  filter: TraceFilter,
): FoundByQuery {
  const candidates = candidatesFor(store, [stages], filter);
  const run = compilePipeline(stages);
  const { keys, certain } = candidates;
  const traceKeys: number[] = [...certain];
  const doubtful = certain.size === 0 ? keys : keys.filter((key) => !certain.has(key));
  let spans = 0;
  for (const { key, trace } of buildCandidates(store, doubtful)) {
    spans += trace.nodes.length;
    if (run(trace) !== null) traceKeys.push(key);
  }
  traceKeys.sort((a, b) => a - b);
  const query = printStages(stages);
  const last: PlanStep = { step: 'evaluate', what: query, traces: traceKeys.length, spans };
  return { query, traceKeys, steps: [...candidates.steps, last] };
}
