import {
  aggregatedCallPaths,
  aggregatedCriticalPath,
} from '../analysis/aggregated-critical-path.ts';
import { type CriticalPath, CriticalPaths } from '../analysis/critical-path.ts';
import { type Dataset, datasetFacts } from '../analysis/dataset.ts';
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
import { traceReader } from '../store/read-spans.ts';
import type { WantedColumns } from '../store/stored-traces.ts';
import { analyzeAside, isWorthAThread } from './analysis-thread.ts';
import { type ChosenFindings, detectorOf } from './chosen-findings.ts';
import { chosenTraces } from './chosen-traces.ts';
import { dependenciesOf, namingRules } from './dependencies.ts';
import { scanStoredTraces } from './scan-traces.ts';
import { TwoPassAnalyses } from './second-pass.ts';
import { SectionCosts } from './section-costs.ts';
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
export type Analysis = Omit<AnalysisFacts, 'inputs' | 'leftOut'>;

/** Who wants to know how it goes. */
export interface AnalysisWatch {
  readonly costs: SectionCosts;
  /** Called after each trace. */
  readonly onTrace?: () => void;
}

/**
 * Everything that is asked for, in one pass over the traces that satisfy `filter`; a few traces are looked at again. Of a large store
 * findings, which are half of the work, are looked for by a thread of their own.
 */
export function analyzeTraces(
  store: Store,
  filter: TraceFilter,
  options: AnalyzeOptions,
  costs = new SectionCosts(),
): Analysis {
  const others = options.sections.filter((section) => section !== 'findings');
  const isShared = others.length > 0 && others.length < options.sections.length;
  if (!isShared || !isWorthAThread(store)) return analyzeHere(store, filter, options, { costs });
  const aside = { ...options, sections: ['findings'] as const };
  const answer = analyzeAside(store, filter, aside);
  const analysis = analyzeHere(store, filter, { ...options, sections: others }, { costs });
  const answered = answer();
  if (answered === null) {
    return { ...analysis, findings: analyzeHere(store, filter, aside, { costs }).findings };
  }
  costs.add('second thread', answered.costs);
  return { ...analysis, findings: answered.analysis.findings };
}

/** The same in this thread alone. */
export function analyzeHere(
  store: Store,
  filter: TraceFilter,
  options: AnalyzeOptions,
  { costs, onTrace }: AnalysisWatch,
): Analysis {
  const collectors = collectorsOf(store, options);
  const dataset = datasetFacts();
  const scan = scanStoredTraces(store, filter, wantedColumns(options));
  for (const { trace, stored } of costs.measureEach('read', scan)) {
    dataset.add(trace, stored);
    addTrace(collectors, trace, options.inferErrors, costs);
    onTrace?.();
  }
  return resultsOf(store, collectors, options, costs, dataset.result());
}

/** Sections that no more than the numbers of spans are needed for, as long as nobody groups by an attribute. */
const OF_NUMBERS: readonly Section[] = ['critical-path', 'latency', 'red'];

function wantedColumns({ sections, groupBy }: AnalyzeOptions): WantedColumns {
  const isPlain = groupBy === 'service' || groupBy === 'operation';
  return isPlain && sections.every((section) => OF_NUMBERS.includes(section)) ? 'numbers' : 'all';
}

function resultsOf(
  store: Store,
  collectors: Collectors,
  options: AnalyzeOptions,
  costs: SectionCosts,
  dataset: Dataset,
): Analysis {
  const { paths, callPaths, errors, findings, latency, red, dependencies, twoPass } = collectors;
  const path = costs.measure('critical-path', () => paths?.result() ?? null);
  const hotspots = costs.measure('errors', () => errors?.result() ?? null);
  const { savings, errorSavings, separates } = costs.measure('second look', () =>
    twoPass.result(traceReader(store), {
      largest: path?.groups.slice(0, options.savings).map(({ key }) => key) ?? [],
      worst: hotspots?.groups.slice(0, options.savings).map(errorKeyOf) ?? [],
    }),
  );
  const { suppressed } = options.findings;
  return {
    dataset,
    criticalPath: path && {
      ...path,
      groups: path.groups.map((group, i) => ({ ...group, saving: savings[i] ?? null })),
      callPaths: costs.measure('critical-path', () => callPaths?.largest(options.savings) ?? []),
    },
    errors: hotspots && {
      ...hotspots,
      groups: hotspots.groups.map((group, i) => ({ ...group, saving: errorSavings[i] ?? null })),
    },
    findings: costs.measure(
      'findings',
      () => findings && withoutSuppressed(findings.result(), suppressed),
    ),
    separates,
    latency: costs.measure('latency', () => latency?.result() ?? null),
    red: costs.measure('red', () => red?.result() ?? null),
    dependencies: costs.measure('dependencies', () => dependencies?.result() ?? null),
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
    finder: new CriticalPaths(),
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

type Collectors = ReturnType<typeof collectorsOf>;

function addTrace(
  collectors: Collectors,
  trace: Trace,
  inferErrors: boolean,
  costs: SectionCosts,
): void {
  const { finder, paths, errors, findings, latency, red, dependencies, twoPass } = collectors;
  const isPathWanted = paths !== null || errors !== null || findings !== null;
  const path = isPathWanted ? costs.measure(PATHS, () => finder.find(trace)) : null;
  if (path) addPath(collectors, trace, { path, inferErrors }, costs);
  costs.measure('separates and savings', () => twoPass.add(trace, path));
  if (latency) costs.measure('latency', () => latency.add(trace));
  if (red) costs.measure('red', () => red.add(trace));
  if (dependencies) costs.measure('dependencies', () => dependencies.add(trace));
}

/** What every section needs that looks at the critical path. */
const PATHS = 'paths and errors';

function addPath(
  { paths, callPaths, errors, findings }: Collectors,
  trace: Trace,
  { path, inferErrors }: { readonly path: CriticalPath; readonly inferErrors: boolean },
  costs: SectionCosts,
): void {
  if (paths) {
    costs.measure('critical-path', () => {
      paths.add(path);
      callPaths?.add(path);
    });
  }
  if (!errors && !findings) return;
  const found = costs.measure(PATHS, () => traceErrors(trace, { inferErrors, path }));
  if (errors) costs.measure('errors', () => errors.add(trace, found, path));
  if (findings) costs.measure('findings', () => findings.add(trace, path, found));
}
