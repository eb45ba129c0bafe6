import type { SpanId } from '../../model/ids.ts';
import { type Nanos, nanos } from '../../model/time.ts';
import { compareText } from '../dependency-node.ts';
import { percentile } from '../nearest-rank.ts';
import {
  type DataFinding,
  type Finding,
  type FindingExemplar,
  MAX_EXEMPLARS,
  MAX_SPANS,
  type TraceFinding,
} from './finding.ts';
import { fingerprint } from './fingerprint.ts';
import { parameterisedPath } from './parameterised-url.ts';
import { compareSeverity, severityOf, weightedImpactNs } from './severity.ts';
import type { TraceContext } from './trace-context.ts';

const MEDIAN = { numerator: 1, denominator: 2 };

/** One problem while traces are being added. */
interface GrowingFinding {
  readonly identity: string;
  readonly service: string;
  readonly operation: string;
  /** What the first exemplar shows. */
  shown: Shown;
  confidence: number;
  occurrences: number;
  /** By trace that has it. */
  readonly impacts: number[];
  weightedNs: number;
  durationNs: number;
  exemplars: readonly TraceExemplar[];
}

/** The plain data of a finding: its spans would keep their whole trace in memory. */
type Shown = Pick<TraceFinding, 'rule' | 'severity' | 'title' | 'count' | 'evidence'>;

interface TraceExemplar extends FindingExemplar {
  readonly impactNs: number;
}

/** The occurrences of one problem in one trace. */
interface InTrace {
  readonly findings: TraceFinding[];
  impactNs: number;
  weightedNs: number;
}

/** Puts the findings of many traces together by what is wrong. Keeps a few numbers and one example a problem. */
export class FindingGroups {
  readonly #groups = new Map<string, GrowingFinding>();
  #traces = 0;

  /** All findings of one trace, whichever rule they come from. */
  add(context: TraceContext, findings: readonly TraceFinding[]): void {
    this.#traces += 1;
    const inTrace = new Map<string, InTrace>();
    for (const finding of findings) {
      const identity = identityOf(finding);
      const same = inTrace.get(identity) ?? { findings: [], impactNs: 0, weightedNs: 0 };
      inTrace.set(identity, same);
      same.findings.push(finding);
      same.impactNs += finding.impactNs;
      same.weightedNs += weightedImpactNs(finding.impactNs, onPathNs(context, finding));
    }
    for (const [identity, same] of inTrace) this.#addToGroup(context, identity, same);
  }

  #addToGroup({ trace }: TraceContext, identity: string, same: InTrace): void {
    const [first] = same.findings;
    if (!first) return;
    const best = same.findings.reduce((a, b) => (b.impactNs > a.impactNs ? b : a), first);
    const impactNs = Math.min(same.impactNs, trace.durationNs);
    const group = this.#groups.get(identity) ?? newGroup(identity, best);
    this.#groups.set(identity, group);
    group.occurrences += same.findings.length;
    group.impacts.push(impactNs);
    group.weightedNs += Math.min(same.weightedNs, trace.durationNs);
    group.durationNs += trace.durationNs;
    group.confidence = Math.max(group.confidence, best.confidence);
    const exemplar = { traceId: trace.traceId, spanIds: spanIdsOf(same.findings), impactNs };
    group.exemplars = [...group.exemplars, exemplar].sort(byImpact).slice(0, MAX_EXEMPLARS);
    if (group.exemplars[0] === exemplar) group.shown = shownOf(best);
  }

  /** Most severe first, then by total impact, confidence, rule and fingerprint. */
  result(
    adviceOf: (rule: string) => string,
    ofAllData: readonly DataFinding[],
  ): readonly Finding[] {
    const ofTraces = Array.from(this.#groups.values(), (group) => this.#figures(group, adviceOf));
    const others = ofAllData.map((finding) => this.#dataFigures(finding, adviceOf));
    return [...ofTraces, ...others].sort(compareFindings);
  }

  #figures(group: GrowingFinding, adviceOf: (rule: string) => string): Finding {
    const { shown, durationNs, impacts } = group;
    const sorted = Float64Array.from(impacts).sort();
    const total = impacts.reduce((sum, impact) => sum + impact, 0);
    return {
      fingerprint: fingerprint(group.identity),
      rule: shown.rule,
      severity: severityOf(shown.severity, durationNs === 0 ? 0 : group.weightedNs / durationNs),
      confidence: group.confidence,
      title: shown.title,
      service: group.service,
      operation: group.operation,
      count: shown.count,
      evidence: shown.evidence,
      advice: adviceOf(shown.rule),
      occurrences: group.occurrences,
      traces: impacts.length,
      tracesShare: this.#share(impacts.length),
      impactNs: {
        median: nanos(percentile(sorted, MEDIAN) ?? 0),
        max: nanos(sorted.at(-1) ?? 0),
        total: nanos(total),
      },
      exemplars: group.exemplars.map(({ traceId, spanIds }) => ({ traceId, spanIds })),
    };
  }

  #dataFigures(finding: DataFinding, adviceOf: (rule: string) => string): Finding {
    const { signatures, impactNs, exemplars, ...facts } = finding;
    return {
      ...facts,
      fingerprint: fingerprint(identityText(facts, signatures)),
      advice: adviceOf(facts.rule),
      occurrences: 1,
      tracesShare: this.#share(facts.traces),
      impactNs: { median: impactNs, max: impactNs, total: impactNs },
      exemplars: exemplars.slice(0, MAX_EXEMPLARS).map(({ traceId, spanIds }) => ({
        traceId,
        spanIds: spanIds.slice(0, MAX_SPANS),
      })),
    };
  }

  #share(traces: number): number {
    return this.#traces === 0 ? 0 : traces / this.#traces;
  }
}

function newGroup(identity: string, best: TraceFinding): GrowingFinding {
  return {
    identity,
    service: best.node.service,
    operation: best.node.span.name,
    shown: shownOf(best),
    confidence: best.confidence,
    occurrences: 0,
    impacts: [],
    weightedNs: 0,
    durationNs: 0,
    exemplars: [],
  };
}

function shownOf({ rule, severity, title, count, evidence }: TraceFinding): Shown {
  return { rule, severity, title, count, evidence };
}

/** What makes two findings one problem. */
function identityOf({ rule, node, signatures }: TraceFinding): string {
  return identityText({ rule, service: node.service, operation: node.span.name }, signatures);
}

function identityText(
  { rule, service, operation }: Pick<Finding, 'rule' | 'service' | 'operation'>,
  signatures: readonly string[],
): string {
  const name = parameterisedPath(operation);
  return JSON.stringify([rule, service, name, ...[...new Set(signatures)].sort()]);
}

/** How long the critical path runs through the finding's spans; of nested ones the outermost counts. */
function onPathNs(context: TraceContext, { spans, node, impactNs }: TraceFinding): Nanos {
  if (impactNs === 0) return nanos(0);
  if (spans.length === 0) return context.onPathNs(node);
  const counted = new Set(spans);
  let sum = 0;
  for (const span of counted) {
    if (span.parent === null || !counted.has(span.parent)) sum += context.onPathNs(span);
  }
  return nanos(sum);
}

function spanIdsOf(findings: readonly TraceFinding[]): SpanId[] {
  const ids = new Set<SpanId>();
  for (const { spans, node } of findings) {
    if (spans.length === 0) ids.add(node.span.spanId);
    for (const { span } of spans) {
      if (ids.size >= MAX_SPANS) return [...ids];
      ids.add(span.spanId);
    }
  }
  return [...ids];
}

function byImpact(a: TraceExemplar, b: TraceExemplar): number {
  return b.impactNs - a.impactNs || compareText(a.traceId, b.traceId);
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    compareSeverity(b.severity, a.severity) ||
    b.impactNs.total - a.impactNs.total ||
    b.confidence - a.confidence ||
    compareText(a.rule, b.rule) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}
