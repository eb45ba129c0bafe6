import type { Findings } from '../analysis/findings/detect.ts';
import { type Finding, SEVERITIES } from '../analysis/findings/finding.ts';
import type { Trace } from '../model/trace.ts';
import { baselineFigure, type NoFigure } from './baseline-figure.ts';
import {
  type Check,
  type Level,
  type Limit,
  type Measure,
  refersToBaseline,
  type Scope,
  type Unit,
  unitOf,
} from './check.ts';
import type { SpanEvidence } from './evidence.ts';
import { type Gauge, gaugeOf, type Measured } from './gauge.ts';
import { holds } from './holds.ts';
import { figureOf, type KeptMeasure } from './measure-sample.ts';
import { measureText } from './measure-text.ts';
import type { RunProfile } from './run-profile.ts';
import { type CompileQueries, matcher } from './scoped-items.ts';
import { nearestOf } from './text-scanner.ts';
import { dependencyNames, type PeerNaming, TraceView } from './trace-view.ts';

/**
 * How a check ended. `warn` and `info`: not kept, but of a level that fails nothing. `skipped`: it refers to a baseline,
 * there is none, and it need not be; `suppressed`: not kept, and somebody said that this is known.
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
  /** Where it stands in the configuration file; null for others. */
  readonly line: number | null;
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

export interface CheckOptions {
  readonly naming: PeerNaming;
  readonly compile: CompileQueries;
  /** A scope that holds nothing passes. */
  readonly allowEmpty: boolean;
}

/** What is known once all traces are read. */
export interface CheckFindings {
  /** Null when nobody looked for any. */
  readonly findings: Pick<Findings, 'findings'> | null;
  /** The baseline and the current runs, pooled; null without a baseline. */
  readonly runs: {
    readonly base: RunProfile;
    readonly current: RunProfile;
    readonly currentRuns: number;
  } | null;
  readonly alpha: number;
}

/** Checks at work on a set of traces; each is added once and whole. */
export class RunningChecks {
  readonly #checks: readonly { readonly check: Check; readonly gauge: Gauge | null }[];
  readonly #names: ReturnType<typeof dependencyNames>;
  readonly #allowEmpty: boolean;
  readonly #services: readonly string[];

  constructor(checks: readonly Check[], { naming, compile, allowEmpty }: CheckOptions) {
    this.#checks = checks.map((check) => ({ check, gauge: gaugeOf(check, compile) }));
    this.#names = dependencyNames(naming);
    this.#allowEmpty = allowEmpty;
    this.#services = [...naming.knownServices].sort();
  }

  add(trace: Trace): void {
    const view = new TraceView(trace, this.#names);
    for (const { gauge } of this.#checks) gauge?.add(view);
  }

  /** What a baseline has to keep of these traces, so that the same checks can refer to it later. */
  kept(found: CheckFindings['findings']): KeptMeasure[] {
    const samples = new Map(
      this.#checks
        .filter(({ check }) => check.limit.kind === 'baseline')
        .map(({ check, gauge }) => {
          const measured = gauge?.result() ?? foundBy(check, { findings: found, runs: null });
          return [measureText(check), measured.sample] as const;
        }),
    );
    return Array.from(samples, ([measure, sample]) => ({ measure, sample }));
  }

  /** In the order of the checks. */
  results(known: CheckFindings): CheckResult[] {
    return this.#checks.map(({ check, gauge }) => {
      const measured = gauge?.result() ?? foundBy(check, known);
      return refersToBaseline(check)
        ? this.#relative(check, measured, known)
        : this.#judged(check, measured);
    });
  }

  #relative(check: Check, measured: Measured, known: CheckFindings): CheckResult {
    const { runs } = known;
    if (runs === null) {
      const absent = resultOf(check, measured, { reason: NO_BASELINE, expected: null });
      return check.isOptional ? { ...absent, ...UNMEASURED, status: 'skipped' } : absent;
    }
    if (check.limit.kind !== 'baseline') {
      if (runs.base.findings === null)
        return open(resultOf(check, measured, { reason: NO_FINDINGS, expected: null }));
      return this.#judged(check, measured);
    }
    if (!measured.matched && needsMatch(check)) return this.#judged(check, measured);
    return comparedWithBaseline(check, check.limit, { measured, known: { ...known, runs } });
  }

  #judged(check: Check, measured: Measured): CheckResult {
    const { limit } = check;
    const isEmpty = !measured.matched && needsMatch(check);
    const expected = limit.kind === 'value' ? limit.value : null;
    if (isEmpty && !this.#allowEmpty)
      return resultOf(check, measured, { reason: this.#nothing(check), expected: null });
    if (isEmpty || expected === null) return resultOf(check, measured, { reason: null, expected });
    const actual = figureOf(check.measure, measured.sample);
    if (actual === null)
      return resultOf(check, measured, { reason: 'there is nothing to measure', expected });
    const reason = holds(actual, check.comparator, expected) ? null : BEYOND;
    return resultOf(check, measured, { reason, expected });
  }

  #nothing({ scope }: Check): string {
    if (scope.kind !== 'service' || this.#services.includes(scope.service))
      return 'nothing matches';
    const nearest = nearestOf(scope.service, this.#services);
    return nearest === null ? 'nothing matches' : `nothing matches; did you mean "${nearest}"?`;
  }
}

const BEYOND = 'beyond the limit';
const NO_BASELINE = 'there is no baseline';
const NO_FINDINGS = 'the baseline was saved without its findings; save it again';
const UNMEASURED = { actual: null, expected: null, n: 0, evidence: [] };
const NO_FIGURE: Readonly<Record<NoFigure, string>> = {
  'not-kept': 'the baseline was saved without this check; save it again with the same checks',
  nothing: 'the baseline has nothing of it',
};

function comparedWithBaseline(
  check: Check,
  limit: Extract<Limit, { kind: 'baseline' }>,
  {
    measured,
    known: { runs, alpha },
  }: {
    readonly measured: Measured;
    readonly known: CheckFindings & { readonly runs: NonNullable<CheckFindings['runs']> };
  },
): CheckResult {
  const { sample } = measured;
  const counted = sample.kind === 'amount' ? { ...sample, runs: runs.currentRuns } : sample;
  const figure = baselineFigure(check, counted, runs.base, runs.current);
  if (typeof figure === 'string')
    return open(resultOf(check, measured, { reason: NO_FIGURE[figure], expected: null }));
  const { base, current, p, leastP } = figure;
  const expected = base * limit.factor + limit.addend;
  const told = (reason: string | null) => ({
    ...resultOf(check, measured, { reason, expected }),
    actual: current,
  });
  if (holds(current, check.comparator, expected)) return told(null);
  const isChance = limit.isTested && p !== null && p > alpha;
  if (!isChance) return told(BEYOND);
  return leastP <= alpha ? told(null) : open(told('too little data to tell'));
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

/** What was found of a measure of findings; new ones are those that the baseline does not know. */
function foundBy(
  { measure, scope }: Check,
  { findings, runs }: Pick<CheckFindings, 'findings' | 'runs'>,
): Measured {
  const known = new Set(
    measure.kind === 'findings' && measure.isNew ? (runs?.base.findings ?? []) : [],
  );
  const isOf = findingMatcher(measure, scope);
  const found = (findings?.findings ?? []).filter(
    (finding) => isOf(finding) && !known.has(finding.fingerprint),
  );
  return {
    sample: { kind: 'amount', amount: found.length, runs: 1 },
    n: found.length,
    matched: true,
    evidence: found.flatMap(evidenceOf).slice(0, 3),
  };
}

function findingMatcher(measure: Measure, scope: Scope): (finding: Finding) => boolean {
  if (measure.kind !== 'findings') return () => false;
  const isRule = matcher(measure.rule);
  const least = SEVERITIES.indexOf(measure.atLeast);
  const isInScope = scopeMatcher(scope);
  return (finding) =>
    isRule(finding.rule) && SEVERITIES.indexOf(finding.severity) >= least && isInScope(finding);
}

function scopeMatcher(scope: Scope): (finding: Finding) => boolean {
  if (scope.kind !== 'service') return () => true;
  const isService = matcher(scope.service);
  const isName = scope.name === null ? () => true : matcher(scope.name);
  return ({ service, operation }) => isService(service) && isName(operation);
}

function evidenceOf({ exemplars: [exemplar] }: Finding): SpanEvidence[] {
  const spanId = exemplar?.spanIds[0];
  return exemplar && spanId ? [{ traceId: exemplar.traceId, spanId }] : [];
}

/** A check that is kept where there is no reason that it is not. */
function resultOf(
  check: Check,
  { sample, n, evidence }: Measured,
  { reason, expected }: { readonly reason: string | null; readonly expected: number | null },
): CheckResult {
  const { id, expr, level, owner, why, line, measure } = check;
  const actual = figureOf(measure, sample);
  const unkept = level === 'error' ? 'fail' : level;
  const status = reason === null ? 'pass' : unkept;
  const head = { id, expr, level, owner, why, line, unit: unitOf(measure) };
  return { ...head, status, reason, actual, expected, n, evidence };
}

function open(result: CheckResult): CheckResult {
  return { ...result, status: 'insufficient-data' };
}
