import { TIME_FLAGS } from '../model/span.ts';
import { type UnixNano, unixNano } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { type DurationStatistics, durationStatistics } from './duration-statistics.ts';
import { LatencyRows, type SpanReference } from './latency-rows.ts';
import { selfTimes } from './self-time.ts';
import {
  byOperation,
  compareGroups,
  type GroupKey,
  groupId,
  type OperationKey,
  type SpanGrouping,
} from './span-grouping.ts';

/** How long the spans of each group took, how often they ran and failed. */
export interface LatencyPercentiles<K extends GroupKey = OperationKey> {
  /** First to last start of a span: the time that rates refer to. Null when no span has a start. */
  readonly window: { readonly start: UnixNano; readonly end: UnixNano } | null;
  /** Most total time first, then by key. */
  readonly groups: readonly LatencyGroup<K>[];
}

export interface LatencyGroup<K extends GroupKey = OperationKey> {
  readonly key: K;
  /** All spans of the group, whether their duration is known or not. */
  readonly count: number;
  /** Spans with status `error`; they are part of the durations. */
  readonly errors: number;
  /** errors / count. */
  readonly errorRatio: number;
  /** count per second of the window; null for a window of 0 s (a single trace, say). */
  readonly ratePerSecond: number | null;
  /** Spans without a known duration (no start or no end), left out of the statistics. */
  readonly excluded: number;
  /** Null when no span of the group has a known duration. */
  readonly durationNs: DurationStatistics | null;
  /** Time of a span with no child running, over the same spans. */
  readonly selfNs: DurationStatistics | null;
  /** Spans that took just as long as the figure says; of several the one with the smallest ids. */
  readonly exemplars: LatencyExemplars | null;
}

export interface LatencyExemplars {
  readonly p50: SpanReference;
  readonly p95: SpanReference;
  readonly p99: SpanReference;
  readonly max: SpanReference;
}

/** Collects traces; each must be added once and whole. The result does not depend on their order. */
export interface LatencyAccumulator<K extends GroupKey> {
  add(trace: Trace): void;
  /** Of the traces so far. */
  result(): LatencyPercentiles<K>;
}

/** Latency per operation. Keeps 32 bytes a span. */
export function latencyPercentiles(): LatencyAccumulator<OperationKey>;
/** Latency per group of any grouping. */
export function latencyPercentiles<K extends GroupKey>(
  groupBy: SpanGrouping<K>,
): LatencyAccumulator<K>;
export function latencyPercentiles(
  groupBy: SpanGrouping = byOperation,
): LatencyAccumulator<GroupKey> {
  return new Accumulator(groupBy);
}

interface GroupCounts<K> {
  readonly index: number;
  readonly key: K;
  count: number;
  errors: number;
  excluded: number;
}

const UNKNOWN_DURATION = TIME_FLAGS.noStart | TIME_FLAGS.noEnd;

class Accumulator<K extends GroupKey> implements LatencyAccumulator<K> {
  readonly #groupBy: SpanGrouping<K>;
  readonly #groups = new Map<string, GroupCounts<K>>();
  readonly #rows = new LatencyRows();
  readonly #window = new StartWindow();

  constructor(groupBy: SpanGrouping<K>) {
    this.#groupBy = groupBy;
  }

  add(trace: Trace): void {
    const selfNs = selfTimes(trace);
    this.#rows.startTrace(trace.traceId);
    this.#window.add(trace);
    for (const node of trace.nodes) {
      const group = this.#groupOf(node);
      if (group === null) continue;
      group.count++;
      if (node.span.statusCode === 'error') group.errors++;
      const self = selfNs[node.index];
      if (self === undefined || (node.span.timeFlags & UNKNOWN_DURATION) !== 0) {
        group.excluded++;
      } else {
        const row = { group: group.index, durationNs: node.span.durationNs, selfNs: self };
        this.#rows.push(row, node.span.spanId);
      }
    }
  }

  #groupOf(node: TraceNode): GroupCounts<K> | null {
    const key = this.#groupBy(node);
    if (key === null) return null;
    const id = groupId(key);
    const known = this.#groups.get(id);
    if (known !== undefined) return known;
    const group = { index: this.#groups.size, key, count: 0, errors: 0, excluded: 0 };
    this.#groups.set(id, group);
    return group;
  }

  result(): LatencyPercentiles<K> {
    const counts = [...this.#groups.values()];
    const durations = this.#rows.durationsByGroup(counts.length).map(durationStatistics);
    const selfs = this.#rows.selfTimesByGroup(counts.length).map(durationStatistics);
    const spans = this.#rows.findSpans(durations.map(exemplarDurations));
    const seconds = this.#window.seconds();
    const groups = counts.map(({ index, key, count, errors, excluded }) => ({
      key,
      count,
      errors,
      errorRatio: errors / count,
      ratePerSecond: seconds === 0 ? null : count / seconds,
      excluded,
      durationNs: durations[index] ?? null,
      selfNs: selfs[index] ?? null,
      exemplars: exemplarsOf(spans[index] ?? []),
    }));
    return { window: this.#window.range(), groups: groups.sort(byTotalTime) };
  }
}

/** First and last start of the spans of all traces. */
class StartWindow {
  #start: UnixNano | null = null;
  #end: UnixNano | null = null;

  add(trace: Trace): void {
    let last = -1;
    for (const { span, startNs } of trace.nodes) {
      if ((span.timeFlags & TIME_FLAGS.noStart) === 0 && startNs > last) last = startNs;
    }
    if (last < 0) return;
    const start = trace.startUnixNano;
    const end = unixNano(start + BigInt(last));
    if (this.#start === null || start < this.#start) this.#start = start;
    if (this.#end === null || end > this.#end) this.#end = end;
  }

  range(): { readonly start: UnixNano; readonly end: UnixNano } | null {
    return this.#start === null || this.#end === null
      ? null
      : { start: this.#start, end: this.#end };
  }

  seconds(): number {
    return this.#start === null || this.#end === null ? 0 : Number(this.#end - this.#start) / 1e9;
  }
}

function exemplarDurations(statistics: DurationStatistics | null): Float64Array {
  if (statistics === null) return new Float64Array(0);
  const { p50, p95, p99, max } = statistics;
  return Float64Array.of(p50, p95, p99, max);
}

function exemplarsOf([p50, p95, p99, max]: readonly SpanReference[]): LatencyExemplars | null {
  if (p50 === undefined || p95 === undefined || p99 === undefined || max === undefined) return null;
  return { p50, p95, p99, max };
}

function byTotalTime(a: LatencyGroup<GroupKey>, b: LatencyGroup<GroupKey>): number {
  const difference = (b.durationNs?.total ?? -1) - (a.durationNs?.total ?? -1);
  return difference === 0 ? compareGroups(a.key, b.key) : difference;
}
