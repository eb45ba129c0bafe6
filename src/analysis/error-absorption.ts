import type { TraceNode } from '../model/trace.ts';
import { DependencyNames, type DependencyNodeId, type NamingRules } from './dependency-names.ts';
import { compareText } from './dependency-node.ts';
import { type ErrorExemplar, withExemplar } from './error-exemplars.ts';
import type { SpanReference } from './latency-rows.ts';
import { groupId } from './span-grouping.ts';
import type { TraceError, TraceErrors } from './trace-errors.ts';

/** What a caller did with the failures of a callee. Equal ids as in the dependencies. */
export interface ErrorEdge {
  readonly source: DependencyNodeId;
  readonly target: DependencyNodeId;
  /** Failures of the callee that reached the caller while it waited. */
  readonly failures: number;
  /** Those that failed the caller too: it handed them up, or was the root. */
  readonly handedUp: number;
  /** Those that a span of the caller absorbed: a retry, a fallback. */
  readonly absorbed: number;
  /** absorbed / failures. */
  readonly absorbedRatio: number;
  readonly traces: number;
  /** Up to three failures, absorbed ones first, then the earliest. */
  readonly exemplars: readonly SpanReference[];
}

interface GrowingEdge {
  readonly source: DependencyNodeId;
  readonly target: DependencyNodeId;
  failures: number;
  absorbed: number;
  traces: number;
  lastTrace: number;
  exemplars: readonly ErrorExemplar[];
}

/**
 * How failures cross from one service into another, and whether they stop there. A failure is followed through the spans of the
 * caller: that its client span failed says nothing yet, as long as the handler around it did not.
 *
 *     web   GET /      ok        web absorbs a failure of pay: the client span only passed it on inside web
 *     web    POST pay  error
 *     pay     charge   error
 *
 * Databases and what is not instrumented fail in the client span alone. Cancelled spans are consequences, and do not count.
 */
export class ErrorAbsorption {
  readonly #edges = new Map<string, GrowingEdge>();
  readonly #names: DependencyNames;
  #traces = 0;

  constructor(rules: NamingRules) {
    this.#names = new DependencyNames(rules);
  }

  /** All errors of one trace. */
  add({ errors }: TraceErrors): void {
    this.#traces += 1;
    const stopsInside = absorbedInside(errors);
    for (const error of errors) {
      const { node, explains } = error;
      const reached = reachedBy(error);
      if (reached === null) continue;
      const isAbsorbed =
        explains === null ? true : explains.service !== node.service && stopsInside.has(explains);
      if (reached.service !== node.service) {
        this.#count(reached.service, `service:${node.service}`, error, isAbsorbed);
      } else if (isCall(error)) {
        const callee = this.#calleeOf(node);
        if (callee !== null) this.#count(node.service, callee, error, stopsInside.has(node));
      }
    }
  }

  #count(caller: string, target: DependencyNodeId, { node }: TraceError, isAbsorbed: boolean) {
    const source: DependencyNodeId = `service:${caller}`;
    const id = groupId({ source, target });
    const edge = this.#edges.get(id) ?? {
      source,
      target,
      failures: 0,
      absorbed: 0,
      traces: 0,
      lastTrace: 0,
      exemplars: [],
    };
    this.#edges.set(id, edge);
    edge.failures += 1;
    edge.absorbed += Number(isAbsorbed);
    edge.traces += Number(edge.lastTrace !== this.#traces);
    edge.lastTrace = this.#traces;
    const { traceId, spanId, startUnixNano } = node.span;
    const rank = isAbsorbed ? 0 : 1;
    edge.exemplars = withExemplar(edge.exemplars, { traceId, spanId, startUnixNano, rank });
  }

  /** Whom a failed call went to: the service below it that did not fail, else what its attributes name. */
  #calleeOf({ service, children, span }: TraceNode): DependencyNodeId | null {
    const answered = children.find((child) => child.service !== service);
    if (answered) return `service:${answered.service}`;
    const database = this.#names.database(span.attributes);
    if (database !== null) return database;
    const called = this.#names.called(span.attributes);
    return called === null ? null : this.#names.peer(called);
  }

  /** Most failures first, then by source and target. */
  result(): readonly ErrorEdge[] {
    return Array.from(
      this.#edges.values(),
      ({ source, target, failures, absorbed, traces, exemplars }) => ({
        source,
        target,
        failures,
        handedUp: failures - absorbed,
        absorbed,
        absorbedRatio: absorbed / failures,
        traces,
        exemplars: exemplars.map(({ traceId, spanId }) => ({ traceId, spanId })),
      }),
    ).sort(
      (a, b) =>
        b.failures - a.failures ||
        compareText(a.source, b.source) ||
        compareText(a.target, b.target),
    );
  }
}

/** The error or the absorber that a failure reaches next. */
function reachedBy(error: TraceError): TraceNode | null {
  if (error.class === 'cancelled') return null;
  return error.explains ?? error.suppressedAt;
}

/** The errors that a span of their own service absorbs, before they reach another one. Ancestors precede in `errors`. */
function absorbedInside(errors: readonly TraceError[]): ReadonlySet<TraceNode> {
  const inside = new Set<TraceNode>();
  for (const { node, explains, suppressedAt } of errors) {
    const stops =
      explains === null
        ? suppressedAt?.service === node.service
        : explains.service === node.service && inside.has(explains);
    if (stops) inside.add(node);
  }
  return inside;
}

/** A call that failed on its own; where something below it failed, that is the failure. */
function isCall({ class: errorClass, node }: TraceError): boolean {
  const { kind } = node.span;
  return errorClass === 'origin' && (kind === 'client' || kind === 'producer');
}
