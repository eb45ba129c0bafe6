import { type GroupKey, groupId } from '../analysis/span-grouping.ts';
import { pooledSample } from './measure-sample.ts';
import { merged } from './merge-samples.ts';
import type {
  CallCounts,
  Feature,
  OperationName,
  OperationProfile,
  PathMeans,
  RequestProfile,
  RunProfile,
} from './run-profile.ts';
import { featureId } from './trace-features.ts';

/** Several runs as one. Lists keep their order; of exemplars the first run's counts. */
export function poolProfiles(profiles: readonly RunProfile[]): RunProfile {
  const [only] = profiles;
  if (only !== undefined && profiles.length === 1) return only;
  const sum = (of: (profile: RunProfile) => number) =>
    profiles.reduce((total, profile) => total + of(profile), 0);
  const known = profiles.flatMap(({ findings }) => (findings === null ? [] : [findings]));
  return {
    traces: sum(({ traces }) => traces),
    spans: sum(({ spans }) => spans),
    operations: pooled(
      profiles.flatMap(({ operations }) => operations),
      ({ service, name, kind }) => groupId({ service, name, kind }),
      poolOperations,
    ),
    requests: pooled(
      profiles.flatMap(({ requests }) => requests),
      (item) => groupId(nameKey(item)),
      poolRequests,
    ),
    findings: known.length === 0 ? null : [...new Set(known.flat())].sort(),
    measures: pooled(
      profiles.flatMap(({ measures }) => measures),
      ({ measure }) => measure,
      (items) => ({
        measure: items[0].measure,
        sample: pooledSample([items[0].sample, ...items.slice(1).map(({ sample }) => sample)]),
      }),
    ),
  };
}

export function nameKey({ service, name }: OperationName): GroupKey {
  return { service, name };
}

/** Items with equal keys as one, by key. */
function pooled<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  pool: (items: readonly [Item, ...Item[]]) => Item,
): Item[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const id = idOf(item);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [item]);
    else group.push(item);
  }
  return Array.from(groups.values(), pool);
}

function poolOperations(items: readonly [OperationProfile, ...OperationProfile[]]) {
  const [first] = items;
  const durations = merged(items.map((item) => item.durations));
  const isOncePerTrace = items.every((item) => item.slowest === item.durations);
  return {
    ...first,
    spans: total(items, ({ spans }) => spans),
    traces: total(items, ({ traces }) => traces),
    failedTraces: total(items, ({ failedTraces }) => failedTraces),
    asRequest: total(items, ({ asRequest }) => asRequest),
    durations,
    slowest: isOncePerTrace ? durations : merged(items.map((item) => item.slowest)),
    selfs: merged(items.map((item) => item.selfs)),
  };
}

function poolRequests(items: readonly [RequestProfile, ...RequestProfile[]]): RequestProfile {
  const [first] = items;
  return {
    ...first,
    traces: total(items, ({ traces }) => traces),
    failedTraces: total(items, ({ failedTraces }) => failedTraces),
    durations: merged(items.map((item) => item.durations)),
    typical: poolPaths(items.map((item) => item.typical)),
    tail: poolPaths(items.map((item) => item.tail)),
    calls: pooled(
      items.flatMap((item) => item.calls),
      ({ service, name, kind }) => groupId({ service, name, kind }),
      poolCalls,
    ),
    features: pooled(
      items.flatMap((item) => item.features),
      featureId,
      (features): Feature => ({ ...features[0], traces: total(features, ({ traces }) => traces) }),
    ),
  };
}

function poolCalls(items: readonly [CallCounts, ...CallCounts[]]): CallCounts {
  const counts = new Map<number, number>();
  for (const item of items)
    for (const [calls, traces] of item.counts) counts.set(calls, (counts.get(calls) ?? 0) + traces);
  return { ...items[0], counts: [...counts].sort(([a], [b]) => a - b) };
}

function poolPaths(items: readonly PathMeans[]): PathMeans {
  return {
    traces: total(items, ({ traces }) => traces),
    totalNs: total(items, ({ totalNs }) => totalNs),
    parts: pooled(
      items.flatMap(({ parts }) => parts),
      (item) => groupId(nameKey(item)),
      (parts) => ({
        ...parts[0],
        totalNs: total(parts, ({ totalNs }) => totalNs),
        squares: total(parts, ({ squares }) => squares),
      }),
    ),
  };
}

function total<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
