import { fingerprint as fingerprintOfText } from '../analysis/findings/fingerprint.ts';
import { type GroupKey, groupId } from '../analysis/span-grouping.ts';
import type { CompareOptions, StructureChange, StructureKind } from './comparison.ts';
import { type Share, shareTest } from './hypothesis.ts';
import { leastMannWhitneyP, mannWhitney } from './mann-whitney.ts';
import { nameKey } from './pool-profiles.ts';
import type {
  CallCounts,
  Feature,
  OperationName,
  RequestProfile,
  RunProfile,
} from './run-profile.ts';
import { testFamily } from './test-family.ts';
import { featureId } from './trace-features.ts';

/** A change of structure that may be chance. */
interface Candidate extends Omit<StructureChange, 'fingerprint' | 'adjustedP'> {
  readonly leastP: number;
  /** Whether it would be worth telling. All others are tests too, and count as such. */
  readonly isTold: boolean;
}

/** Changes of shares of traces below this are nobody's concern. */
const MIN_SHARE = 0.01;
/** Calls per trace must change by so much, and by the minimum effect. */
const MIN_CALLS = 0.2;

/** How the structure of the requests' traces changed, beyond chance. By request, then kind, then what it is about. */
export function compareStructure(
  base: RunProfile,
  current: RunProfile,
  options: CompareOptions,
): { readonly changes: StructureChange[]; readonly tests: number } {
  const others = new Map(current.requests.map((item) => [groupId(nameKey(item)), item]));
  const candidates = base.requests.flatMap((request) => {
    const other = others.get(groupId(nameKey(request)));
    return other === undefined ? [] : requestCandidates(request, other, options);
  });
  const { adjusted } = testFamily(candidates, options.alpha);
  const changes = candidates.flatMap((candidate, index): StructureChange[] => {
    const adjustedP = adjusted[index] ?? null;
    if (!candidate.isTold || adjustedP === null || adjustedP > options.alpha) return [];
    const { kind, request, operations, detail, base: from, current: to, p, status } = candidate;
    const figures = { base: from, current: to, p, adjustedP, status };
    const fingerprint = fingerprintOf(candidate);
    return [{ fingerprint, kind, request, operations, detail, ...figures }];
  });
  const ordered = changes
    .map((change) => ({ change, order: orderOf(change) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ change }) => change);
  return { changes: ordered, tests: adjusted.filter((p) => p !== null).length };
}

function fingerprintOf({ kind, request, operations, detail }: Candidate): string {
  const names = operations.map((operation) => groupId(nameKey(operation)));
  return fingerprintOfText([kind, groupId(nameKey(request)), ...names, detail].join('|'));
}

function requestCandidates(
  base: RequestProfile,
  current: RequestProfile,
  options: CompareOptions,
): Candidate[] {
  const calls = callCandidates(base, current, options);
  /** What is called from a newcomer is new because that is. */
  const isKnown = (side: RequestProfile) => {
    const known = new Set(side.calls.map((operation) => groupId(nameKey(operation))));
    return (operation: OperationName | undefined) =>
      operation !== undefined && known.has(groupId(nameKey(operation)));
  };
  const [inBase, inCurrent] = [isKnown(base), isKnown(current)];
  const features = featurePairs(base, current).map(({ feature, left, right }) => {
    const [caller] = feature.operations;
    const kind = changeKind(feature.kind, { left, right, isCallerNew: !inBase(caller) });
    const isTold = kind !== null && (kind !== 'vanished-edge' || inCurrent(caller));
    return shareCandidate(kind ?? 'new-edge', { feature, request: base, isTold }, [left, right]);
  });
  return [...features, ...serialCandidates(base, current), ...calls];
}

/** What a feature's shares would be called if they are no chance; null for what is not told. */
function changeKind(
  kind: Feature['kind'],
  { left, right, isCallerNew }: Omit<FeaturePair, 'feature'> & { readonly isCallerNew: boolean },
): StructureKind | null {
  const isNew = left.count === 0;
  switch (kind) {
    case 'edge':
      if (isNew) return isCallerNew ? null : 'new-edge';
      return right.count === 0 ? 'vanished-edge' : null;
    case 'error':
      return isNew ? 'new-error' : null;
    case 'retry':
      return isNew ? 'new-retry' : null;
    case 'lost':
      return 'lost-spans';
    case 'serial':
    case 'overlap':
      return null;
  }
}

function nameOf({ service, name }: OperationName): OperationName {
  return { service, name };
}

/** By request, then kind, then what it is about. */
function orderOf({ kind, request, operations, detail }: StructureChange): string {
  const names = [request, ...operations].flatMap(({ service, name }) => [service, name]);
  return [...names.slice(0, 2), kind, ...names.slice(2), detail].join('\n');
}

interface FeaturePair {
  readonly feature: Feature;
  readonly left: Share;
  readonly right: Share;
}

/** Each feature that a run has, with how many traces of each run have it. */
function featurePairs(base: RequestProfile, current: RequestProfile): FeaturePair[] {
  const pairs = new Map<string, { feature: Feature; left: number; right: number }>();
  for (const feature of base.features.filter(isPresence))
    pairs.set(featureId(feature), { feature, left: feature.traces, right: 0 });
  for (const feature of current.features.filter(isPresence)) {
    const pair = pairs.get(featureId(feature));
    if (pair === undefined)
      pairs.set(featureId(feature), { feature, left: 0, right: feature.traces });
    else pair.right = feature.traces;
  }
  return Array.from(pairs.values(), ({ feature, left, right }) => ({
    feature,
    left: { count: left, all: base.traces },
    right: { count: right, all: current.traces },
  }));
}

/** How neighbours lie to each other is compared otherwise. */
function isPresence({ kind }: Feature): boolean {
  return kind !== 'serial' && kind !== 'overlap';
}

interface About {
  readonly feature: Omit<Feature, 'traces' | 'kind'>;
  readonly request: OperationName;
  readonly isTold: boolean;
}

function shareCandidate(
  kind: StructureKind,
  { feature, request, isTold }: About,
  [left, right]: readonly [Share, Share],
): Candidate {
  const [base, current] = [shareOf(left), shareOf(right)];
  const { operations, detail } = feature;
  return {
    kind,
    request: nameOf(request),
    operations,
    detail,
    base,
    current,
    ...shareTest(left, right),
    status: kind === 'lost-spans' && current < base ? 'improved' : 'regressed',
    isTold: isTold && Math.abs(current - base) >= MIN_SHARE,
  };
}

function shareOf({ count, all }: Share): number {
  return all === 0 ? 0 : count / all;
}

/** Neighbours that used to overlap: of the traces that have the pair at all, those in which it is serial. */
function serialCandidates(base: RequestProfile, current: RequestProfile): Candidate[] {
  const [before, after] = [neighbours(base), neighbours(current)];
  return [...before].flatMap(([id, left]) => {
    const right = after.get(id);
    if (right === undefined) return [];
    const [from, to] = [serialShare(left), serialShare(right)];
    const feature = { operations: left.operations, detail: '' };
    const about = { feature, request: base, isTold: shareOf(to) > shareOf(from) };
    return [shareCandidate('now-serial', about, [from, to])];
  });
}

function serialShare({ serial, overlap }: Neighbours): Share {
  return { count: serial, all: serial + overlap };
}

interface Neighbours {
  readonly operations: readonly OperationName[];
  serial: number;
  overlap: number;
}

function neighbours({ features }: RequestProfile): Map<string, Neighbours> {
  const pairs = new Map<string, Neighbours>();
  for (const { kind, operations, traces } of features) {
    if (kind !== 'serial' && kind !== 'overlap') continue;
    const id = featureId({ kind: 'serial', operations, detail: '' });
    const pair = pairs.get(id) ?? { operations, serial: 0, overlap: 0 };
    pairs.set(id, pair);
    pair[kind] += traces;
  }
  return pairs;
}

/** Operations that both runs call: how often, per trace. */
function callCandidates(
  base: RequestProfile,
  current: RequestProfile,
  { minEffect }: CompareOptions,
): Candidate[] {
  const others = new Map(current.calls.map((item) => [groupId(callKey(item)), item]));
  return base.calls.flatMap((item): Candidate[] => {
    const other = others.get(groupId(callKey(item)));
    if (other === undefined) return [];
    const [left, right] = [callsOf(item, base.traces), callsOf(other, current.traces)];
    if (isConstant(left) && isConstant(right) && left[0] === right[0]) return [];
    const [before, after] = [meanOf(left), meanOf(right)];
    const change = Math.abs(after - before);
    return [
      {
        kind: after > before ? 'more-calls' : 'fewer-calls',
        request: nameOf(base),
        operations: [nameOf(item)],
        detail: item.kind,
        base: before,
        current: after,
        p: mannWhitney(left, right).p,
        leastP: leastMannWhitneyP(left.length, right.length),
        status: after > before ? 'regressed' : 'improved',
        isTold: change >= MIN_CALLS && change >= minEffect * before,
      },
    ];
  });
}

function callKey({ service, name, kind }: CallCounts): GroupKey {
  return { service, name, kind };
}

/** The number of calls of each trace, ascending, also of those without any. */
function callsOf({ counts }: CallCounts, traces: number): Float64Array {
  const calls = new Float64Array(traces);
  let at = traces;
  for (const [count, times] of counts.toReversed()) {
    calls.fill(count, at - times, at);
    at -= times;
  }
  return calls;
}

function isConstant(sorted: Float64Array): boolean {
  return sorted[0] === sorted.at(-1);
}

function meanOf(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
