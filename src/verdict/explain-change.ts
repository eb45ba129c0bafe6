import { groupId } from '../analysis/span-grouping.ts';
import type { Explanation, PartChange } from './comparison.ts';
import { nameKey } from './pool-profiles.ts';
import type { OperationName, PathMeans, PathPart, RequestProfile } from './run-profile.ts';

const INTERVAL_Z = 1.959963984540054;

/**
 * Where the change of a request's mean duration comes from. At every instant of a trace just one operation is on its critical path,
 * so that the operations' times add up to the trace's, and their changes to its change. Null when a run has no path to look at.
 */
export function explainChange(
  base: RequestProfile,
  current: RequestProfile,
  traces: 'typical' | 'tail',
): Explanation | null {
  const [before, after] = [base[traces], current[traces]];
  if (before.traces === 0 || after.traces === 0) return null;
  const baseMeanNs = before.totalNs / before.traces;
  const currentMeanNs = after.totalNs / after.traces;
  const changeNs = currentMeanNs - baseMeanNs;
  const others = new Map(after.parts.map((part) => [groupId(nameKey(part)), part]));
  const known = new Set(before.parts.map((part) => groupId(nameKey(part))));
  const parts = [
    ...before.parts.map((part) =>
      partChange(part, others.get(groupId(nameKey(part))), before, after),
    ),
    ...after.parts
      .filter((part) => !known.has(groupId(nameKey(part))))
      .map((part) => partChange({ ...part, totalNs: 0, squares: 0 }, part, before, after)),
  ];
  const sign = changeNs < 0 ? -1 : 1;
  return {
    request: { service: base.service, name: base.name },
    traces,
    baseMeanNs,
    currentMeanNs,
    changeNs,
    parts: parts.sort(
      (a, b) =>
        Number(isSure(b, sign)) - Number(isSure(a, sign)) ||
        sign * (b.changeNs - a.changeNs) ||
        compareNames(a, b),
    ),
  };
}

/** Whether a part surely changed in the direction of the whole: larger changes of parts that scatter more may be chance. */
function isSure({ lowNs, highNs }: PartChange, sign: number): boolean {
  return sign > 0 ? lowNs > 0 : highNs < 0;
}

function compareNames(a: OperationName, b: OperationName): number {
  const [left, right] = [groupId(nameKey(a)), groupId(nameKey(b))];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function partChange(
  { service, name, ...before }: PathPart,
  after: Omit<PathPart, 'service' | 'name'> = { totalNs: 0, squares: 0 },
  base: PathMeans,
  current: PathMeans,
): PartChange {
  const left = meanOf(before, base.traces);
  const right = meanOf(after, current.traces);
  const changeNs = right.mean - left.mean;
  const half = INTERVAL_Z * Math.sqrt(left.variance + right.variance);
  return {
    service,
    name,
    baseNs: left.mean,
    currentNs: right.mean,
    changeNs,
    lowNs: changeNs - half,
    highNs: changeNs + half,
  };
}

/** The mean over all traces, also those without the part, and the variance of that mean. */
function meanOf({ totalNs, squares }: Pick<PathPart, 'totalNs' | 'squares'>, traces: number) {
  const mean = totalNs / traces;
  const variance = traces < 2 ? 0 : Math.max(0, squares - traces * mean * mean) / (traces - 1);
  return { mean, variance: variance / traces };
}
