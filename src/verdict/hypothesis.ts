import { PERCENTILES } from '../analysis/duration-statistics.ts';
import { fisherExact } from '../analysis/fisher-exact.ts';
import { percentile } from '../analysis/nearest-rank.ts';
import { percentileInterval } from '../analysis/percentile-interval.ts';
import type { Metric } from './comparison.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { leastMannWhitneyP, mannWhitney } from './mann-whitney.ts';
import { leastFisherP, quantileTest } from './quantile-test.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** A figure of two runs, tested, before it is known how many others there are. */
export interface Hypothesis {
  readonly metric: Metric;
  readonly base: number | null;
  readonly current: number | null;
  readonly effect: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number;
  readonly leastP: number;
}

/** Whether durations (ascending) are shifted as a whole. The effect is the median ratio of all pairs, which outliers do not move. */
export function typicalHypothesis(base: Float64Array, current: Float64Array): Hypothesis {
  const { p } = mannWhitney(base, current);
  const ratio = hodgesLehmann(logarithms(base), logarithms(current));
  const relative = (shift: number | null) => (shift === null ? null : Math.expm1(shift));
  return {
    metric: 'typical',
    base: percentile(base, PERCENTILES.p50),
    current: percentile(current, PERCENTILES.p50),
    effect: relative(ratio?.shift ?? null),
    low: relative(ratio?.low ?? null),
    high: relative(ratio?.high ?? null),
    p,
    leastP: leastMannWhitneyP(base.length, current.length),
  };
}

function logarithms(sorted: Float64Array): Float64Array {
  return sorted.map((value) => Math.log(Math.max(1, value)));
}

/** Whether the 95th percentile differs. */
export function tailHypothesis(base: Float64Array, current: Float64Array): Hypothesis {
  const { p, leastP } = quantileTest(base, current, PERCENTILES.p95);
  const [left, right] = [tailOf(base), tailOf(current)];
  const change = (to: number | null, from: number | null) =>
    to === null || from === null ? null : to / Math.max(1, from) - 1;
  return {
    metric: 'p95',
    base: left.value,
    current: right.value,
    effect: change(right.value, left.value),
    low: change(right.low, left.high),
    high: change(right.high, left.low),
    p,
    leastP,
  };
}

function tailOf(sorted: Float64Array) {
  const { low, high } = percentileInterval(PERCENTILES.p95, sorted.length);
  return {
    value: percentile(sorted, PERCENTILES.p95),
    low: low === null ? null : (sorted[low - 1] ?? null),
    high: high === null ? null : (sorted[high - 1] ?? null),
  };
}

/** How many traces have something, of how many. */
export interface Share {
  readonly count: number;
  readonly all: number;
}

/** Whether the share of failed traces differs. The interval is Newcombe's, of the two Wilson intervals. */
export function errorHypothesis(base: Share, current: Share): Hypothesis {
  const { p, leastP } = shareTest(base, current);
  const [left, right] = [base, current].map(({ count, all }) => {
    const interval = wilsonInterval(count, all);
    return interval && { share: count / all, ...interval };
  });
  if (!left || !right)
    return {
      metric: 'errors',
      base: null,
      current: null,
      effect: null,
      low: null,
      high: null,
      p,
      leastP,
    };
  const effect = right.share - left.share;
  return {
    metric: 'errors',
    base: left.share,
    current: right.share,
    effect,
    low: effect - Math.hypot(right.share - right.low, left.high - left.share),
    high: effect + Math.hypot(right.high - right.share, left.share - left.low),
    p,
    leastP,
  };
}

/** Fisher's exact test of two shares. */
export function shareTest(
  base: Share,
  current: Share,
): { readonly p: number; readonly leastP: number } {
  const withAny = base.count + current.count;
  if (withAny === 0 || withAny === base.all + current.all) return { p: 1, leastP: 1 };
  const p = fisherExact({
    withLeft: base.count,
    left: base.all,
    withRight: current.count,
    right: current.all,
  });
  return { p, leastP: leastFisherP(withAny, base.all, current.all) };
}
