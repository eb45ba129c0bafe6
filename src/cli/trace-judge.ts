import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FindingsAccumulator } from '../analysis/findings/detect.ts';
import type { Finding } from '../analysis/findings/finding.ts';
import {
  type UnsuppressedFindings,
  withoutSuppressed,
} from '../analysis/findings/suppressed-findings.ts';
import type { Trace } from '../model/trace.ts';
import type { VerdictFacts } from '../report/verdict-facts.ts';
import type { Store } from '../store/open-store.ts';
import { compareRuns } from '../verdict/compare-runs.ts';
import type { Comparison } from '../verdict/comparison.ts';
import { poolProfiles } from '../verdict/pool-profiles.ts';
import type { SeenInRun } from '../verdict/profile-run.ts';
import { type CheckResult, RunningChecks } from '../verdict/run-checks.ts';
import type { RunProfile } from '../verdict/run-profile.ts';
import { isSuppressed, withSuppressions } from '../verdict/suppression.ts';
import { verdictOf } from '../verdict/verdict.ts';
import { type ChosenFindings, detectorOf } from './chosen-findings.ts';
import { namingRules } from './dependencies.ts';
import type { LoadedRun } from './load-run.ts';
import { COMPILE_QUERIES } from './query-spans.ts';
import type { TraceVisitor } from './store-run.ts';
import type { VerdictSettings } from './verdict-settings.ts';

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

  /** `found`: what the analysis found already; null where it did not look. `keepsFindings`: a later comparison has to know them. */
  constructor(
    settings: VerdictSettings,
    {
      chosen = { suppressed: [] },
      found = null,
      keepsFindings = false,
    }: {
      readonly chosen?: ChosenFindings;
      readonly found?: UnsuppressedFindings | null;
      readonly keepsFindings?: boolean;
    },
  ) {
    this.#settings = settings;
    this.#chosen = chosen;
    this.#findings = found;
    this.#wantsFindings =
      keepsFindings ||
      settings.checks.some(({ measure }) => measure.kind === 'findings') ||
      settings.failOn.some((word) => word.startsWith('finding:'));
  }

  /** Whether any trace has to be seen for the verdict. */
  get isLooking(): boolean {
    return this.#settings.checks.length > 0 || (this.#wantsFindings && this.#findings === null);
  }

  /** Whether there is no verdict without them. */
  get isDemanding(): boolean {
    const { checks, failOn } = this.#settings;
    return checks.length > 0 || failOn.some((word) => word.startsWith('finding:'));
  }

  start(store: Store): void {
    const { checks, allowEmpty } = this.#settings;
    this.#checks ??= new RunningChecks(checks, {
      naming: namingRules(store),
      compile: COMPILE_QUERIES,
      allowEmpty,
    });
    if (this.#wantsFindings && this.#findings === null)
      this.#detector ??= detectorOf(store, this.#chosen);
  }

  add(trace: Trace): void {
    this.#checks?.add(trace);
    this.#detector?.add(trace);
  }

  seen(): SeenInRun {
    const open = this.#openFindings();
    return {
      findings: this.#findings?.findings.map(({ fingerprint }) => fingerprint) ?? null,
      measures: this.#checks?.kept({ findings: open }) ?? [],
    };
  }

  /** What was found in the traces so far and is not suppressed by the configuration. */
  #openFindings(): Finding[] {
    if (this.#findings === null && this.#detector !== null)
      this.#findings = withoutSuppressed(this.#detector.result(), this.#chosen.suppressed);
    return (this.#findings?.findings ?? []).filter(
      (finding) => !isSuppressed(finding, this.#settings.suppressions),
    );
  }

  /** Once all traces were added. */
  verdict({ inputs, current, baseline }: JudgedRuns): Omit<VerdictFacts, 'worstTrace'> {
    const open = this.#openFindings();
    const { compare, suppressions, failOn, requireData, exitCodes, configFile } = this.#settings;
    const base = baseline.map(({ profile }) => profile);
    const comparison =
      base.length === 0 ? null : this.#withoutKnown(compareRuns(base, current, compare));
    const pooled = poolProfiles(base);
    const known = pooled.findings === null ? null : new Set(pooled.findings);
    const results =
      this.#checks?.results({
        findings: { findings: open },
        runs:
          base.length === 0
            ? null
            : { base: pooled, current: poolProfiles(current), currentRuns: current.length },
        alpha: compare.alpha,
      }) ?? [];
    const checks = withSuppressions(results, suppressions);
    const findings = newOnly(open, known);
    const verdict = verdictOf({ checks, comparison, findings }, failOn, requireData);
    return {
      inputs,
      baseline: baseline.map(({ name }) => name),
      checks,
      comparison,
      findings: this.#findings === null ? null : findings,
      verdict: { ...verdict, exitCode: exitCodes.get(verdict.exitCode) ?? verdict.exitCode },
      failOn,
      files: { data: fileOf(inputs), config: configFile === null ? null : fileOf([configFile]) },
      warnings: [
        ...this.#settings.expired.map(
          ({ check, fingerprint, rule, until }) =>
            `the suppression of ${check ?? fingerprint ?? rule ?? ''} has expired on ${until}`,
        ),
        ...baselineWarnings(checks, base.length > 0, this.#settings.namesRegression),
      ],
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

/** What was asked for and could not be told without a baseline. */
function baselineWarnings(
  checks: readonly CheckResult[],
  hasBaseline: boolean,
  namesRegression: boolean,
): string[] {
  if (hasBaseline) return [];
  const skipped = checks.filter(({ status }) => status === 'skipped').map(({ id }) => id);
  return [
    ...(skipped.length === 0 ? [] : [`skipped without a baseline: ${skipped.join(', ')}`]),
    ...(namesRegression ? ['without a baseline no regression is found'] : []),
  ];
}

/** The first file among inputs, from the working folder on: a repository's tools know no other paths. */
function fileOf(names: readonly string[]): string {
  const file = names.find((name) => existsSync(name)) ?? 'traces';
  const inside = path.relative(process.cwd(), file);
  return inside.startsWith('..') || path.isAbsolute(inside) ? path.basename(file) : inside;
}
