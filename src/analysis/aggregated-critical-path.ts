import type { TraceId } from '../model/ids.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { CriticalPath } from './critical-path.ts';
import { compareText } from './dependency-node.ts';
import { PERCENTILES } from './duration-statistics.ts';
import { CallPathNumbers, type GroupNumbers, KeyNumbers } from './group-numbers.ts';
import type { SpanReference } from './latency-rows.ts';
import { nearestRank, type Quantile } from './nearest-rank.ts';
import { PartColumns } from './part-columns.ts';
import { type CallPath, type PathGrouping, pathByOperation } from './path-grouping.ts';
import { GroupParts } from './path-parts.ts';
import { type SlowTail, slowTail } from './slow-tail.ts';
import type { GroupKey } from './span-grouping.ts';

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
  /** Of the traces so far. */
  result(): AggregatedCriticalPath<K>;
  /** The first of the groups alone. Costs little however many there are. */
  largest(top: number): readonly PathGroup<K>[];
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

class Accumulator<K> implements AggregatedCriticalPathAccumulator<K> {
  readonly #numbers: GroupNumbers<K>;
  readonly #parts: GroupParts;
  readonly #columns = new PartColumns();
  readonly #traceIds: TraceId[] = [];
  readonly #durations: number[] = [];
  readonly #rootNumbers = new KeyNumbers(pathByOperation);
  /** By number: traces. */
  readonly #roots: number[] = [];
  #totalNs = 0;

  constructor(numbers: GroupNumbers<K>) {
    this.#numbers = numbers;
    this.#parts = new GroupParts(numbers);
  }

  add(path: CriticalPath): void {
    const { tree, trace: of } = path.basis;
    const durationNs = path.endNs - path.startNs;
    const trace = this.#traceIds.push(path.traceId) - 1;
    this.#durations.push(durationNs);
    this.#totalNs += durationNs;
    const root = this.#rootNumbers.numberOf(of, tree.primary);
    this.#roots[root] = (this.#roots[root] ?? 0) + 1;
    const { idHigh, idLow } = tree.spans;
    this.#parts.each(path, ({ group, ns, inclusiveNs, spans, span }) => {
      this.#columns.addInclusive(group, inclusiveNs);
      if (span === -1) return;
      const id = { high: idHigh[span] ?? 0, low: idLow[span] ?? 0 };
      this.#columns.add(group, { ns, trace }, spans, ns / durationNs, id);
    });
  }

  result(): AggregatedCriticalPath<K> {
    const roots = this.#roots
      .map((traces, root) => ({ ...this.#rootNumbers.keyOf(root), traces }))
      .sort(
        (a, b) =>
          b.traces - a.traces ||
          compareText(a.service, b.service) ||
          compareText(a.operation, b.operation),
      );
    const groups = this.#sorted(1);
    return {
      traces: this.#traceIds.length,
      totalNs: nanos(this.#totalNs),
      roots,
      groups: groups.map((group) => this.#finished(group)),
      tail: this.#tail(groups),
    };
  }

  largest(top: number): readonly PathGroup<K>[] {
    const totals = Float64Array.from({ length: this.#columns.groups }, (_, group) =>
      this.#columns.totalOf(group),
    ).sort();
    const groups = this.#sorted(Math.max(1, totals[totals.length - top] ?? 0));
    return groups.slice(0, top).map((group) => this.#finished(group));
  }

  /** The groups that own at least so much, most first. */
  #sorted(leastNs: number): number[] {
    const groups: number[] = [];
    for (let group = 0; group < this.#columns.groups; group++) {
      if (this.#columns.totalOf(group) >= leastNs) groups.push(group);
    }
    return groups.sort(
      (a, b) => this.#columns.totalOf(b) - this.#columns.totalOf(a) || this.#numbers.compare(a, b),
    );
  }

  #tail(groups: readonly number[]): SlowTail<K> | null {
    const parts = groups.map((group) => ({ key: group, parts: this.#columns.eachPart(group) }));
    const tail = slowTail(this.#durations, parts, (a, b) => this.#numbers.compare(a, b));
    return (
      tail && {
        ...tail,
        groups: tail.groups.map((group) => ({ ...group, key: this.#numbers.keyOf(group.key) })),
      }
    );
  }

  #finished(group: number): PathGroup<K> {
    const { spans, totalNs, inclusiveNs, shares } = this.#columns.sumsOf(group);
    const traces = this.#traceIds.length;
    const columns = this.#columns;
    const idOf = (part: number) => this.#traceIds[columns.traceOf(part)] ?? '';
    const sorted = columns
      .partsOf(group)
      .sort((a, b) => columns.nsOf(a) - columns.nsOf(b) || (idOf(a) < idOf(b) ? -1 : 1));
    const nsAt = (index: number) => columns.nsOf(sorted[index] ?? -1);
    const zeros = traces - sorted.length;
    const valueAt = (q: Quantile) => nsAt(nearestRank(q, traces) - zeros - 1);
    const [p50, p95, p99] = [PERCENTILES.p50, PERCENTILES.p95, PERCENTILES.p99].map(valueAt);
    const max = nsAt(sorted.length - 1);
    const exemplar = (ns: number | undefined): SpanReference | null => {
      const part = ns === 0 ? undefined : sorted[firstAt(sorted.length, nsAt, ns ?? 0)];
      const traceId = part === undefined ? undefined : this.#traceIds[columns.traceOf(part)];
      return part !== undefined && traceId ? { traceId, spanId: columns.spanIdOf(part) } : null;
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

/** Position of the first of `count` ascending values that is `ns` or more. */
function firstAt(count: number, nsAt: (index: number) => number, ns: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nsAt(middle) < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
