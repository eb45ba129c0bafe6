import { type SpanKind, serviceName, TIME_FLAGS } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { type PercentileRank, percentileRank } from './percentile-rank.ts';
import { groupId } from './span-grouping.ts';

/** Where a span's duration stands among those of its operation: a service's spans of one name and kind. */
export interface SpanRank extends PercentileRank {
  /** How many spans of the operation there are. */
  readonly count: number;
}

/** An operation of the data that a trace came from, and how long its spans took. */
export interface MeasuredOperation {
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** In ns, in any order. */
  readonly durations: Float64Array;
}

const UNTIMED = TIME_FLAGS.noStart | TIME_FLAGS.noEnd;

/** By node index the rank of each span of a trace; null for a span without a known duration, and where its operation is not among `operations`. */
export function spanRanks(
  trace: Trace,
  operations: Iterable<MeasuredOperation>,
): readonly (SpanRank | null)[] {
  const idOf = (service: string, name: string, kind: SpanKind) => groupId({ service, name, kind });
  const ids = trace.nodes.map(({ span }) => idOf(serviceName(span.resource), span.name, span.kind));
  const wanted = new Set(ids);
  const sorted = new Map<string, Float64Array>();
  for (const { service, name, kind, durations } of operations) {
    const id = idOf(service, name, kind);
    if (wanted.has(id)) sorted.set(id, durations.toSorted());
  }
  return trace.nodes.map(({ index, span }) => {
    const durations = sorted.get(ids[index] ?? '');
    if (durations === undefined || (span.timeFlags & UNTIMED) !== 0) return null;
    return { ...percentileRank(durations, span.durationNs), count: durations.length };
  });
}
