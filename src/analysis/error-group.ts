import { STATUS_CODES } from '../model/span.ts';
import { type Nanos, nanos, type UnixNano } from '../model/time.ts';
import type { TraceNode } from '../model/trace.ts';
import { type ErrorExemplar, withExemplar } from './error-exemplars.ts';
import { errorSignature } from './error-signature.ts';
import { isInferredError } from './inferred-error.ts';
import type { SpanReference } from './latency-rows.ts';
import { LOST, type PathGrouping, type PathOperation } from './path-grouping.ts';
import { compareGroups, groupId } from './span-grouping.ts';

/** What looks the same: one failure of one operation. A type, because an interface has no index signature. */
export type ErrorKey = {
  readonly service: string;
  /** The span name. */
  readonly operation: string;
  readonly signature: string;
};

/** All errors of one operation that look the same. */
export interface ErrorGroup extends ErrorKey {
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
  /** Where: the operations that absorbed most of them, up to five. */
  readonly suppressedAt: readonly ErrorAbsorber[];
  /** Spans that failed because their caller had given up. */
  readonly cancelled: number;
  /** Origins where nobody waits. */
  readonly background: number;
  /** Exceptions that spans recorded and lived on: they did not fail. */
  readonly handled: number;
  /** Longest way from a failed root down to such a primary cause, in error spans; 0 without one. */
  readonly longestChain: number;
  /** Mean of the same; 0 without one. */
  readonly meanChain: number;
  /** How many root operations failed because of it. */
  readonly rootOperations: number;
  /** Services on the ways up to the failed roots, by code unit: who was hit. */
  readonly services: readonly string[];
  /** Time that the error spans of the group own on the critical paths: what callers waited for in vain. */
  readonly criticalPathNs: Nanos;
  /** Earliest and latest start of a span of the group. */
  readonly firstSeen: UnixNano;
  readonly lastSeen: UnixNano;
  /** Up to three spans to look at: primary causes first, then other origins, then the rest; the earliest of each. */
  readonly exemplars: readonly SpanReference[];
}

export interface ErrorAbsorber extends PathOperation {
  readonly count: number;
}

/** The key of an error span; of any span, if it were one. */
export function errorKey({ service, span }: TraceNode): ErrorKey {
  return { service, operation: span.name, signature: errorSignature(span) };
}

const ERROR = STATUS_CODES.indexOf('error');

/** Groups the error spans of critical paths as the hotspots do, and leaves everything else out. */
export function pathByError(inferErrors: boolean): PathGrouping<ErrorKey> {
  return {
    keyOf: (node) => {
      const { span } = node;
      const isError = span.statusCode === 'error' || (inferErrors && isInferredError(span));
      return isError ? errorKey(node) : null;
    },
    mayHaveKey: (tree, span) => inferErrors || tree.status[span] === ERROR,
    lost: { service: LOST, operation: LOST, signature: LOST },
    follows: 'span',
  };
}

const MAX_ABSORBERS = 5;

/** One group while traces are being added. */
export class GrowingErrorGroup {
  readonly key: ErrorKey;
  origins = 0;
  originTraces = 0;
  primaryTraces = 0;
  propagated = 0;
  suppressed = 0;
  cancelled = 0;
  background = 0;
  handled = 0;
  criticalPathNs = 0;
  /** Number of the trace that `originTraces` counted last. */
  lastTrace = 0;
  #longestChain = 0;
  #chains = 0;
  #firstSeen: UnixNano;
  #lastSeen: UnixNano;
  #exemplars: readonly ErrorExemplar[] = [];
  readonly #absorbers = new Map<string, PathOperation & { count: number }>();
  readonly #roots = new Set<string>();
  readonly #services = new Set<string>();

  constructor(key: ErrorKey, startUnixNano: UnixNano) {
    this.key = key;
    this.#firstSeen = startUnixNano;
    this.#lastSeen = startUnixNano;
  }

  /** A span of the group; `rank` is the lower the better it is to look at. */
  see({ traceId, spanId, startUnixNano }: TraceNode['span'], rank: number): void {
    if (startUnixNano < this.#firstSeen) this.#firstSeen = startUnixNano;
    if (startUnixNano > this.#lastSeen) this.#lastSeen = startUnixNano;
    this.#exemplars = withExemplar(this.#exemplars, { traceId, spanId, startUnixNano, rank });
  }

  absorbedAt({ service, span }: TraceNode): void {
    const operation = { service, operation: span.name };
    const id = groupId(operation);
    const absorber = this.#absorbers.get(id) ?? { ...operation, count: 0 };
    this.#absorbers.set(id, absorber);
    absorber.count += 1;
  }

  /** The way from a failed root down to a primary cause of the group. */
  failedTrace(chain: readonly TraceNode[]): void {
    const [root] = chain;
    this.primaryTraces += 1;
    this.#chains += chain.length;
    this.#longestChain = Math.max(this.#longestChain, chain.length);
    if (root) this.#roots.add(groupId({ service: root.service, operation: root.span.name }));
    for (const { service } of chain) this.#services.add(service);
  }

  figures(failedTraces: number): ErrorGroup {
    const { primaryTraces } = this;
    return {
      ...this.key,
      origins: this.origins,
      originTraces: this.originTraces,
      primaryTraces,
      primaryShare: failedTraces === 0 ? 0 : primaryTraces / failedTraces,
      propagated: this.propagated,
      suppressed: this.suppressed,
      suppressedAt: [...this.#absorbers.values()].sort(byCount).slice(0, MAX_ABSORBERS),
      cancelled: this.cancelled,
      background: this.background,
      handled: this.handled,
      longestChain: this.#longestChain,
      meanChain: primaryTraces === 0 ? 0 : this.#chains / primaryTraces,
      rootOperations: this.#roots.size,
      services: [...this.#services].sort((a, b) => (a < b ? -1 : 1)),
      criticalPathNs: nanos(this.criticalPathNs),
      firstSeen: this.#firstSeen,
      lastSeen: this.#lastSeen,
      exemplars: this.#exemplars.map(({ traceId, spanId }) => ({ traceId, spanId })),
    };
  }
}

function byCount(a: ErrorAbsorber, b: ErrorAbsorber): number {
  const [one, other] = [a, b].map(({ service, operation }) => ({ service, operation }));
  return b.count - a.count || compareGroups(one ?? {}, other ?? {});
}
