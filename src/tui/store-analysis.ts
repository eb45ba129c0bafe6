import {
  type AggregatedCriticalPath,
  aggregatedCriticalPath,
} from '../analysis/aggregated-critical-path.ts';
import { buildTrace } from '../analysis/build-trace.ts';
import { criticalPath } from '../analysis/critical-path.ts';
import { type Dataset, datasetFacts } from '../analysis/dataset.ts';
import { type ErrorHotspots, errorHotspots } from '../analysis/error-hotspots.ts';
import { detect, type Findings } from '../analysis/findings/detect.ts';
import { RULES } from '../analysis/findings/rules.ts';
import { type LatencyPercentiles, latencyPercentiles } from '../analysis/latency-percentiles.ts';
import { type PathOperation, pathByOperation } from '../analysis/path-grouping.ts';
import { type RedOverTime, redOverTime } from '../analysis/red-over-time.ts';
import { selfTimes } from '../analysis/self-time.ts';
import type {
  DependencyAccumulator,
  ServiceDependencies,
} from '../analysis/service-dependencies.ts';
import { byOperation, type OperationKey } from '../analysis/span-grouping.ts';
import { traceErrors } from '../analysis/trace-errors.ts';
import type { Span } from '../model/span.ts';
import type { LeftOut } from '../report/left-out.ts';
import { type FlameTree, FlameTreeBuilder } from './flame-tree.ts';

/** What the explorer knows of many traces together. Plain data, which passes between threads. */
export interface StoreAnalysis {
  readonly dataset: Dataset;
  readonly path: AggregatedCriticalPath<PathOperation>;
  readonly errors: ErrorHotspots;
  readonly findings: Findings;
  readonly latency: LatencyPercentiles<OperationKey>;
  readonly red: RedOverTime;
  readonly dependencies: ServiceDependencies;
  readonly flame: FlameTree;
  /** Traces that are not in it because nobody wanted to wait for them: the newest ones. */
  readonly unread: number;
  /** Traces that memory would not hold; null when there is none. */
  readonly leftOut: LeftOut | null;
}

/** Gathers all of it in one pass. */
export interface StoreAnalyzer {
  add(spans: readonly Span[]): void;
  /** What would have belonged to it, too, by default nothing. */
  result(missing?: Pick<StoreAnalysis, 'unread' | 'leftOut'>): StoreAnalysis;
}

/** `dependencies` knows the services of the data set. */
export function storeAnalyzer(dependencies: DependencyAccumulator): StoreAnalyzer {
  const dataset = datasetFacts();
  const paths = aggregatedCriticalPath(pathByOperation);
  const errors = errorHotspots();
  const findings = detect(RULES);
  const latency = latencyPercentiles(byOperation);
  const red = redOverTime();
  const flame = new FlameTreeBuilder();
  return {
    add(spans) {
      const trace = buildTrace(spans);
      const path = criticalPath(trace);
      const found = traceErrors(trace, { path });
      dataset.add(trace, spans);
      paths.add(path);
      errors.add(trace, found, path);
      findings.add(trace, path, found);
      latency.add(trace);
      red.add(trace);
      dependencies.add(trace);
      flame.add(trace, selfTimes(trace));
    },
    result: (missing = { unread: 0, leftOut: null }) => ({
      ...missing,
      dataset: dataset.result(),
      path: paths.result(),
      errors: errors.result(),
      findings: findings.result(),
      latency: latency.result(),
      red: red.result(),
      dependencies: dependencies.result(),
      flame: flame.result(),
    }),
  };
}
