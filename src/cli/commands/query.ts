import { buildTrace } from '../../analysis/build-trace.ts';
import type { Attributes } from '../../model/attributes.ts';
import type { UnixNano } from '../../model/time.ts';
import type { TraceFilter } from '../../model/trace-summary.ts';
import { UserError } from '../../model/user-error.ts';
import type { Explanation, PlanStep } from '../../report/explain-report.ts';
import {
  type QueryFacts,
  type QueryTrace,
  type QueryValue,
  queryDocument,
  queryReport,
} from '../../report/query-report.ts';
import {
  comparisonDocument,
  comparisonReport,
  seriesDocument,
  seriesReport,
} from '../../report/series-report.ts';
import { countTraces, findTraces, timeRange } from '../../store/find-traces.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { readTrace } from '../../store/read-spans.ts';
import { type MetricsWindow, steppedWindow, wholeWindow } from '../../traceql/metrics-window.ts';
import type { Metrics, Stage } from '../../traceql/query.ts';
import { type MetricsResult, runMetrics } from '../../traceql/run-metrics.ts';
import { compilePipeline, type NamedValue, type TraceMatch } from '../../traceql/spansets.ts';
import { AnyOf, EnumValue, valueText } from '../../traceql/value.ts';
import { EXIT } from '../exit-code.ts';
import { buildCandidates, candidatesFor, findByQuery } from '../find-by-query.ts';
import type { Io } from '../io.ts';
import { parseDuration } from '../parse-duration.ts';
import { printExplanation } from '../print-explanation.ts';
import { printResult } from '../print-result.ts';
import { optionFilter, queryWords, type SelectionOptions } from '../selection.ts';
import { storePath } from '../store-path.ts';
import { readQuery, type TypedQuery } from '../typed-query.ts';
import { noteUnknownAttributes } from '../unknown-attributes.ts';
import { VERSION } from '../version.ts';

export interface QueryOptions extends SelectionOptions {
  readonly limit: number;
  readonly step?: string;
  readonly json?: boolean;
}

/** Prints the spans that a query finds, or the series that it gives. */
export function query(io: Io, options: QueryOptions): number {
  const typed = readQuery(queryWords(options));
  const store = openStore(storePath(io, options.store), 'read');
  try {
    if (typed.query.kind === 'spans') printSpans(io, store, options, typed, typed.query.stages);
    else printMetrics(io, store, options, typed, typed.query.metrics);
    return EXIT.done;
  } finally {
    store.close();
  }
}

function printSpans(
  io: Io,
  store: Store,
  options: QueryOptions,
  typed: TypedQuery,
  stages: readonly Stage[],
): void {
  if (options.step !== undefined) {
    throw new UserError('usage', '--step is for queries that give series', {
      fix: `${typed.text} | rate()`,
    });
  }
  const filter = optionFilter(store, options);
  const { query: text, traceKeys, steps } = findByQuery(store, stages, filter);
  if (options.explain) {
    printExplanation(io, options, explanation(typed, steps));
    return;
  }
  if (traceKeys.length === 0) noteUnknownAttributes(io, options, store, stages);
  const found: TraceFilter = { ...filter, found: { query: text, traceKeys } };
  const run = compilePipeline(stages);
  const page = findTraces(store, found, { sort: 'start', descending: true, limit: options.limit });
  const facts: QueryFacts = {
    query: typed.text,
    matching: countTraces(store, found),
    traces: page.traces.flatMap(({ traceId }) => {
      const match = run(buildTrace(readTrace(store, traceId)));
      return match === null ? [] : [queryTrace(match)];
    }),
  };
  printResult(io, options, {
    document: () => queryDocument(facts, VERSION),
    report: (layout) => queryReport(facts, layout),
  });
}

function explanation({ typed, text }: TypedQuery, steps: readonly PlanStep[]): Explanation {
  return { typed, query: text, steps };
}

function queryTrace({ trace, spansets, selected }: TraceMatch): QueryTrace {
  return {
    trace,
    spansets: spansets.map(({ nodes, values }) => ({ nodes, values: values.map(queryValue) })),
    selected: (node) => selected(node).map(queryValue),
  };
}

function queryValue({ name, value, isDuration }: NamedValue): QueryValue {
  return { name, text: valueText(value, isDuration), json: jsonOf(name, value) };
}

/** A missing value has no place in JSON. */
function jsonOf(name: string, value: NamedValue['value']): Attributes {
  if (value === undefined) return new Map();
  if (value instanceof EnumValue) return new Map([[name, value.name]]);
  return new Map([[name, value instanceof AnyOf ? value.values : value]]);
}

function printMetrics(
  io: Io,
  store: Store,
  options: QueryOptions,
  typed: TypedQuery,
  metrics: Metrics,
): void {
  // A trace that began before --since may have spans that start after it.
  const { since, until, ...filter } = optionFilter(store, options);
  const window = windowOf(store, options, { since, until }, metrics);
  const candidates = candidatesFor(store, pipelinesOf(metrics), {
    ...filter,
    ...(until !== undefined && { until }),
  });
  const run = runMetrics(metrics, window);
  let traces = 0;
  let spans = 0;
  for (const { trace } of buildCandidates(store, candidates.keys)) {
    spans += trace.nodes.length;
    if (run.add(trace)) traces += 1;
  }
  if (options.explain) {
    const last: PlanStep = { step: 'evaluate', what: typed.text, traces, spans };
    printExplanation(io, options, explanation(typed, [...candidates.steps, last]));
    return;
  }
  printMetricsResult(io, options, typed.text, run.result());
}

/** Every pipeline whose spans are measured. */
function pipelinesOf(metrics: Metrics): readonly (readonly Stage[])[] {
  if (metrics.metrics === 'measure') return [metrics.pipeline];
  return [metrics.left, metrics.right].flatMap((side) =>
    typeof side === 'number' ? [] : pipelinesOf(side),
  );
}

function windowOf(
  store: Store,
  { step }: QueryOptions,
  { since, until }: { since: UnixNano | undefined; until: UnixNano | undefined },
  metrics: Metrics,
): MetricsWindow {
  const range = timeRange(store);
  const start = since ?? range.first;
  // Until is exclusive, and so is the end of a window.
  const end = until ?? range.lastEnd + 1n;
  if (step === undefined) return wholeWindow(start, end);
  if (metrics.metrics === 'measure' && metrics.measure.measure === 'compare') {
    throw new UserError('usage', 'compare() looks at the whole time at once; it has no steps', {
      fix: 'leave --step out, and choose the time with --since and --until',
    });
  }
  const stepNs = BigInt(parseDuration(step, '--step'));
  const window = stepNs > 0n ? steppedWindow(start, end, stepNs) : null;
  if (window !== null) return window;
  throw new UserError('usage', `--step ${step} makes too many steps`, {
    fix: 'take longer steps, or less time with --since and --until',
  });
}

function printMetricsResult(io: Io, options: QueryOptions, text: string, result: MetricsResult) {
  if (result.kind === 'series') {
    const facts = { query: text, window: result.window, series: result.series };
    printResult(io, options, {
      document: () => seriesDocument(facts, VERSION),
      report: (layout) => seriesReport(facts, layout),
    });
    return;
  }
  const facts = { query: text, window: result.window, ...result.comparison };
  printResult(io, options, {
    document: () => comparisonDocument(facts, VERSION),
    report: () => comparisonReport(facts),
  });
}
