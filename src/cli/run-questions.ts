import type { FindingsAccumulator } from '../analysis/findings/detect.ts';
import { withoutSuppressed } from '../analysis/findings/suppressed-findings.ts';
import type { Trace } from '../model/trace.ts';
import type { Store } from '../store/open-store.ts';
import { type Check, refersToBaseline } from '../verdict/check.ts';
import type { SeenInRun } from '../verdict/profile-run.ts';
import { RunningChecks } from '../verdict/run-checks.ts';
import { isSuppressed, type Suppression } from '../verdict/suppression.ts';
import { type ChosenFindings, detectorOf } from './chosen-findings.ts';
import { namingRules } from './dependencies.ts';
import { COMPILE_QUERIES } from './query-spans.ts';
import type { TraceVisitor } from './store-run.ts';
import type { VerdictSettings } from './verdict-settings.ts';

/** What has to be seen in the traces of a baseline besides its profile. Plain data, which threads can be told. */
export interface RunQuestions {
  /** Those that refer to the baseline's figures. */
  readonly checks: readonly Check[];
  readonly suppressions: readonly Suppression[];
  /** Null when nobody asks what was found. */
  readonly findings: ChosenFindings | null;
}

/** What a verdict has to know of its baseline; null when the profile is enough. */
export function baselineQuestions(
  { checks, failOn, suppressions }: VerdictSettings,
  chosen: ChosenFindings,
): RunQuestions | null {
  const relative = checks.filter(refersToBaseline);
  const asksForFindings =
    relative.some(({ measure }) => measure.kind === 'findings') ||
    failOn.some((word) => word.startsWith('finding:'));
  if (relative.length === 0 && !asksForFindings) return null;
  return {
    checks: relative.filter(({ limit }) => limit.kind === 'baseline'),
    suppressions,
    findings: asksForFindings ? chosen : null,
  };
}

/** Sees in the traces of one run what the questions ask for. */
export class RunWitness implements TraceVisitor {
  readonly #questions: RunQuestions;
  #checks: RunningChecks | null = null;
  #detector: FindingsAccumulator | null = null;

  constructor(questions: RunQuestions) {
    this.#questions = questions;
  }

  start(store: Store): void {
    const { checks, findings } = this.#questions;
    const naming = namingRules(store);
    this.#checks = new RunningChecks(checks, {
      naming,
      compile: COMPILE_QUERIES,
      allowEmpty: false,
    });
    this.#detector = findings && detectorOf(store, findings);
  }

  add(trace: Trace): void {
    this.#checks?.add(trace);
    this.#detector?.add(trace);
  }

  seen(): SeenInRun {
    const { findings, suppressions } = this.#questions;
    const all =
      findings && this.#detector
        ? withoutSuppressed(this.#detector.result(), findings.suppressed).findings
        : null;
    const open = all?.filter((finding) => !isSuppressed(finding, suppressions));
    return {
      findings: all?.map(({ fingerprint }) => fingerprint) ?? null,
      measures: this.#checks?.kept(open === undefined ? null : { findings: open }) ?? [],
    };
  }
}
