import { divideHalfEven, exactSum } from '../analysis/duration-statistics.ts';
import { parseQuantile, percentile } from '../analysis/nearest-rank.ts';
import type { Check, Measure, Statistic } from './check.ts';
import { type Share, shareTest } from './hypothesis.ts';
import { leastMannWhitneyP, mannWhitney } from './mann-whitney.ts';
import { meanTest } from './mean-test.ts';
import { merged } from './merge-samples.ts';
import { quantileTest } from './quantile-test.ts';

/**
 * What a measure collected: enough for its figure, for putting several runs together, and for telling a difference between two runs
 * from chance. Spans of a trace depend on each other, so that chance is asked about traces.
 */
export type MeasureSample =
  /** Values of all spans, calls or traces, and one a trace; both ascending, and the same object where no trace has several. */
  | { readonly kind: 'values'; readonly values: Float64Array; readonly perTrace: Float64Array }
  /**
   * A part of a whole. `perTrace`: each trace's part of its own, in billionths, ascending; or `traces`: how many traces have any of the
   * part. Neither where nothing tells chance from change.
   */
  | {
      readonly kind: 'ratio';
      readonly part: number;
      readonly whole: number;
      readonly perTrace: Float64Array | null;
      readonly traces: Share | null;
    }
  /** How many there are in so many runs. */
  | { readonly kind: 'amount'; readonly amount: number; readonly runs: number };

/** A measure of a run, by its text (`measureText`). */
export interface KeptMeasure {
  readonly measure: string;
  readonly sample: MeasureSample;
}

/** The figure of a measure; null when there is nothing to take it from. Of several runs' amounts their sum. */
export function figureOf(measure: Measure, sample: MeasureSample): number | null {
  switch (sample.kind) {
    case 'values':
      return measure.kind === 'statistic' ? statisticOf(sample.values, measure.statistic) : null;
    case 'ratio':
      return sample.whole === 0 ? null : sample.part / sample.whole;
    case 'amount':
      return sample.amount;
  }
}

/** A statistic of a sample sorted ascending; null when it is empty, and for the deviation of a single value. */
function statisticOf(sorted: Float64Array, statistic: Statistic): number | null {
  const count = sorted.length;
  if (count === 0) return null;
  switch (statistic.kind) {
    case 'percentile':
      return percentile(sorted, parseQuantile(statistic.text));
    case 'min':
      return sorted[0] ?? null;
    case 'max':
      return sorted.at(-1) ?? null;
    case 'sum':
      return sumOf(sorted);
    case 'avg':
      return isWhole(sorted)
        ? Number(divideHalfEven(exactSum(sorted), BigInt(count)))
        : sumOf(sorted) / count;
    case 'stddev': {
      if (count < 2) return null;
      const mean = sumOf(sorted) / count;
      let squares = 0;
      for (const value of sorted) squares += (value - mean) ** 2;
      const deviation = Math.sqrt(squares / (count - 1));
      return isWhole(sorted) ? Math.round(deviation) : deviation;
    }
  }
}

function sumOf(sorted: Float64Array): number {
  if (isWhole(sorted)) return Number(exactSum(sorted));
  let sum = 0;
  for (const value of sorted) sum += value;
  return sum;
}

/** Durations and counts are; numbers that spans carry may be anything. */
function isWhole(values: Float64Array): boolean {
  return values.every(Number.isInteger);
}

/** The samples of one measure in several runs as one. Of different kinds, which nothing writes, the first. */
export function pooledSample(samples: readonly [MeasureSample, ...MeasureSample[]]): MeasureSample {
  const [first, ...others] = samples;
  return others.reduce(pooledPair, first);
}

function pooledPair(a: MeasureSample, b: MeasureSample): MeasureSample {
  if (a.kind === 'amount' && b.kind === 'amount')
    return { kind: 'amount', amount: a.amount + b.amount, runs: a.runs + b.runs };
  if (a.kind === 'values' && b.kind === 'values') {
    const values = merged([a.values, b.values]);
    const isSingle = a.perTrace === a.values && b.perTrace === b.values;
    return {
      kind: 'values',
      values,
      perTrace: isSingle ? values : merged([a.perTrace, b.perTrace]),
    };
  }
  if (a.kind === 'ratio' && b.kind === 'ratio')
    return {
      kind: 'ratio',
      part: a.part + b.part,
      whole: a.whole + b.whole,
      perTrace: a.perTrace && b.perTrace && merged([a.perTrace, b.perTrace]),
      traces: a.traces &&
        b.traces && {
          count: a.traces.count + b.traces.count,
          all: a.traces.all + b.traces.all,
        },
    };
  return a;
}

/** What a check that refers to the baseline is told. */
export interface BaselineFigure {
  /** The same figure of both runs. */
  readonly base: number;
  readonly current: number;
  /** How likely such a difference is by chance; null where nothing tests it. */
  readonly p: number | null;
  /** The least p that so little data could have. */
  readonly leastP: number;
}

/** A measure in two runs; amounts of the baseline as if it had as many runs. Null where one of them has nothing of it. */
export function compareSamples(
  { measure }: Pick<Check, 'measure'>,
  base: MeasureSample,
  current: MeasureSample,
): BaselineFigure | null {
  const [left, right] = [figureOf(measure, base), figureOf(measure, current)];
  if (left === null || right === null) return null;
  const runs = base.kind === 'amount' && current.kind === 'amount' ? current.runs / base.runs : 1;
  return { base: left * runs, current: right, ...chanceOf(measure, base, current) };
}

function chanceOf(
  measure: Measure,
  base: MeasureSample,
  current: MeasureSample,
): Pick<BaselineFigure, 'p' | 'leastP'> {
  if (base.kind === 'values' && current.kind === 'values')
    return valuesTest(measure, base.perTrace, current.perTrace);
  if (base.kind !== 'ratio' || current.kind !== 'ratio') return UNTESTED;
  if (base.traces && current.traces) return shareTest(base.traces, current.traces);
  if (base.perTrace && current.perTrace) return meanTest(base.perTrace, current.perTrace);
  return UNTESTED;
}

const UNTESTED = { p: null, leastP: 0 };

/** A sum grows with the number of traces: no test of single traces says anything about it. */
function valuesTest(measure: Measure, base: Float64Array, current: Float64Array) {
  if (measure.kind !== 'statistic' || measure.statistic.kind === 'sum') return UNTESTED;
  if (measure.statistic.kind !== 'percentile') return rankTest(base, current);
  const { p, leastP } = quantileTest(base, current, parseQuantile(measure.statistic.text));
  return { p, leastP };
}

function rankTest(base: Float64Array, current: Float64Array) {
  return {
    p: mannWhitney(base, current).p,
    leastP: leastMannWhitneyP(base.length, current.length),
  };
}
