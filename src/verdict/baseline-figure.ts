import type { Check } from './check.ts';
import { type BaselineFigure, compareSamples, type MeasureSample } from './measure-sample.ts';
import { measureText } from './measure-text.ts';
import { merged } from './merge-samples.ts';
import type { OperationProfile, RunProfile } from './run-profile.ts';
import { matcher } from './scoped-items.ts';

/** The spans of a scope as a profile knows them: a value a trace and operation. */
interface Sample {
  readonly durations: Float64Array;
  readonly traces: number;
  readonly failed: number;
}

/** Why there is nothing of the baseline to compare with. */
export type NoFigure =
  /** It was saved without this measure. */
  | 'not-kept'
  /** One of the runs has nothing of the scope. */
  | 'nothing';

/**
 * What a check measures, in two runs, with the chance that they differ so by accident. `sample` is what it measured in the current run.
 * Durations and `error_ratio` of services are known of any baseline, other measures of those that were measured for it.
 */
export function baselineFigure(
  check: Check,
  sample: MeasureSample,
  base: RunProfile,
  current: RunProfile,
): BaselineFigure | NoFigure {
  const text = measureText(check);
  const kept = base.measures.find(({ measure }) => measure === text);
  if (kept !== undefined) return compareSamples(check, kept.sample, sample) ?? 'nothing';
  const [before, after] = [profileSample(check, base), profileSample(check, current)];
  if (before === null || after === null) return 'not-kept';
  return compareSamples(check, before, after) ?? 'nothing';
}

/** What a profile knows of a measure: a value a trace and operation. Null for what no profile has. */
function profileSample({ measure, scope }: Check, profile: RunProfile): MeasureSample | null {
  const found = sampleOf(scope, profile);
  if (found === null) return null;
  const { durations, traces, failed } = found;
  if (measure.kind === 'count' && measure.count === 'error_ratio')
    return {
      kind: 'ratio',
      part: failed,
      whole: traces,
      perTrace: null,
      traces: { count: failed, all: traces },
    };
  if (measure.kind !== 'statistic' || measure.field !== 'duration') return null;
  return { kind: 'values', values: durations, perTrace: durations };
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
