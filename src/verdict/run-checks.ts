import type { Findings } from '../analysis/findings/detect.ts';
import { type Finding, SEVERITIES } from '../analysis/findings/finding.ts';
import type { Trace } from '../model/trace.ts';
import { type Check, type Level, type Limit, type Unit, unitOf } from './check.ts';
import type { SpanEvidence } from './evidence.ts';
import { type Gauge, gaugeOf, holds, type Measured } from './gauge.ts';
import { type CompileQuery, matcher, scopeReader } from './scoped-items.ts';
import { nearestOf } from './text-scanner.ts';
import { dependencyNames, type PeerNaming, TraceView } from './trace-view.ts';

/**
 * How a check ended. `warn` and `info`: not kept, but of a level that fails nothing. `skipped`: it needs a baseline and there is none;
 * `suppressed`: not kept, and somebody said that this is known.
 */
export type CheckStatus =
  | 'pass'
  | 'fail'
  | 'warn'
  | 'info'
  | 'skipped'
  | 'suppressed'
  | 'insufficient-data';

export interface CheckResult {
  readonly id: string;
  readonly expr: string;
  readonly level: Level;
  readonly owner: string | null;
  readonly why: string | null;
  readonly status: CheckStatus;
  /** In words, null when it passed. */
  readonly reason: string | null;
  /** Null when nothing could be measured. */
  readonly actual: number | null;
  /** Null when there is no baseline to take it from. */
  readonly expected: number | null;
  readonly unit: Unit;
  /** How many spans, calls or traces it was measured of. */
  readonly n: number;
  readonly evidence: readonly SpanEvidence[];
}

/** What a check that refers to the baseline is told. */
export interface BaselineFigure {
  /** The same figure of both runs. */
  readonly base: number;
  readonly current: number;
  /** How likely such a difference is by chance; null where nothing tests it. */
  readonly p: number | null;
  /** The least p that so little data could have. */
  readonly leastP: number;
}

export interface CheckOptions {
  readonly naming: PeerNaming;
  readonly compile: CompileQuery;
  /** A scope that holds nothing passes. */
  readonly allowEmpty: boolean;
}

/** What is known once all traces are read. */
export interface CheckFindings {
  /** Null when nobody looked for any. */
  readonly findings: Pick<Findings, 'findings'> | null;
  /** Fingerprints of the baseline's findings; null without a baseline. */
  readonly known: ReadonlySet<string> | null;
  /** Null when there is no baseline or it has nothing of the kind. */
  readonly baselineOf: (check: Check) => BaselineFigure | null;
  readonly alpha: number;
}

/** Checks at work on a set of traces; each is added once and whole. */
export class RunningChecks {
  readonly #checks: readonly { readonly check: Check; readonly gauge: Gauge | null }[];
  readonly #names: ReturnType<typeof dependencyNames>;
  readonly #allowEmpty: boolean;
  readonly #services: readonly string[];

  constructor(checks: readonly Check[], { naming, compile, allowEmpty }: CheckOptions) {
    this.#checks = checks.map((check) => ({
      check,
      gauge: gaugeOf(check, scopeReader(check.scope, compile)),
    }));
    this.#names = dependencyNames(naming);
    this.#allowEmpty = allowEmpty;
    this.#services = [...naming.knownServices].sort();
  }

  /** Whether any check needs to see the traces. */
  get readsTraces(): boolean {
    return this.#checks.some(({ gauge }) => gauge !== null);
  }

  add(trace: Trace): void {
    const view = new TraceView(trace, this.#names);
    for (const { gauge } of this.#checks) gauge?.add(view);
  }

  /** In the order of the checks. */
  results(known: CheckFindings): CheckResult[] {
    return this.#checks.map(({ check, gauge }) => {
      const measured = gauge?.result() ?? foundBy(check, known);
      return measured === null
        ? skipped(check, 'there is no baseline that knows its findings')
        : this.#judged(check, measured, known);
    });
  }

  #judged(check: Check, measured: Measured, known: CheckFindings): CheckResult {
    const isEmpty = !measured.matched && needsMatch(check);
    if (isEmpty && !this.#allowEmpty)
      return missed(check, measured, { reason: this.#nothing(check), expected: null });
    const { limit } = check;
    if (limit.kind === 'baseline') return comparedWithBaseline(check, limit, { measured, known });
    const { value } = limit;
    if (isEmpty) return passed(check, measured, value);
    if (measured.actual === null)
      return missed(check, measured, { reason: 'there is nothing to measure', expected: value });
    return holds(measured.actual, check.comparator, value)
      ? passed(check, measured, value)
      : missed(check, measured, { reason: BEYOND, expected: value });
  }

  #nothing({ scope }: Check): string {
    if (scope.kind !== 'service' || this.#services.includes(scope.service))
      return 'nothing matches';
    const nearest = nearestOf(scope.service, this.#services);
    return nearest === null ? 'nothing matches' : `nothing matches; did you mean "${nearest}"?`;
  }
}

const BEYOND = 'beyond the limit';

function comparedWithBaseline(
  check: Check,
  limit: Extract<Limit, { kind: 'baseline' }>,
  { measured, known }: { readonly measured: Measured; readonly known: CheckFindings },
): CheckResult {
  const figure = known.baselineOf(check);
  if (figure === null) return skipped(check, 'there is no baseline that has any of it');
  const { base, current, p, leastP } = figure;
  const expected = base * limit.factor + limit.addend;
  const compared = { ...measured, actual: current };
  if (holds(current, check.comparator, expected)) return passed(check, compared, expected);
  const isChance = limit.isTested && p !== null && p > known.alpha;
  if (!isChance) return missed(check, compared, { reason: BEYOND, expected });
  if (leastP <= known.alpha) return passed(check, compared, expected);
  const open = missed(check, compared, { reason: 'too little data to tell', expected });
  return { ...open, status: 'insufficient-data' };
}

/** What expects nothing to be there is content with nothing. */
function needsMatch({ measure, comparator, limit }: Check): boolean {
  switch (measure.kind) {
    case 'findings':
      return false;
    case 'count':
      return measure.count !== 'count' && measure.count !== 'traces';
    case 'matches': {
      const isUpperLimit =
        comparator === '<=' || (comparator === '==' && limit.kind === 'value' && limit.value === 0);
      return measure.condition !== null || !isUpperLimit;
    }
    case 'statistic':
    case 'apdex':
    case 'quality':
      return true;
  }
}

/** Null for new findings without a baseline. */
function foundBy({ measure, scope }: Check, { findings, known }: CheckFindings): Measured | null {
  if (measure.kind !== 'findings') return null;
  if (measure.isNew && known === null) return null;
  const isRule = matcher(measure.rule);
  const least = SEVERITIES.indexOf(measure.atLeast);
  const isInScope = scopeMatcher(scope);
  const found = (findings?.findings ?? []).filter(
    (finding) =>
      isRule(finding.rule) &&
      SEVERITIES.indexOf(finding.severity) >= least &&
      isInScope(finding) &&
      !(measure.isNew && known?.has(finding.fingerprint)),
  );
  return {
    actual: found.length,
    n: found.length,
    matched: true,
    evidence: found.flatMap(evidenceOf).slice(0, 3),
  };
}

function scopeMatcher(scope: Check['scope']): (finding: Finding) => boolean {
  if (scope.kind !== 'service') return () => true;
  const isService = matcher(scope.service);
  const isName = scope.name === null ? () => true : matcher(scope.name);
  return ({ service, operation }) => isService(service) && isName(operation);
}

function evidenceOf({ exemplars: [exemplar] }: Finding): SpanEvidence[] {
  const spanId = exemplar?.spanIds[0];
  return exemplar && spanId ? [{ traceId: exemplar.traceId, spanId }] : [];
}

function headOf(check: Check) {
  const { id, expr, level, owner, why, measure } = check;
  return { id, expr, level, owner, why, unit: unitOf(measure) };
}

function passed(check: Check, { actual, n, evidence }: Measured, expected: number): CheckResult {
  return { ...headOf(check), status: 'pass', reason: null, actual, expected, n, evidence };
}

function missed(
  check: Check,
  { actual, n, evidence }: Measured,
  { reason, expected }: { readonly reason: string; readonly expected: number | null },
): CheckResult {
  const status = check.level === 'error' ? 'fail' : check.level;
  return { ...headOf(check), status, reason, actual, expected, n, evidence };
}

function skipped(check: Check, reason: string): CheckResult {
  const nothing = { actual: null, expected: null, n: 0, evidence: [] };
  return { ...headOf(check), status: 'skipped', reason, ...nothing };
}
