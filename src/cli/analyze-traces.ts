import {
  type AggregatedCriticalPath,
  aggregatedCriticalPath,
} from '../analysis/aggregated-critical-path.ts';
import { aggregatedSaving } from '../analysis/aggregated-saving.ts';
import { buildTrace } from '../analysis/build-trace.ts';
import { criticalPath } from '../analysis/critical-path.ts';
import { datasetFacts } from '../analysis/dataset.ts';
import { errorHotspots } from '../analysis/error-hotspots.ts';
import { latencyPercentiles } from '../analysis/latency-percentiles.ts';
import { type PathGrouping, pathByOperation, pathByService } from '../analysis/path-grouping.ts';
import { traceErrors } from '../analysis/trace-errors.ts';
import type { Trace } from '../model/trace.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { AnalysisFacts } from '../report/analysis-report.ts';
import type { AggregatedPathFacts, PathKey } from '../report/critical-path-report.ts';
import type { Store } from '../store/open-store.ts';
import { scanTraces } from '../store/read-spans.ts';
import { dependenciesOf } from './dependencies.ts';
import type { Section } from './sections.ts';

export interface AnalyzeOptions {
  readonly sections: readonly Section[];
  readonly groupBy: 'service' | 'operation';
  readonly inferErrors: boolean;
  /** For how many groups of the critical path to work out what a faster one would save: each costs replaying its traces. */
  readonly savings: number;
}

/** Everything that is asked for, in one pass over the traces that satisfy `filter`, and a second one for savings. */
export function analyzeTraces(
  store: Store,
  filter: TraceFilter,
  options: AnalyzeOptions,
): Omit<AnalysisFacts, 'inputs'> {
  const { inferErrors } = options;
  const collectors = collectorsOf(store, options);
  const dataset = datasetFacts();
  for (const spans of scanTraces(store, filter)) {
    const trace = buildTrace(spans);
    dataset.add(trace, spans);
    addTrace(collectors, trace, inferErrors);
  }
  const { paths, errors, latency, dependencies } = collectors;
  return {
    dataset: dataset.result(),
    criticalPath: paths && withSavings(paths.result(), store, filter, options),
    errors: errors?.result() ?? null,
    latency: latency?.result() ?? null,
    dependencies: dependencies?.result() ?? null,
  };
}

/** Adds to the largest groups what their callers would gain if they took no time of their own. */
function withSavings(
  path: AggregatedCriticalPath<PathKey>,
  store: Store,
  filter: TraceFilter,
  { groupBy, savings }: AnalyzeOptions,
): AggregatedPathFacts {
  const largest = path.groups.slice(0, savings).map(({ key }) => key);
  const saving = aggregatedSaving<PathKey>(pathGrouping(groupBy), largest);
  if (largest.length > 0) {
    for (const spans of scanTraces(store, filter)) saving.add(criticalPath(buildTrace(spans)));
  }
  const saved = saving.result();
  return {
    ...path,
    groups: path.groups.map((group, i) => ({ ...group, saving: saved[i] ?? null })),
  };
}

function pathGrouping(groupBy: AnalyzeOptions['groupBy']): PathGrouping<PathKey> {
  return groupBy === 'service' ? pathByService : pathByOperation;
}

/** What gathers each section's result; null for those that nobody asked for. */
function collectorsOf(store: Store, { sections, groupBy }: AnalyzeOptions) {
  const ifWanted = <T>(section: Section, create: () => T): T | null =>
    sections.includes(section) ? create() : null;
  return {
    paths: ifWanted('critical-path', () => aggregatedCriticalPath(pathGrouping(groupBy))),
    errors: ifWanted('errors', errorHotspots),
    latency: ifWanted('latency', () => latencyPercentiles()),
    dependencies: ifWanted('dependencies', () => dependenciesOf(store)),
  };
}

function addTrace(
  { paths, errors, latency, dependencies }: ReturnType<typeof collectorsOf>,
  trace: Trace,
  inferErrors: boolean,
): void {
  if (paths || errors) {
    const path = criticalPath(trace);
    paths?.add(path);
    errors?.add(trace, traceErrors(trace, { inferErrors, path }));
  }
  latency?.add(trace);
  dependencies?.add(trace);
}
