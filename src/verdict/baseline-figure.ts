import { parseQuantile } from '../analysis/nearest-rank.ts';
import type { Check } from './check.ts';
import { statisticOf } from './gauge.ts';
import { shareTest } from './hypothesis.ts';
import { leastMannWhitneyP, mannWhitney } from './mann-whitney.ts';
import { merged } from './pool-profiles.ts';
import { quantileTest } from './quantile-test.ts';
import type { BaselineFigure } from './run-checks.ts';
import type { OperationProfile, RunProfile } from './run-profile.ts';
import { matcher } from './scoped-items.ts';

/** The spans of a scope as a profile knows them: a value a trace and operation. */
interface Sample {
  readonly durations: Float64Array;
  readonly traces: number;
  readonly failed: number;
}

/**
 * What a check measures, in two runs, with the chance that they differ so by accident. Null for what a baseline does not keep,
 * which `parseCheck` refuses: other fields than durations, other counts than `error_ratio`, edges and queries; and where a run has nothing of
 * the scope.
 */
export function baselineFigure(
  { measure, scope }: Check,
  base: RunProfile,
  current: RunProfile,
): BaselineFigure | null {
  const [before, after] = [sampleOf(scope, base), sampleOf(scope, current)];
  if (before === null || after === null || before.traces === 0 || after.traces === 0) return null;
  if (measure.kind === 'count' && measure.count === 'error_ratio') {
    const [left, right] = [before, after].map(({ failed, traces }) => ({
      count: failed,
      all: traces,
    }));
    if (!left || !right) return null;
    const figures = { base: left.count / left.all, current: right.count / right.all };
    return { ...figures, ...shareTest(left, right) };
  }
  if (measure.kind !== 'statistic' || measure.field !== 'duration') return null;
  const figures = [before, after].map(({ durations }) => statisticOf(durations, measure.statistic));
  const [left, right] = figures;
  if (left == null || right == null) return null;
  if (measure.statistic.kind === 'percentile') {
    const quantile = parseQuantile(measure.statistic.text);
    const { p, leastP } = quantileTest(before.durations, after.durations, quantile);
    return { base: left, current: right, p, leastP };
  }
  const { p } = mannWhitney(before.durations, after.durations);
  const leastP = leastMannWhitneyP(before.durations.length, after.durations.length);
  return { base: left, current: right, p, leastP };
}

function sampleOf(scope: Check['scope'], { requests, operations }: RunProfile): Sample | null {
  if (scope.kind === 'requests')
    return {
      durations: merged(requests.map(({ durations }) => durations)),
      traces: sum(requests.map(({ traces }) => traces)),
      failed: sum(requests.map(({ failedTraces }) => failedTraces)),
    };
  if (scope.kind !== 'service') return null;
  const isService = matcher(scope.service);
  const isName = scope.name === null ? isEntry : nameMatcher(scope.name);
  const found = operations.filter((operation) => isService(operation.service) && isName(operation));
  return {
    durations: merged(found.map(({ durations }) => durations)),
    traces: sum(found.map(({ traces }) => traces)),
    failed: sum(found.map(({ failedTraces }) => failedTraces)),
  };
}

function nameMatcher(pattern: string): (operation: OperationProfile) => boolean {
  const isName = matcher(pattern);
  return ({ name }) => isName(name);
}

function isEntry({ kind, asRequest }: OperationProfile): boolean {
  return kind === 'server' || kind === 'consumer' || asRequest > 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
