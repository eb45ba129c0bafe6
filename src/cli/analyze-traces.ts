import { aggregatedCriticalPath } from '../analysis/aggregated-critical-path.ts';
import { buildTrace } from '../analysis/build-trace.ts';
import { criticalPath } from '../analysis/critical-path.ts';
import { datasetFacts } from '../analysis/dataset.ts';
import { errorHotspots } from '../analysis/error-hotspots.ts';
import { latencyPercentiles } from '../analysis/latency-percentiles.ts';
import { pathByOperation, pathByService } from '../analysis/path-grouping.ts';
import { traceErrors } from '../analysis/trace-errors.ts';
import type { Trace } from '../model/trace.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { AnalysisFacts } from '../report/analysis-report.ts';
import type { Store } from '../store/open-store.ts';
import { scanTraces } from '../store/read-spans.ts';
import { dependenciesOf } from './dependencies.ts';
import type { Section } from './sections.ts';

export interface AnalyzeOptions {
  readonly sections: readonly Section[];
  readonly groupBy: 'service' | 'operation';
  readonly inferErrors: boolean;
}

/** Everything that is asked for, in one pass over the traces that satisfy `filter`. */
export function analyzeTraces(
  store: Store,
  filter: TraceFilter,
  { sections, groupBy, inferErrors }: AnalyzeOptions,
): Omit<AnalysisFacts, 'inputs'> {
  const collectors = collectorsOf(store, { sections, groupBy, inferErrors });
  const dataset = datasetFacts();
  for (const spans of scanTraces(store, filter)) {
    const trace = buildTrace(spans);
    dataset.add(trace, spans);
    addTrace(collectors, trace, inferErrors);
  }
  const { paths, errors, latency, dependencies } = collectors;
  return {
    dataset: dataset.result(),
    criticalPath: paths?.result() ?? null,
    errors: errors?.result() ?? null,
    latency: latency?.result() ?? null,
    dependencies: dependencies?.result() ?? null,
  };
}

/** What gathers each section's result; null for those that nobody asked for. */
function collectorsOf(store: Store, { sections, groupBy }: AnalyzeOptions) {
  const ifWanted = <T>(section: Section, create: () => T): T | null =>
    sections.includes(section) ? create() : null;
  return {
    paths: ifWanted('critical-path', () =>
      groupBy === 'service'
        ? aggregatedCriticalPath(pathByService)
        : aggregatedCriticalPath(pathByOperation),
    ),
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
