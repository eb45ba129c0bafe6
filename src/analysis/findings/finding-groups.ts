import type { SpanId } from '../../model/ids.ts';
import { type Nanos, nanos } from '../../model/time.ts';
import { compareText } from '../dependency-node.ts';
import {
  type DataFinding,
  type Finding,
  MAX_EXEMPLARS,
  MAX_SPANS,
  type TraceFinding,
} from './finding.ts';
import { fingerprint } from './fingerprint.ts';
import { type FindingInTrace, GrowingFinding } from './growing-finding.ts';
import { parameterisedPath } from './parameterised-url.ts';
import { compareSeverity, weightedImpactNs } from './severity.ts';
import type { TraceContext } from './trace-context.ts';

/**
 * Operations and signatures that a rule's findings in one service are told apart by. A service that makes up more, with ids in its
 * names, has one finding for all of them.
 */
const MAX_PER_SERVICE = 200;

/** Identities that are remembered, and how long a finding's texts may be for it: 10 MB together. */
const MAX_IDENTITIES = 5_000;
const MAX_KEY = 1_000;

/** The problems of one rule in one service: as long as they are few, each by itself. */
interface Family {
  readonly identity: string;
  readonly members: GrowingFinding[];
  folded: GrowingFinding | null;
}

/** Puts the findings of many traces together by what is wrong. The result does not depend on the order of the traces. */
export class FindingGroups {
  readonly #maxPerService: number;
  readonly #byIdentity = new Map<string, GrowingFinding>();
  readonly #families = new Map<string, Map<string, Family>>();
  readonly #identities = new Map<string, string>();
  readonly #durations: number[] = [];

  constructor(maxPerService = MAX_PER_SERVICE) {
    this.#maxPerService = maxPerService;
  }

  /** All findings of one trace, whichever rule they come from. */
  add(context: TraceContext, findings: readonly TraceFinding[]): void {
    const { trace } = context;
    const number = this.#durations.push(trace.durationNs) - 1;
    if (findings.length === 0) return;
    const byIdentity = new Map<string, TraceFinding[]>();
    for (const finding of findings) {
      const identity = this.#identityOf(finding);
      const same = byIdentity.get(identity);
      if (same) same.push(finding);
      else byIdentity.set(identity, [finding]);
    }
    for (const [identity, same] of byIdentity) {
      const [first] = same;
      if (!first) continue;
      const inTrace = findingInTrace(context, identity, same, first);
      this.#groupOf(identity, first).add(number, inTrace);
    }
  }

  /** What makes two findings one problem. The same few come again and again. */
  #identityOf({ rule, node, signatures }: TraceFinding): string {
    const { service, span } = node;
    let key = `${rule}/${service.length}/${service}/${span.name.length}/${span.name}`;
    for (const signature of signatures) key += `/${signature.length}/${signature}`;
    let identity = this.#identities.get(key);
    if (identity === undefined) {
      identity = identityText({ rule, service, operation: span.name }, signatures);
      if (this.#identities.size === MAX_IDENTITIES) this.#identities.clear();
      if (key.length <= MAX_KEY) this.#identities.set(key, identity);
    }
    return identity;
  }

  #groupOf(identity: string, { rule, node }: TraceFinding): GrowingFinding {
    const known = this.#byIdentity.get(identity);
    if (known) return known;
    const family = this.#familyOf(rule, node.service);
    if (family.folded) return family.folded;
    if (family.members.length === this.#maxPerService) return this.#fold(family, node.service);
    const group = new GrowingFinding(identity, node.service, node.span.name);
    this.#byIdentity.set(identity, group);
    family.members.push(group);
    return group;
  }

  #familyOf(rule: string, service: string): Family {
    let services = this.#families.get(rule);
    const known = services?.get(service);
    if (known) return known;
    if (services === undefined) {
      services = new Map();
      this.#families.set(rule, services);
    }
    const family = { identity: JSON.stringify([rule, service]), members: [], folded: null };
    services.set(service, family);
    return family;
  }

  #fold(family: Family, service: string): GrowingFinding {
    const folded = GrowingFinding.folded(family.identity, service, family.members);
    family.folded = folded;
    const gone = new Set(family.members.splice(0));
    for (const [identity, group] of this.#byIdentity) {
      if (gone.has(group)) this.#byIdentity.delete(identity);
    }
    return folded;
  }

  /** Most severe first, then by total impact, confidence, rule and fingerprint. */
  result(
    adviceOf: (rule: string) => string,
    ofAllData: readonly DataFinding[],
  ): readonly Finding[] {
    const traces = { durations: this.#durations, adviceOf };
    const families = Array.from(this.#families.values(), (services) => [...services.values()]);
    const groups = families.flat().flatMap(({ members, folded }) => (folded ? [folded] : members));
    const ofTraces = groups.flatMap((group) => {
      const figures = group.figures(traces);
      return figures ? [{ ...figures, tracesShare: this.#share(figures.traces) }] : [];
    });
    const others = ofAllData.map((finding) => this.#dataFigures(finding, adviceOf));
    return [...ofTraces, ...others].sort(compareFindings);
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
    return this.#durations.length === 0 ? 0 : traces / this.#durations.length;
  }
}

/** The occurrences of one problem in one trace, together. */
function findingInTrace(
  context: TraceContext,
  identity: string,
  same: readonly TraceFinding[],
  first: TraceFinding,
): FindingInTrace {
  const { traceId, durationNs } = context.trace;
  const best = same.reduce((a, b) => (b.impactNs > a.impactNs ? b : a), first);
  const impactNs = same.reduce((sum, finding) => sum + finding.impactNs, 0);
  const weightedNs = same.reduce(
    (sum, finding) => sum + weightedImpactNs(finding.impactNs, onPathNs(context, finding)),
    0,
  );
  const { rule, severity, title, count, evidence } = best;
  return {
    identity,
    traceId,
    spanIds: spanIdsOf(same),
    operation: first.node.span.name,
    occurrences: same.length,
    confidence: best.confidence,
    impactNs: Math.min(impactNs, durationNs),
    weightedNs: Math.min(weightedNs, durationNs),
    shown: { rule, severity, title, count, evidence },
  };
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

function compareFindings(a: Finding, b: Finding): number {
  return (
    compareSeverity(b.severity, a.severity) ||
    b.impactNs.total - a.impactNs.total ||
    b.confidence - a.confidence ||
    compareText(a.rule, b.rule) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}
