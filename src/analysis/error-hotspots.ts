import type { UnixNano } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { errorSignature } from './error-signature.ts';
import type { SpanReference } from './latency-rows.ts';
import { compareGroups, groupId } from './span-grouping.ts';
import type { TraceError, TraceErrors } from './trace-errors.ts';

/** Where errors of the analysed traces come from. */
export interface ErrorHotspots {
  readonly totals: ErrorTotals;
  /** Most failed traces as their primary cause first, then most origins, then most propagated, then by key. */
  readonly groups: readonly ErrorGroup[];
}

export interface ErrorTotals {
  readonly traces: number;
  /** Traces whose root failed. */
  readonly failedTraces: number;
  /** Traces with any error; those that did not fail absorbed it or had it in the background. */
  readonly tracesWithErrors: number;
  /** Error spans: origins + propagated + cancelled. */
  readonly errorSpans: number;
  readonly origins: number;
  readonly propagated: number;
  readonly cancelled: number;
}

/** All errors of one operation that look the same. */
export interface ErrorGroup {
  readonly service: string;
  /** The span name. */
  readonly operation: string;
  readonly signature: string;
  /** Spans that failed for a reason of their own. */
  readonly origins: number;
  /** Traces with such an origin. */
  readonly originTraces: number;
  /** Failed traces of which such a span is the primary cause. */
  readonly primaryTraces: number;
  /** primaryTraces / all failed traces; 0 when none failed. */
  readonly primaryShare: number;
  /** Spans that failed because of an error below them. */
  readonly propagated: number;
  /** Origins that an ancestor absorbed. */
  readonly suppressed: number;
  /** Spans that failed because their caller had given up. */
  readonly cancelled: number;
  /** Origins where nobody waits. */
  readonly background: number;
  /** Longest way from a failed root down to such a primary cause, in error spans; 0 without one. */
  readonly longestChain: number;
  /** How many root operations failed because of it. */
  readonly rootOperations: number;
  /** Services on the ways up to the failed roots, by code unit: who was hit. */
  readonly services: readonly string[];
  /** Earliest and latest start of a span of the group. */
  readonly firstSeen: UnixNano;
  readonly lastSeen: UnixNano;
  /** Up to three spans to look at: primary causes first, then other origins, then the rest; the earliest of each. */
  readonly exemplars: readonly SpanReference[];
}

/** Collects traces; each must be added once and whole. The result does not depend on their order. */
export interface ErrorHotspotsAccumulator {
  add(trace: Trace, errors: TraceErrors): void;
  /** Of the traces so far. */
  result(): ErrorHotspots;
}

/** Groups the errors of many traces by operation and signature. Keeps a few numbers and names a group. */
export function errorHotspots(): ErrorHotspotsAccumulator {
  return new Accumulator();
}

type GroupKeyParts = {
  readonly service: string;
  readonly operation: string;
  readonly signature: string;
};

interface Exemplar extends SpanReference {
  readonly rank: number;
  readonly startUnixNano: UnixNano;
}

const MAX_EXEMPLARS = 3;

/** One group while traces are being added. */
interface GrowingGroup {
  readonly key: GroupKeyParts;
  readonly counts: GroupCounts;
  readonly roots: Set<string>;
  readonly services: Set<string>;
  exemplars: readonly Exemplar[];
  /** Number of the trace that `originTraces` counted last. */
  lastTrace: number;
}

interface GroupCounts {
  origins: number;
  originTraces: number;
  primaryTraces: number;
  propagated: number;
  suppressed: number;
  cancelled: number;
  background: number;
  longestChain: number;
  firstSeen: UnixNano;
  lastSeen: UnixNano;
}

type Counts = { -readonly [K in keyof ErrorTotals]: ErrorTotals[K] };

class Accumulator implements ErrorHotspotsAccumulator {
  readonly #groups = new Map<string, GrowingGroup>();
  readonly #totals: Counts = {
    traces: 0,
    failedTraces: 0,
    tracesWithErrors: 0,
    errorSpans: 0,
    origins: 0,
    propagated: 0,
    cancelled: 0,
  };

  add(trace: Trace, found: TraceErrors): void {
    const totals = this.#totals;
    totals.traces += 1;
    totals.failedTraces += Number(found.traceFailed);
    totals.tracesWithErrors += Number(found.errors.length > 0);
    totals.errorSpans += found.errors.length;
    totals.origins += found.origins.length;
    totals.propagated += found.propagated.length;
    totals.cancelled += found.cancelled.length;
    for (const error of found.errors) this.#addError(trace, error, found.primary);
    if (found.primary) this.#addPrimary(found.primary, found.chain);
  }

  #addError(trace: Trace, error: TraceError, primary: TraceNode | null): void {
    const group = this.#groupOf(error.node);
    const { counts } = group;
    const { span } = error.node;
    if (error.class === 'propagated') counts.propagated += 1;
    else if (error.class === 'cancelled') counts.cancelled += 1;
    else {
      counts.origins += 1;
      counts.suppressed += Number(error.fate === 'suppressed');
      counts.background += Number(error.fate === 'background');
      counts.originTraces += Number(group.lastTrace !== this.#totals.traces);
      group.lastTrace = this.#totals.traces;
    }
    if (span.startUnixNano < counts.firstSeen) counts.firstSeen = span.startUnixNano;
    if (span.startUnixNano > counts.lastSeen) counts.lastSeen = span.startUnixNano;
    group.exemplars = withExemplar(group.exemplars, {
      traceId: trace.traceId,
      spanId: span.spanId,
      startUnixNano: span.startUnixNano,
      rank: exemplarRank(error, primary),
    });
  }

  #addPrimary(primary: TraceNode, chain: readonly TraceNode[]): void {
    const { counts, roots, services } = this.#groupOf(primary);
    const [root] = chain;
    counts.primaryTraces += 1;
    counts.longestChain = Math.max(counts.longestChain, chain.length);
    if (root) roots.add(groupId({ service: root.service, operation: root.span.name }));
    for (const { service } of chain) services.add(service);
  }

  #groupOf({ service, span }: TraceNode): GrowingGroup {
    const key = { service, operation: span.name, signature: errorSignature(span) };
    const id = groupId(key);
    const known = this.#groups.get(id);
    if (known) return known;
    const group: GrowingGroup = {
      key,
      counts: {
        origins: 0,
        originTraces: 0,
        primaryTraces: 0,
        propagated: 0,
        suppressed: 0,
        cancelled: 0,
        background: 0,
        longestChain: 0,
        firstSeen: span.startUnixNano,
        lastSeen: span.startUnixNano,
      },
      roots: new Set(),
      services: new Set(),
      exemplars: [],
      lastTrace: 0,
    };
    this.#groups.set(id, group);
    return group;
  }

  result(): ErrorHotspots {
    const { failedTraces } = this.#totals;
    return {
      totals: { ...this.#totals },
      groups: [...this.#groups.values()]
        .sort(byWeight)
        .map(({ key, roots, services, exemplars, counts }) => ({
          ...key,
          ...counts,
          primaryShare: failedTraces === 0 ? 0 : counts.primaryTraces / failedTraces,
          rootOperations: roots.size,
          services: [...services].sort((a, b) => (a < b ? -1 : 1)),
          exemplars: exemplars.map(({ traceId, spanId }) => ({ traceId, spanId })),
        })),
    };
  }
}

function byWeight(a: GrowingGroup, b: GrowingGroup): number {
  return (
    b.counts.primaryTraces - a.counts.primaryTraces ||
    b.counts.origins - a.counts.origins ||
    b.counts.propagated - a.counts.propagated ||
    compareGroups(a.key, b.key)
  );
}

/** The lower the better to look at. */
function exemplarRank(error: TraceError, primary: TraceNode | null): number {
  if (error.node === primary) return 0;
  return error.class === 'origin' ? 1 : 2;
}

function withExemplar(kept: readonly Exemplar[], candidate: Exemplar): readonly Exemplar[] {
  const last = kept[MAX_EXEMPLARS - 1];
  if (last && compareExemplars(last, candidate) <= 0) return kept;
  return [...kept, candidate].sort(compareExemplars).slice(0, MAX_EXEMPLARS);
}

function compareExemplars(a: Exemplar, b: Exemplar): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.startUnixNano !== b.startUnixNano) return a.startUnixNano < b.startUnixNano ? -1 : 1;
  return compareGroups({ trace: a.traceId, span: a.spanId }, { trace: b.traceId, span: b.spanId });
}
