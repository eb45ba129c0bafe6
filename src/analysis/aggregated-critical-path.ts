import type { SpanId, TraceId } from '../model/ids.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { CriticalPath } from './critical-path.ts';
import { PERCENTILES } from './duration-statistics.ts';
import type { SpanReference } from './latency-rows.ts';
import { nearestRank, type Quantile } from './nearest-rank.ts';
import {
  type CallPath,
  CallPathNumbers,
  type GroupNumbers,
  KeyNumbers,
  LOST,
  type PathGrouping,
  type PathOperation,
} from './path-grouping.ts';
import { groupParts } from './path-parts.ts';
import { type SlowTail, slowTail } from './slow-tail.ts';
import { compareGroups, type GroupKey, groupId } from './span-grouping.ts';

/** Where the analysed traces' time went: the time that each group owns on their critical paths. */
export interface AggregatedCriticalPath<K> {
  readonly traces: number;
  /** Sum of the primary roots' durations; the groups' totals add up to it. */
  readonly totalNs: Nanos;
  /** What the paths are of, most traces first. More than one: the shares mix different requests. */
  readonly roots: readonly PathRoot[];
  /** Most total time first, then by key. Groups that own no time are not listed. */
  readonly groups: readonly PathGroup<K>[];
  /** What the slow traces spend more on; null where none is slower than those in the middle. */
  readonly tail: SlowTail<K> | null;
}

export interface PathRoot {
  readonly service: string;
  readonly operation: string;
  readonly traces: number;
}

/** A group's part in the critical paths. The part of one trace is the sum of the sections that its spans own, 0 if none. */
export interface PathGroup<K> {
  readonly key: K;
  /** Traces in which the group owns time. */
  readonly traces: number;
  /** Spans of the group that own time. */
  readonly spans: number;
  /** Time that its spans own. */
  readonly totalNs: Nanos;
  /** Time that its spans or any span below them own, each section once. */
  readonly inclusiveNs: Nanos;
  /** totalNs / the total of all groups. */
  readonly shareOfTotal: number;
  /** Mean over all traces of the group's part / the trace's duration: short traces count as much as long ones. */
  readonly meanShare: number;
  /** Nearest ranks of the part over all traces, also those where it is 0. */
  readonly p50Ns: Nanos;
  readonly p95Ns: Nanos;
  readonly p99Ns: Nanos;
  readonly maxNs: Nanos;
  /** In a trace with just that part, the span of the group that owns most; null where the part is 0. */
  readonly exemplars: {
    readonly p50: SpanReference | null;
    readonly p95: SpanReference | null;
    readonly max: SpanReference | null;
  };
}

/** Collects critical paths; each trace must be added once. But for rounding of `meanShare` the result does not depend on their order. */
export interface AggregatedCriticalPathAccumulator<K> {
  add(path: CriticalPath): void;
  /** Of the traces so far: the `top` groups, all by default. */
  result(top?: number): AggregatedCriticalPath<K>;
}

/**
 * Adds up the critical paths of the primary roots by group. Keeps three values a trace and group that owns time in it.
 * Linear in the size of the traces.
 */
export function aggregatedCriticalPath<K extends GroupKey>(
  grouping: PathGrouping<K>,
): AggregatedCriticalPathAccumulator<K> {
  return new Accumulator(new KeyNumbers(grouping));
}

/** The same by call path: the calls from the root to the owner, lost parents included. What a flame graph shows. */
export function aggregatedCallPaths(): AggregatedCriticalPathAccumulator<CallPath> {
  return new Accumulator(new CallPathNumbers());
}

/** One group while traces are being added. The lists have one element a trace in which it owns time. */
interface GrowingGroup {
  readonly group: number;
  spans: number;
  totalNs: number;
  inclusiveNs: number;
  shares: number;
  readonly parts: { readonly ns: number; readonly trace: number; readonly spanId: SpanId }[];
}

class Accumulator<K> implements AggregatedCriticalPathAccumulator<K> {
  readonly #numbers: GroupNumbers<K>;
  readonly #groups = new Map<number, GrowingGroup>();
  readonly #traceIds: TraceId[] = [];
  readonly #durations: number[] = [];
  readonly #roots = new Map<string, { readonly key: PathOperation; traces: number }>();
  #totalNs = 0;

  constructor(numbers: GroupNumbers<K>) {
    this.#numbers = numbers;
  }

  add(path: CriticalPath): void {
    const durationNs = path.endNs - path.startNs;
    const trace = this.#traceIds.push(path.traceId) - 1;
    this.#durations.push(durationNs);
    this.#totalNs += durationNs;
    this.#addRoot(path);
    for (const [group, part] of groupParts(path, this.#numbers)) {
      const sums = this.#groupOf(group);
      sums.inclusiveNs += part.inclusiveNs;
      if (part.spanId === null) continue;
      sums.spans += part.spans;
      sums.totalNs += part.ns;
      sums.shares += part.ns / durationNs;
      sums.parts.push({ ns: part.ns, trace, spanId: part.spanId });
    }
  }

  #addRoot({ root }: CriticalPath): void {
    const key = { service: root?.service ?? LOST, operation: root?.span.name ?? LOST };
    const id = groupId(key);
    const known = this.#roots.get(id);
    if (known) known.traces += 1;
    else this.#roots.set(id, { key, traces: 1 });
  }

  #groupOf(group: number): GrowingGroup {
    const known = this.#groups.get(group);
    if (known) return known;
    const fresh = { group, spans: 0, totalNs: 0, inclusiveNs: 0, shares: 0, parts: [] };
    this.#groups.set(group, fresh);
    return fresh;
  }

  result(top = Number.POSITIVE_INFINITY): AggregatedCriticalPath<K> {
    const roots = [...this.#roots.values()].sort(
      (a, b) => b.traces - a.traces || compareGroups(a.key, b.key),
    );
    const groups = [...this.#groups.values()]
      .filter(({ totalNs }) => totalNs > 0)
      .sort((a, b) => b.totalNs - a.totalNs || this.#numbers.compare(a.group, b.group));
    return {
      traces: this.#traceIds.length,
      totalNs: nanos(this.#totalNs),
      roots: roots.map(({ key, traces }) => ({ ...key, traces })),
      groups: groups.slice(0, top).map((group) => this.#finished(group)),
      tail: this.#tail(groups, top),
    };
  }

  #tail(groups: readonly GrowingGroup[], top: number): SlowTail<K> | null {
    const parts = groups.map(({ group, parts }) => ({ key: group, parts }));
    const tail = slowTail(this.#durations, parts, (a, b) => this.#numbers.compare(a, b));
    if (tail === null) return null;
    const shown = tail.groups.slice(0, top);
    return {
      ...tail,
      groups: shown.map((group) => ({ ...group, key: this.#numbers.keyOf(group.key) })),
    };
  }

  #finished({ group, spans, totalNs, inclusiveNs, shares, parts }: GrowingGroup): PathGroup<K> {
    const traces = this.#traceIds.length;
    const idOf = (trace: number) => this.#traceIds[trace] ?? '';
    const sorted = parts.toSorted(
      (a, b) => a.ns - b.ns || (idOf(a.trace) < idOf(b.trace) ? -1 : 1),
    );
    const zeros = traces - sorted.length;
    const valueAt = (q: Quantile) => sorted[nearestRank(q, traces) - zeros - 1]?.ns ?? 0;
    const [p50, p95, p99] = [PERCENTILES.p50, PERCENTILES.p95, PERCENTILES.p99].map(valueAt);
    const max = sorted.at(-1)?.ns ?? 0;
    const exemplar = (ns: number | undefined): SpanReference | null => {
      const part = ns === 0 ? undefined : sorted[firstAt(sorted, ns ?? 0)];
      const traceId = part && this.#traceIds[part.trace];
      return part && traceId ? { traceId, spanId: part.spanId } : null;
    };
    return {
      key: this.#numbers.keyOf(group),
      traces: sorted.length,
      spans,
      totalNs: nanos(totalNs),
      inclusiveNs: nanos(inclusiveNs),
      shareOfTotal: totalNs / this.#totalNs,
      meanShare: shares / traces,
      p50Ns: nanos(p50 ?? 0),
      p95Ns: nanos(p95 ?? 0),
      p99Ns: nanos(p99 ?? 0),
      maxNs: nanos(max),
      exemplars: { p50: exemplar(p50), p95: exemplar(p95), max: exemplar(max) },
    };
  }
}

/** Position of the first element with `ns`, in a list sorted by it. */
function firstAt(sorted: readonly { readonly ns: number }[], ns: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.ns ?? 0) < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
