import type { FindingsAccumulator } from '../analysis/findings/detect.ts';
import type { Finding } from '../analysis/findings/finding.ts';
import {
  type UnsuppressedFindings,
  withoutSuppressed,
} from '../analysis/findings/suppressed-findings.ts';
import type { Trace } from '../model/trace.ts';
import type { VerdictFacts } from '../report/verdict-facts.ts';
import type { Store } from '../store/open-store.ts';
import { baselineFigure } from '../verdict/baseline-figure.ts';
import { compareRuns } from '../verdict/compare-runs.ts';
import type { Comparison } from '../verdict/comparison.ts';
import { poolProfiles } from '../verdict/pool-profiles.ts';
import { RunningChecks } from '../verdict/run-checks.ts';
import type { RunProfile } from '../verdict/run-profile.ts';
import { isSuppressed, withSuppressions } from '../verdict/suppression.ts';
import { verdictOf } from '../verdict/verdict.ts';
import { type ChosenFindings, detectorOf } from './chosen-findings.ts';
import { namingRules } from './dependencies.ts';
import type { LoadedRun } from './load-run.ts';
import { querySpans } from './query-spans.ts';
import type { TraceVisitor } from './store-run.ts';
import type { VerdictSettings } from './verdict-options.ts';

/** The parts of a verdict that the command knows. */
export interface JudgedRuns {
  readonly inputs: readonly string[];
  readonly current: readonly RunProfile[];
  readonly baseline: readonly LoadedRun[];
}

/** Looks at the traces of a run for all that has to be judged, and gives the verdict. */
export class TraceJudge implements TraceVisitor {
  readonly #settings: VerdictSettings;
  readonly #chosen: ChosenFindings;
  readonly #wantsFindings: boolean;
  #checks: RunningChecks | null = null;
  #detector: FindingsAccumulator | null = null;
  #findings: Pick<UnsuppressedFindings, 'findings'> | null;

  /** `found`: what the analysis found already; null where it did not look. */
  constructor(
    settings: VerdictSettings,
    chosen: ChosenFindings = { suppressed: [] },
    found: UnsuppressedFindings | null = null,
  ) {
    this.#settings = settings;
    this.#chosen = chosen;
    this.#findings = found;
    this.#wantsFindings =
      settings.checks.some(({ measure }) => measure.kind === 'findings') ||
      settings.failOn.some((word) => word.startsWith('finding:'));
  }

  /** Whether any trace has to be seen for the verdict. */
  get isLooking(): boolean {
    return this.#settings.checks.length > 0 || (this.#wantsFindings && this.#findings === null);
  }

  start(store: Store): void {
    const { checks, allowEmpty } = this.#settings;
    this.#checks ??= new RunningChecks(checks, {
      naming: namingRules(store),
      compile: querySpans,
      allowEmpty,
    });
    if (this.#wantsFindings && this.#findings === null)
      this.#detector ??= detectorOf(store, this.#chosen);
  }

  add(trace: Trace): void {
    this.#checks?.add(trace);
    this.#detector?.add(trace);
  }

  fingerprints(): readonly string[] | null {
    if (this.#findings === null && this.#detector !== null)
      this.#findings = withoutSuppressed(this.#detector.result(), this.#chosen.suppressed);
    return this.#findings?.findings.map(({ fingerprint }) => fingerprint) ?? null;
  }

  /** Once all traces were added. */
  verdict({ inputs, current, baseline }: JudgedRuns): Omit<VerdictFacts, 'worstTrace'> {
    this.fingerprints();
    const { compare, suppressions, failOn, requireData } = this.#settings;
    const base = baseline.map(({ profile }) => profile);
    const comparison =
      base.length === 0 ? null : this.#withoutKnown(compareRuns(base, current, compare));
    const pooled = poolProfiles(base);
    const known = pooled.findings === null ? null : new Set(pooled.findings);
    const open = (this.#findings?.findings ?? []).filter(
      (finding) => !isSuppressed(finding, suppressions),
    );
    const results =
      this.#checks?.results({
        findings: { findings: open },
        known,
        baselineOf: (check) =>
          base.length === 0 ? null : baselineFigure(check, pooled, poolProfiles(current)),
        alpha: compare.alpha,
      }) ?? [];
    const checks = withSuppressions(results, suppressions);
    const findings = newOnly(open, known);
    return {
      inputs,
      baseline: baseline.map(({ name }) => name),
      checks,
      comparison,
      findings: this.#findings === null ? null : findings,
      verdict: verdictOf({ checks, comparison, findings }, failOn, requireData),
      warnings: this.#settings.expired.map(
        ({ check, fingerprint, rule, until }) =>
          `the suppression of ${check ?? fingerprint ?? rule ?? ''} has expired on ${until}`,
      ),
    };
  }

  /** Changes of structure are known by their fingerprints. */
  #withoutKnown(comparison: Comparison): Comparison {
    const { suppressions } = this.#settings;
    const structure = comparison.structure.filter(
      (change) => !suppressions.some(({ fingerprint }) => fingerprint === change.fingerprint),
    );
    return { ...comparison, structure };
  }
}

function newOnly(findings: readonly Finding[], known: ReadonlySet<string> | null): Finding[] {
  return findings.filter(({ fingerprint }) => !known?.has(fingerprint));
}
