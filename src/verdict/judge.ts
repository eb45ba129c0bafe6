import type { Change, CompareOptions, Status } from './comparison.ts';
import type { Hypothesis } from './hypothesis.ts';

/** What decides besides chance. */
export interface Judgement extends CompareOptions {
  readonly isRequest: boolean;
  /** The figure in each of several baseline runs; fewer than three say nothing about what differs from run to run. */
  readonly baselineRuns: readonly number[];
}

/** Shares of failed traces that differ by less are no regression, however sure it is. */
const MIN_ERRORS = 0.01;
const MS = 1e6;
/** The floor for operations that are short themselves: a tenth of a microsecond more is nobody's problem. */
const SHORT_NS = 50_000;
const RUNS_THAT_SHOW_NOISE = 3;

/** The verdict on a figure, given its p after correction. */
export function judge(
  hypothesis: Hypothesis,
  adjustedP: number | null,
  judgement: Judgement,
): Change {
  const { metric, base, current, effect, low, high, p } = hypothesis;
  const status = statusOf(hypothesis, adjustedP, judgement);
  return { metric, base, current, effect, low, high, p, adjustedP, status };
}

function statusOf(facts: Hypothesis, adjustedP: number | null, judgement: Judgement): Status {
  const { effect } = facts;
  if (adjustedP === null || effect === null)
    return hasNoData(facts) ? 'insufficient-data' : 'unchanged';
  if (adjustedP > judgement.alpha || !isMaterial(facts, effect, judgement)) return 'unchanged';
  if (isNoise(facts, judgement.baselineRuns)) return 'unchanged';
  return effect > 0 ? 'regressed' : 'improved';
}

/** A share that is 0 or 1 on both sides cannot differ, however much data there is: that is no lack of data. */
function hasNoData({ metric, base, current }: Hypothesis): boolean {
  if (base === null || current === null) return true;
  return metric !== 'errors' || base !== current;
}

/**
 * Whether a change matters. Of shifts the far end of the interval counts, not the estimate: a change of just the size that
 * matters would else be missed every second time. So it is passed over only if it is surely smaller.
 */
function isMaterial(
  { metric, base, low, high }: Hypothesis,
  effect: number,
  { minEffect, minAbsNs, isRequest }: Judgement,
): boolean {
  if (metric === 'errors') return Math.abs(effect) >= MIN_ERRORS;
  const isShift = metric === 'typical';
  const far = Math.abs((isShift && (effect > 0 ? high : low)) || effect);
  const baseNs = base ?? 0;
  const floorNs =
    minAbsNs ?? (isRequest ? MS : Math.min(MS, Math.max(SHORT_NS, minEffect * baseNs)));
  return far >= minEffect && far * baseNs >= floorNs;
}

/** Whether the current figure lies among those of baseline runs, which differ from each other for reasons that no test of one run sees. */
function isNoise({ current }: Pick<Hypothesis, 'current'>, runs: readonly number[]): boolean {
  if (runs.length < RUNS_THAT_SHOW_NOISE || current === null) return false;
  return current >= Math.min(...runs) && current <= Math.max(...runs);
}
