import type { UnixNano } from '../model/time.ts';
import type { SpanReference } from './latency-rows.ts';
import { compareGroups } from './span-grouping.ts';

/** A span to look at, and how well it shows what it is kept for. */
export interface ErrorExemplar extends SpanReference {
  /** The lower the better. */
  readonly rank: number;
  readonly startUnixNano: UnixNano;
}

const MAX_EXEMPLARS = 3;

/** The best three of `kept` and `candidate`: by rank, the earliest of each, then by id. */
export function withExemplar(
  kept: readonly ErrorExemplar[],
  candidate: ErrorExemplar,
): readonly ErrorExemplar[] {
  const last = kept[MAX_EXEMPLARS - 1];
  if (last && compareExemplars(last, candidate) <= 0) return kept;
  return [...kept, candidate].sort(compareExemplars).slice(0, MAX_EXEMPLARS);
}

function compareExemplars(a: ErrorExemplar, b: ErrorExemplar): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.startUnixNano !== b.startUnixNano) return a.startUnixNano < b.startUnixNano ? -1 : 1;
  return compareGroups({ trace: a.traceId, span: a.spanId }, { trace: b.traceId, span: b.spanId });
}
