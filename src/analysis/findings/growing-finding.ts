import { nanos } from '../../model/time.ts';
import { compareText } from '../dependency-node.ts';
import { percentile } from '../nearest-rank.ts';
import { type Finding, type FindingExemplar, MAX_EXEMPLARS, type TraceFinding } from './finding.ts';
import { fingerprint } from './fingerprint.ts';
import { parameterisedPath } from './parameterised-url.ts';
import { severityOf } from './severity.ts';

const MEDIAN = { numerator: 1, denominator: 2 };

/** The plain data of a finding: its spans would keep their whole trace in memory. */
type Shown = Pick<TraceFinding, 'rule' | 'severity' | 'title' | 'count' | 'evidence'>;

/** One problem in one trace. */
export interface FindingInTrace extends FindingExemplar {
  /** What is wrong and where, without ids, times and counts. */
  readonly identity: string;
  readonly operation: string;
  readonly occurrences: number;
  readonly confidence: number;
  /** Of all its occurrences together. */
  readonly impactNs: number;
  readonly weightedNs: number;
  /** Of the occurrence with the largest impact. */
  readonly shown: Shown;
}

/** What the groups of all findings know of the traces. */
export interface TracesSoFar {
  /** By the number of the trace. */
  readonly durations: readonly number[];
  readonly adviceOf: (rule: string) => string;
}

/** One problem while traces are being added. Keeps three numbers a trace that has it, and three examples. */
export class GrowingFinding {
  readonly #identity: string;
  readonly #service: string;
  #operation: string;
  /** Whether it stands for so many operations that none is named. */
  readonly #isFolded: boolean;
  #occurrences = 0;
  #confidence = 0;
  /** Numbers of the traces that have it, ascending, and what it costs in each. */
  #traces: number[] = [];
  #impacts: number[] = [];
  #weights: number[] = [];
  #exemplars: readonly FindingInTrace[] = [];

  constructor(identity: string, service: string, operation: string | null) {
    this.#identity = identity;
    this.#service = service;
    this.#operation = operation ?? '';
    this.#isFolded = operation === null;
  }

  /** All of `others` together, which may be in the same traces. */
  static folded(
    identity: string,
    service: string,
    others: readonly GrowingFinding[],
  ): GrowingFinding {
    const all = new GrowingFinding(identity, service, null);
    const rows = others.flatMap((other) =>
      other.#traces.map((trace, i) => [trace, other.#impacts[i] ?? 0, other.#weights[i] ?? 0]),
    );
    rows.sort(([a = 0], [b = 0]) => a - b);
    for (const [trace = 0, impactNs = 0, weightedNs = 0] of rows) {
      all.#addCost(trace, impactNs, weightedNs);
    }
    for (const other of others) {
      all.#occurrences += other.#occurrences;
      all.#confidence = Math.max(all.#confidence, other.#confidence);
      for (const exemplar of other.#exemplars) all.#offer(exemplar);
    }
    return all;
  }

  /** `trace` is the number of the trace; numbers ascend. */
  add(trace: number, found: FindingInTrace): void {
    this.#occurrences += found.occurrences;
    this.#confidence = Math.max(this.#confidence, found.confidence);
    // Names that differ in ids alone are one operation, whichever of them came first.
    if (found.operation !== this.#operation) this.#operation = this.#commonName(found.operation);
    this.#addCost(trace, found.impactNs, found.weightedNs);
    this.#offer(found);
  }

  #commonName(other: string): string {
    return this.#isFolded ? '' : parameterisedPath(other);
  }

  #addCost(trace: number, impactNs: number, weightedNs: number): void {
    const last = this.#traces.length - 1;
    if (this.#traces[last] === trace) {
      this.#impacts[last] = (this.#impacts[last] ?? 0) + impactNs;
      this.#weights[last] = (this.#weights[last] ?? 0) + weightedNs;
    } else {
      this.#traces.push(trace);
      this.#impacts.push(impactNs);
      this.#weights.push(weightedNs);
    }
  }

  /** Keeps the examples with the largest impact, one a trace. */
  #offer(found: FindingInTrace): void {
    const last = this.#exemplars[MAX_EXEMPLARS - 1];
    if (last && byImpact(last, found) <= 0) return;
    const sorted = [...this.#exemplars, found].sort(byImpact);
    this.#exemplars = sorted
      .filter(
        ({ traceId }, i) => sorted.findIndex((exemplar) => exemplar.traceId === traceId) === i,
      )
      .slice(0, MAX_EXEMPLARS);
  }

  figures({ durations, adviceOf }: TracesSoFar): Omit<Finding, 'tracesShare'> | null {
    const [best] = this.#exemplars;
    if (best === undefined) return null;
    const durationOf = (i: number) => durations[this.#traces[i] ?? -1] ?? 0;
    const impacts = Float64Array.from(this.#impacts, (ns, i) => Math.min(ns, durationOf(i)));
    const weightedNs = this.#weights.reduce((sum, ns, i) => sum + Math.min(ns, durationOf(i)), 0);
    const durationNs = this.#weights.reduce((sum, _, i) => sum + durationOf(i), 0);
    const { rule, severity, title, count, evidence } = best.shown;
    const sorted = impacts.toSorted();
    return {
      fingerprint: fingerprint(this.#identity),
      rule,
      severity: severityOf(severity, durationNs === 0 ? 0 : weightedNs / durationNs),
      confidence: this.#confidence,
      title: this.#isFolded ? `${title}; so have many operations of the service` : title,
      service: this.#service,
      operation: this.#operation,
      count,
      evidence,
      advice: adviceOf(rule),
      occurrences: this.#occurrences,
      traces: impacts.length,
      impactNs: {
        median: nanos(percentile(sorted, MEDIAN) ?? 0),
        max: nanos(sorted.at(-1) ?? 0),
        total: nanos(impacts.reduce((sum, impact) => sum + impact, 0)),
      },
      exemplars: this.#exemplars.map(({ traceId, spanIds }) => ({ traceId, spanIds })),
    };
  }
}

function byImpact(a: FindingInTrace, b: FindingInTrace): number {
  return (
    b.impactNs - a.impactNs ||
    compareText(a.traceId, b.traceId) ||
    compareText(a.identity, b.identity)
  );
}
