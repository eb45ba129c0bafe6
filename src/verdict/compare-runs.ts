import { groupId } from '../analysis/span-grouping.ts';
import { compareOperations, compareRequests, worstOf } from './compare-operations.ts';
import { compareStructure } from './compare-structure.ts';
import {
  type CompareOptions,
  type Comparison,
  type Explanation,
  type OperationChange,
  STATUSES,
  type Status,
} from './comparison.ts';
import { explainChange } from './explain-change.ts';
import { nameKey, poolProfiles } from './pool-profiles.ts';
import type { OperationName, RequestProfile, RunProfile } from './run-profile.ts';

/** Requests, other operations, and structure share the accepted chance of a false alarm. */
const FAMILIES = 3;

/**
 * What a run (`current`) does otherwise than the runs of a baseline, and why. With probability 1 − alpha it reports no regression at all
 * when nothing changed: every figure is tested, and p is corrected for the number of tests. Three or more baseline runs also show
 * how much runs differ by themselves. README's "Verdicts" says what is compared and how.
 */
export function compareRuns(
  baseline: readonly RunProfile[],
  currentRuns: readonly RunProfile[],
  options: CompareOptions,
): Comparison {
  const base = poolProfiles(baseline);
  const current = poolProfiles(currentRuns);
  const runs = { base, current, runs: baseline };
  const share = { ...options, alpha: options.alpha / FAMILIES };
  const requests = compareRequests(runs, share);
  const others = compareOperations(runs, share);
  const structure = compareStructure(base, current, share);
  const changes = [...requests.changes, ...others.changes].sort(byRelevance);
  return {
    base: { runs: baseline.length, traces: base.traces, spans: base.spans },
    current: { runs: currentRuns.length, traces: current.traces, spans: current.spans },
    options,
    tests: requests.tests + others.tests + structure.tests,
    status: statusOf(requests.changes, [
      ...others.changes.map(({ status }) => status),
      ...structure.changes.map(({ status }) => status),
    ]),
    operations: changes,
    structure: structure.changes,
    explanations: explanations(base, current, changes),
    newRequests: missingIn(base, current.requests),
    goneRequests: missingIn(current, base.requests),
  };
}

/** The data suffice if they suffice for a request. */
function statusOf(requests: readonly OperationChange[], others: readonly Status[]): Status {
  const clear = others.filter((status) => status === 'regressed' || status === 'improved');
  return worstOf([...requests.map(({ status }) => status), ...clear]);
}

function byRelevance(a: OperationChange, b: OperationChange): number {
  return (
    Number(b.isRequest) - Number(a.isRequest) ||
    STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
    Number(b.isCause ?? false) - Number(a.isCause ?? false) ||
    largestEffect(b) - largestEffect(a) ||
    compareText(idOf(a), idOf(b))
  );
}

function idOf({ service, name, kind }: OperationChange): string {
  return groupId({ service, name, kind });
}

/** Of the figures that changed, the one that changed most; errors weigh as their share. */
function largestEffect({ changes, status }: OperationChange): number {
  return Math.max(
    0,
    ...changes
      .filter((change) => change.status === status)
      .map(({ effect }) => Math.abs(effect ?? 0)),
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Of every request that became slower or faster, and of those that call an operation which did. */
function explanations(
  base: RunProfile,
  current: RunProfile,
  changes: readonly OperationChange[],
): Explanation[] {
  const changed = changes.filter(
    ({ status, changes }) =>
      (status === 'regressed' || status === 'improved') &&
      changes.some((change) => change.status === status && change.metric !== 'errors'),
  );
  const asRequest = new Map(
    changed.filter(({ isRequest }) => isRequest).map((item) => [groupId(nameKey(item)), item]),
  );
  const operations = new Set(changed.map((item) => groupId(nameKey(item))));
  const others = new Map(current.requests.map((item) => [groupId(nameKey(item)), item]));
  return base.requests
    .flatMap((request): Explanation[] => {
      const id = groupId(nameKey(request));
      const other = others.get(id);
      const own = asRequest.get(id);
      if (other === undefined || (own === undefined && !callsAny(other, operations))) return [];
      const isTailAlone =
        own?.changes.every(
          ({ metric, status }) => metric !== 'typical' || status === 'unchanged',
        ) ?? false;
      const explained = explainChange(request, other, isTailAlone ? 'tail' : 'typical');
      return explained === null ? [] : [explained];
    })
    .sort((a, b) => Math.abs(b.changeNs) - Math.abs(a.changeNs));
}

function callsAny({ typical, tail }: RequestProfile, operations: ReadonlySet<string>): boolean {
  return [...typical.parts, ...tail.parts].some((part) => operations.has(groupId(nameKey(part))));
}

function missingIn(run: RunProfile, requests: readonly RequestProfile[]): OperationName[] {
  const known = new Set(run.requests.map((item) => groupId(nameKey(item))));
  return requests
    .filter((item) => !known.has(groupId(nameKey(item))))
    .map(({ service, name }) => ({ service, name }));
}
