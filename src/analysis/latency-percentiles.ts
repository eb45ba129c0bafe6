import { SPAN_KINDS, STATUS_CODES, TIME_FLAGS } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import type { SpanVocabulary } from '../model/span-vocabulary.ts';
import { nanos, type UnixNano } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { durationHistogram, type HistogramBucket } from './duration-histogram.ts';
import { type DurationStatistics, durationStatistics } from './duration-statistics.ts';
import {
  exemplarDurations,
  exemplarsOf,
  intervalsOf,
  type LatencyExemplars,
  type LatencyIntervals,
  sketchedFigures,
} from './latency-figures.ts';
import { LatencyRows, type MeasuredSpan } from './latency-rows.ts';
import { LatencySketch } from './latency-sketch.ts';
import { SelfTimes } from './self-time.ts';
import {
  byOperation,
  byService,
  compareGroups,
  type GroupKey,
  groupId,
  type OperationKey,
  type OperationNode,
  type SpanGrouping,
} from './span-grouping.ts';
import { StartWindow } from './start-window.ts';

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
  /** The known durations in buckets of 1, 2 and 5 times the powers of ten; the counts add up to count − excluded. */
  readonly histogram: readonly HistogramBucket[];
  /** Where the true percentiles lie in 95 of 100 samples like this one; null without a known duration. */
  readonly intervals: LatencyIntervals | null;
  /** Spans that took just as long as the figure says (a sketch: about as long); of several the one with the smallest ids. */
  readonly exemplars: LatencyExemplars | null;
}

/** Collects traces; each must be added once and whole. The result does not depend on their order. */
export interface LatencyAccumulator<K extends GroupKey> {
  add(trace: Trace): void;
  /** Of the traces so far. */
  result(): LatencyPercentiles<K>;
}

export interface LatencyOptions {
  /** Up to so many spans of a group are kept and their percentiles exact; those of larger groups come from a sketch. */
  readonly exactSamples?: number;
}

/** 3.2 MB a group. Its p99.9 still has a hundred spans above it. */
const EXACT_SAMPLES = 100_000;

/**
 * Latency per operation. Keeps 32 bytes a span of groups up to `exactSamples` spans (default 100,000) and a few hundred kilobytes of larger
 * ones. Which way a group goes depends on nothing but its size.
 */
export function latencyPercentiles(
  groupBy?: undefined,
  options?: LatencyOptions,
): LatencyAccumulator<OperationKey>;
/** Latency per group of any grouping. */
export function latencyPercentiles<K extends GroupKey>(
  groupBy: SpanGrouping<K>,
  options?: LatencyOptions,
): LatencyAccumulator<K>;
export function latencyPercentiles(
  groupBy: SpanGrouping = byOperation,
  { exactSamples = EXACT_SAMPLES }: LatencyOptions = {},
): LatencyAccumulator<GroupKey> {
  if (Object.is(groupBy, byOperation)) return new Accumulator(byOperation, null, exactSamples);
  if (Object.is(groupBy, byService)) return new Accumulator(byService, null, exactSamples);
  return new Accumulator(null, groupBy, exactSamples);
}

interface GroupCounts<K> {
  readonly index: number;
  readonly key: K;
  count: number;
  errors: number;
  excluded: number;
  /** Null as long as the group is small. */
  sketch: LatencySketch | null;
}

const ERROR = STATUS_CODES.indexOf('error');
const UNKNOWN_DURATION = TIME_FLAGS.noStart | TIME_FLAGS.noEnd;

class Accumulator<K extends GroupKey> implements LatencyAccumulator<K> {
  readonly #keyOfOperation: ((node: OperationNode) => K) | null;
  readonly #keyOfSpan: SpanGrouping<K> | null;
  readonly #exactSamples: number;
  readonly #byId = new Map<string, GroupCounts<K>>();
  #vocabulary: SpanVocabulary | null = null;
  /** By operation of the vocabulary, where all spans of an operation are in one group. */
  #byOperation: (GroupCounts<K> | null | undefined)[] = [];
  readonly #selfTimes = new SelfTimes();
  readonly #groups: GroupCounts<K>[] = [];
  readonly #rows = new LatencyRows();
  readonly #window = new StartWindow();
  /** Rows of groups that have become too large for them. */
  #overdue = 0;

  /** Either an operation says what its spans' group is, or each span does. */
  constructor(
    keyOfOperation: ((node: OperationNode) => K) | null,
    keyOfSpan: SpanGrouping<K> | null,
    exactSamples: number,
  ) {
    this.#keyOfOperation = keyOfOperation;
    this.#keyOfSpan = keyOfSpan;
    this.#exactSamples = exactSamples;
  }

  add(trace: Trace): void {
    const { tree, traceId } = trace;
    const selfNs = this.#selfTimes.of(tree);
    this.#rows.startTrace(traceId);
    this.#window.add(trace);
    for (let span = 0; span < tree.size; span++) {
      const group = this.#groupOf(trace, span);
      if (group === null) continue;
      group.count++;
      if (tree.status[span] === ERROR) group.errors++;
      if (((tree.timeFlags[span] ?? 0) & UNKNOWN_DURATION) !== 0) {
        group.excluded++;
        continue;
      }
      this.#measure(group, {
        traceId,
        idHigh: tree.idHigh[span] ?? 0,
        idLow: tree.idLow[span] ?? 0,
        durationNs: nanos(tree.duration[span] ?? 0),
        selfNs: nanos(selfNs[span] ?? 0),
      });
    }
  }

  #measure(group: GroupCounts<K>, span: MeasuredSpan): void {
    if (group.sketch === null && group.count - group.excluded > this.#exactSamples) {
      group.sketch = new LatencySketch();
      this.#overdue += this.#exactSamples;
    }
    if (group.sketch !== null) {
      group.sketch.add(span);
      return;
    }
    // Taking rows out costs a pass over all of them: only when a good part goes, and the columns would have to grow.
    if (this.#rows.isFull && this.#overdue * 4 >= this.#rows.count) this.#sketchOverdue();
    this.#rows.push(group.index, span);
  }

  #sketchOverdue(): void {
    this.#overdue = 0;
    this.#rows.drain(
      (group) => (this.#groups[group]?.sketch ?? null) !== null,
      (group, span) => this.#groups[group]?.sketch?.add(span),
    );
  }

  #groupOf(trace: Trace, span: number): GroupCounts<K> | null {
    const { tree } = trace;
    if (this.#keyOfSpan !== null) {
      const node = trace.nodes[span];
      return node === undefined ? null : this.#groupOfKey(this.#keyOfSpan(node));
    }
    if (tree.vocabulary !== this.#vocabulary) {
      this.#vocabulary = tree.vocabulary;
      this.#byOperation = [];
    }
    const operation = tree.operation[span] ?? -1;
    let group = this.#byOperation[operation];
    if (group === undefined) {
      group = this.#groupOfKey(this.#keyOfOperation?.(operationNode(tree, operation)) ?? null);
      this.#byOperation[operation] = group;
    }
    return group;
  }

  #groupOfKey(key: K | null): GroupCounts<K> | null {
    if (key === null) return null;
    const id = groupId(key);
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const index = this.#groups.length;
    const group = { index, key, count: 0, errors: 0, excluded: 0, sketch: null };
    this.#byId.set(id, group);
    this.#groups.push(group);
    return group;
  }

  result(): LatencyPercentiles<K> {
    if (this.#overdue > 0) this.#sketchOverdue();
    const size = this.#groups.length;
    const durations = this.#rows.durationsByGroup(size);
    const statistics = durations.map(durationStatistics);
    const selfs = this.#rows.selfTimesByGroup(size).map(durationStatistics);
    const spans = this.#rows.findSpans(statistics.map(exemplarDurations));
    const seconds = this.#window.seconds();
    const groups = this.#groups.map(({ index, key, count, errors, excluded, sketch }) => ({
      key,
      count,
      errors,
      errorRatio: errors / count,
      ratePerSecond: seconds === 0 ? null : count / seconds,
      excluded,
      ...(sketch
        ? sketchedFigures(sketch, count - excluded)
        : {
            durationNs: statistics[index] ?? null,
            selfNs: selfs[index] ?? null,
            histogram: durationHistogram(durations[index] ?? []),
            intervals: intervalsOf(count - excluded, (rank) =>
              nanos(durations[index]?.[rank - 1] ?? 0),
            ),
            exemplars: exemplarsOf(spans[index] ?? []),
          }),
    }));
    return { window: this.#window.range(), groups: groups.sort(byTotalTime) };
  }
}

function operationNode({ vocabulary }: SpanTree, operation: number): OperationNode {
  const { name = '', kind = 0 } = vocabulary.operations[operation] ?? {};
  const service = vocabulary.serviceOf(operation);
  return { service, span: { name, kind: SPAN_KINDS[kind] ?? 'unspecified' } };
}

function byTotalTime(a: LatencyGroup<GroupKey>, b: LatencyGroup<GroupKey>): number {
  const difference = (b.durationNs?.total ?? -1) - (a.durationNs?.total ?? -1);
  return difference === 0 ? compareGroups(a.key, b.key) : difference;
}
