import type { Trace, TraceNode } from '../model/trace.ts';
import { type ComparisonMeasure, compareSpans, type SpanComparison } from './compare-spans.ts';
import { measureSpans, type SpanMeasure } from './measure-spans.ts';
import { type MetricsWindow, stepAt } from './metrics-window.ts';
import type { Metrics, Stage } from './query.ts';
import { applyStage, reckonSeries, type Series } from './series.ts';
import { compilePipeline, type TraceMatch } from './spansets.ts';

/** What a metrics query gives. */
export type MetricsResult =
  | { readonly kind: 'series'; readonly window: MetricsWindow; readonly series: readonly Series[] }
  | {
      readonly kind: 'comparison';
      readonly window: MetricsWindow;
      readonly comparison: SpanComparison;
    };

/** A metrics query at work. */
export interface MetricsRun {
  /** Counts the spans of a trace that the query is about; whether it has any. */
  readonly add: (trace: Trace) => boolean;
  readonly result: () => MetricsResult;
}

/** Runs a checked metrics query over the spans that start within the window. */
export function runMetrics(metrics: Metrics, window: MetricsWindow): MetricsRun {
  if (metrics.metrics === 'measure' && metrics.measure.measure === 'compare') {
    return runComparison(metrics.pipeline, compareSpans(metrics.measure), window);
  }
  const leaves: SeriesLeaf[] = [];
  const finish = plan(metrics, window, leaves);
  return {
    add: (trace) => leaves.map(({ add }) => add(trace)).includes(true),
    result: () => ({ kind: 'series', window, series: finishedSeries(finish()) }),
  };
}

/** One function of a query with its own pipeline. */
interface SeriesLeaf {
  readonly add: (trace: Trace) => boolean;
}

/** Adds what has to see every trace to `leaves`; gives back what works out the series behind the last. */
function plan(
  metrics: Metrics,
  window: MetricsWindow,
  leaves: SeriesLeaf[],
): () => readonly Series[] {
  const raw =
    metrics.metrics === 'math'
      ? planMath(metrics, window, leaves)
      : planMeasure(metrics, window, leaves);
  return () => metrics.after.reduce<readonly Series[]>(applyStage, raw());
}

function planMath(
  { operator, left, right }: Extract<Metrics, { metrics: 'math' }>,
  window: MetricsWindow,
  leaves: SeriesLeaf[],
): () => readonly Series[] {
  const side = (operand: Metrics | number) => {
    if (typeof operand === 'number') return () => operand;
    return plan(operand, window, leaves);
  };
  const a = side(left);
  const b = side(right);
  return () => reckonSeries(operator, a(), b());
}

function planMeasure(
  { pipeline, measure }: Extract<Metrics, { metrics: 'measure' }>,
  window: MetricsWindow,
  leaves: SeriesLeaf[],
): () => readonly Series[] {
  if (measure.measure === 'compare') return () => [];
  const spans: SpanMeasure = measureSpans(measure, window);
  const run = compilePipeline(pipeline);
  leaves.push({
    add: (trace) => {
      const match = run(trace);
      return match !== null && addMatch(match, window, spans.add);
    },
  });
  return spans.series;
}

function runComparison(
  pipeline: readonly Stage[],
  comparison: ComparisonMeasure,
  window: MetricsWindow,
): MetricsRun {
  const run = compilePipeline(pipeline);
  return {
    add: (trace) => {
      const match = run(trace);
      return match !== null && addMatch(match, window, comparison.add);
    },
    result: () => ({ kind: 'comparison', window, comparison: comparison.result() }),
  };
}

type AddSpan = (node: TraceNode, facts: TraceMatch['facts'], step: number) => void;

/** Adds every span that was found, once, to the step of its start. */
function addMatch(
  { trace, facts, spansets }: TraceMatch,
  window: MetricsWindow,
  add: AddSpan,
): boolean {
  const traceOffset = Number(trace.startUnixNano - window.startNs);
  const nodes = new Set(spansets.flatMap((spanset) => spanset.nodes));
  let isAdded = false;
  for (const node of nodes) {
    const step = stepAt(window, traceOffset + node.startNs);
    if (step < 0) continue;
    add(node, facts, step);
    isAdded = true;
  }
  return isAdded;
}

/** Series without any sample say nothing. */
function finishedSeries(series: readonly Series[]): Series[] {
  return series.filter(({ samples }) => samples.some((sample) => sample !== null));
}
