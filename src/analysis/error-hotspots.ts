import { type Nanos, nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import type { CriticalPath } from './critical-path.ts';
import type { NamingRules } from './dependency-names.ts';
import { ErrorAbsorption, type ErrorEdge } from './error-absorption.ts';
import { type ErrorGroup, type ErrorKey, errorKey, GrowingErrorGroup } from './error-group.ts';
import { exceptionSignature, exceptions } from './error-signature.ts';
import { compareGroups, groupId } from './span-grouping.ts';
import type { TraceError, TraceErrors } from './trace-errors.ts';

/** Where errors of the analysed traces come from, where they end, and what they cost. */
export interface ErrorHotspots {
  readonly totals: ErrorTotals;
  /** Most failed traces as their primary cause first, then most origins, most propagated, most handled, then by key. */
  readonly groups: readonly ErrorGroup[];
  /** What callers did with the failures of their callees, most failures first. */
  readonly edges: readonly ErrorEdge[];
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
  /** Exceptions recorded on spans that did not fail. */
  readonly handled: number;
  /** Time that error spans own on the critical paths. */
  readonly criticalPathNs: Nanos;
}

/** Collects traces; each must be added once and whole. The result does not depend on their order. */
export interface ErrorHotspotsAccumulator {
  add(trace: Trace, errors: TraceErrors, path: Pick<CriticalPath, 'sections'>): void;
  /** Of the traces so far. */
  result(): ErrorHotspots;
}

const NO_RULES: NamingRules = { knownServices: [], caseInsensitive: false, ports: false };

/**
 * Groups the errors of many traces by operation and signature. Keeps a few numbers and names a group. `rules` say how callees
 * without spans of their own are named.
 */
export function errorHotspots(rules: NamingRules = NO_RULES): ErrorHotspotsAccumulator {
  return new Accumulator(rules);
}

type Counts = { -readonly [K in keyof ErrorTotals]: number };

class Accumulator implements ErrorHotspotsAccumulator {
  readonly #groups = new Map<string, GrowingErrorGroup>();
  readonly #absorption: ErrorAbsorption;
  readonly #totals: Counts = {
    traces: 0,
    failedTraces: 0,
    tracesWithErrors: 0,
    errorSpans: 0,
    origins: 0,
    propagated: 0,
    cancelled: 0,
    handled: 0,
    criticalPathNs: 0,
  };

  constructor(rules: NamingRules) {
    this.#absorption = new ErrorAbsorption(rules);
  }

  add(trace: Trace, found: TraceErrors, path: Pick<CriticalPath, 'sections'>): void {
    const totals = this.#totals;
    totals.traces += 1;
    totals.failedTraces += Number(found.traceFailed);
    totals.tracesWithErrors += Number(found.errors.length > 0);
    totals.errorSpans += found.errors.length;
    totals.origins += found.origins.length;
    totals.propagated += found.propagated.length;
    totals.cancelled += found.cancelled.length;
    const groups = new Map<TraceNode, GrowingErrorGroup>();
    for (const error of found.errors) groups.set(error.node, this.#addError(error, found.primary));
    if (found.primary) groups.get(found.primary)?.failedTrace(found.chain);
    this.#addHandled(trace, groups);
    if (groups.size === 0) return;
    this.#addCost(groups, path.sections);
    this.#absorption.add(found);
  }

  #addError(error: TraceError, primary: TraceNode | null): GrowingErrorGroup {
    const { node } = error;
    const group = this.#groupOf(errorKey(node), node);
    if (error.class === 'propagated') group.propagated += 1;
    else if (error.class === 'cancelled') group.cancelled += 1;
    else this.#addOrigin(group, error);
    group.see(node.span, exemplarRank(error, primary));
    return group;
  }

  #addOrigin(group: GrowingErrorGroup, { fate, suppressedAt }: TraceError): void {
    group.origins += 1;
    group.suppressed += Number(fate === 'suppressed');
    group.background += Number(fate === 'background');
    group.originTraces += Number(group.lastTrace !== this.#totals.traces);
    group.lastTrace = this.#totals.traces;
    if (suppressedAt) group.absorbedAt(suppressedAt);
  }

  /** Exceptions that spans recorded although they did not fail. */
  #addHandled(trace: Trace, failed: ReadonlyMap<TraceNode, unknown>): void {
    const { size, events } = trace.tree;
    for (let index = 0; index < size; index++) {
      const node = events[index] === 1 ? trace.nodes[index] : undefined;
      if (node === undefined || failed.has(node)) continue;
      const { span, service } = node;
      for (const exception of exceptions(span)) {
        const signature = exceptionSignature(exception);
        const group = this.#groupOf({ service, operation: span.name, signature }, node);
        group.handled += 1;
        group.see(span, HANDLED_RANK);
        this.#totals.handled += 1;
      }
    }
  }

  #addCost(
    groups: ReadonlyMap<TraceNode, GrowingErrorGroup>,
    sections: CriticalPath['sections'],
  ): void {
    for (const { node, startNs, endNs } of sections) {
      const group = node && groups.get(node);
      if (!group) continue;
      group.criticalPathNs += endNs - startNs;
      this.#totals.criticalPathNs += endNs - startNs;
    }
  }

  #groupOf(key: ErrorKey, { span }: TraceNode): GrowingErrorGroup {
    const id = groupId(key);
    const known = this.#groups.get(id);
    if (known) return known;
    const group = new GrowingErrorGroup(key, span.startUnixNano);
    this.#groups.set(id, group);
    return group;
  }

  result(): ErrorHotspots {
    const { criticalPathNs, ...totals } = this.#totals;
    return {
      totals: { ...totals, criticalPathNs: nanos(criticalPathNs) },
      groups: [...this.#groups.values()]
        .sort(byWeight)
        .map((group) => group.figures(totals.failedTraces)),
      edges: this.#absorption.result(),
    };
  }
}

function byWeight(a: GrowingErrorGroup, b: GrowingErrorGroup): number {
  return (
    b.primaryTraces - a.primaryTraces ||
    b.origins - a.origins ||
    b.propagated - a.propagated ||
    b.handled - a.handled ||
    compareGroups(a.key, b.key)
  );
}

const HANDLED_RANK = 3;

/** The lower the better to look at. */
function exemplarRank(error: TraceError, primary: TraceNode | null): number {
  if (error.node === primary) return 0;
  return error.class === 'origin' ? 1 : 2;
}
