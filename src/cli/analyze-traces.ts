import {
  aggregatedCallPaths,
  aggregatedCriticalPath,
} from '../analysis/aggregated-critical-path.ts';
import { buildTrace } from '../analysis/build-trace.ts';
import { criticalPath } from '../analysis/critical-path.ts';
import { datasetFacts } from '../analysis/dataset.ts';
import type { ErrorKey } from '../analysis/error-group.ts';
import { errorHotspots } from '../analysis/error-hotspots.ts';
import { withoutSuppressed } from '../analysis/findings/suppressed-findings.ts';
import { latencyPercentiles } from '../analysis/latency-percentiles.ts';
import {
  type PathGrouping,
  pathByAttribute,
  pathByOperation,
  pathByService,
} from '../analysis/path-grouping.ts';
import { redOverTime } from '../analysis/red-over-time.ts';
import {
  byAttribute,
  byOperation,
  byService,
  type GroupKey,
  type SpanGrouping,
} from '../analysis/span-grouping.ts';
import { traceErrors } from '../analysis/trace-errors.ts';
import type { Trace } from '../model/trace.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { AnalysisFacts } from '../report/analysis-report.ts';
import type { Store } from '../store/open-store.ts';
import { readTrace, scanTraces } from '../store/read-spans.ts';
import { type ChosenFindings, detectorOf } from './chosen-findings.ts';
import { chosenTraces } from './chosen-traces.ts';
import { dependenciesOf, namingRules } from './dependencies.ts';
import { TwoPassAnalyses } from './second-pass.ts';
import type { Section } from './sections.ts';

export interface AnalyzeOptions {
  readonly sections: readonly Section[];
  /** `service`, `operation` or the key of an attribute: what critical paths and durations are grouped by. */
  readonly groupBy: string;
  readonly inferErrors: boolean;
  /** Keep all durations, however many there are. */
  readonly exact: boolean;
  /** For how many groups of the critical path to work out what a faster one would save: each costs replaying its traces. */
  readonly savings: number;
  /** Which traces to set against the rest; null: the failed ones, and the slow ones. */
  readonly separate: string | null;
  readonly findings: ChosenFindings;
}

/** All results; a section that was not asked for is null. */
export type Analysis = Omit<AnalysisFacts, 'inputs'>;

/** Everything that is asked for, in one pass over the traces that satisfy `filter`; a few traces are looked at again. */
export function analyzeTraces(
  store: Store,
  filter: TraceFilter,
  options: AnalyzeOptions,
): Analysis {
  const collectors = collectorsOf(store, options);
  const dataset = datasetFacts();
  for (const spans of scanTraces(store, filter)) {
    const trace = buildTrace(spans);
    dataset.add(trace, spans);
    addTrace(collectors, trace, options.inferErrors);
  }
  const { paths, callPaths, errors, findings, latency, red, dependencies, twoPass } = collectors;
  const path = paths?.result() ?? null;
  const hotspots = errors?.result() ?? null;
  const { savings, errorSavings, separates } = twoPass.result((id) => readTrace(store, id), {
    largest: path?.groups.slice(0, options.savings).map(({ key }) => key) ?? [],
    worst: hotspots?.groups.slice(0, options.savings).map(errorKeyOf) ?? [],
  });
  return {
    dataset: dataset.result(),
    criticalPath: path && {
      ...path,
      groups: path.groups.map((group, i) => ({ ...group, saving: savings[i] ?? null })),
      callPaths: callPaths?.largest(options.savings) ?? [],
    },
    errors: hotspots && {
      ...hotspots,
      groups: hotspots.groups.map((group, i) => ({ ...group, saving: errorSavings[i] ?? null })),
    },
    findings: findings && withoutSuppressed(findings.result(), options.findings.suppressed),
    separates,
    latency: latency?.result() ?? null,
    red: red?.result() ?? null,
    dependencies: dependencies?.result() ?? null,
  };
}

/** The key alone of a group. */
function errorKeyOf({ service, operation, signature }: ErrorKey): ErrorKey {
  return { service, operation, signature };
}

function pathGrouping(groupBy: string): PathGrouping<GroupKey> {
  if (groupBy === 'service') return pathByService;
  return groupBy === 'operation' ? pathByOperation : pathByAttribute(groupBy);
}

function spanGrouping(groupBy: string): SpanGrouping {
  if (groupBy === 'service') return byService;
  return groupBy === 'operation' ? byOperation : byAttribute(groupBy);
}

/** What gathers each section's result; null for those that nobody asked for. */
function collectorsOf(store: Store, options: AnalyzeOptions) {
  const { sections, groupBy, exact } = options;
  const ifWanted = <T>(section: Section, create: () => T): T | null =>
    sections.includes(section) ? create() : null;
  const samples = exact ? { exactSamples: Number.POSITIVE_INFINITY } : {};
  return {
    paths: ifWanted('critical-path', () => aggregatedCriticalPath(pathGrouping(groupBy))),
    callPaths: ifWanted('critical-path', () => aggregatedCallPaths()),
    errors: ifWanted('errors', () => errorHotspots(namingRules(store))),
    findings: ifWanted('findings', () => detectorOf(store, options.findings)),
    twoPass: new TwoPassAnalyses({
      grouping: ifWanted('critical-path', () => pathGrouping(groupBy)),
      errors: sections.includes('errors'),
      inferErrors: options.inferErrors,
      chosen: ifWanted('separates', () => chosenTraces(options.separate, options.inferErrors)),
    }),
    latency: ifWanted('latency', () => latencyPercentiles(spanGrouping(groupBy), samples)),
    red: ifWanted('red', redOverTime),
    dependencies: ifWanted('dependencies', () => dependenciesOf(store)),
  };
}

function addTrace(
  {
    paths,
    callPaths,
    errors,
    findings,
    twoPass,
    latency,
    red,
    dependencies,
  }: ReturnType<typeof collectorsOf>,
  trace: Trace,
  inferErrors: boolean,
): void {
  const path = paths || errors || findings ? criticalPath(trace) : null;
  if (path) {
    paths?.add(path);
    callPaths?.add(path);
    const found = errors || findings ? traceErrors(trace, { inferErrors, path }) : null;
    if (found) errors?.add(trace, found, path);
    findings?.add(trace, path, found);
  }
  twoPass.add(trace, path);
  latency?.add(trace);
  red?.add(trace);
  dependencies?.add(trace);
}
