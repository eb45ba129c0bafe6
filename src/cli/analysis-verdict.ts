import { buildTrace } from '../analysis/build-trace.ts';
import type { LatencyGroup } from '../analysis/latency-percentiles.ts';
import type { GroupKey } from '../analysis/span-grouping.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import { type AnalysisFacts, analysisDocument, analysisReport } from '../report/analysis-report.ts';
import type { TimeZone } from '../report/format-time.ts';
import { verdictFields } from '../report/verdict-document.ts';
import type { VerdictFacts } from '../report/verdict-facts.ts';
import { verdictReport } from '../report/verdict-report.ts';
import type { Store } from '../store/open-store.ts';
import { scanTraces } from '../store/read-spans.ts';
import { baselineText } from '../verdict/baseline-file.ts';
import type { RunProfile } from '../verdict/run-profile.ts';
import { chosenFindings } from './chosen-findings.ts';
import type { FindingOptions } from './finding-options.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { startRuns } from './load-run.ts';
import { baselineQuestions } from './run-questions.ts';
import { profileStore } from './store-run.ts';
import { TraceJudge } from './trace-judge.ts';
import { OUTPUTS, type OutputKind, type VerdictOptions } from './verdict-options.ts';
import type { VerdictSettings } from './verdict-settings.ts';
import { VERSION } from './version.ts';
import { worstTrace } from './worst-trace.ts';
import { type Outcome, writeText } from './write-outputs.ts';

/** What `analyze` lets its user say about a verdict. */
export interface AnalysisVerdictOptions extends GlobalOptions, VerdictOptions, FindingOptions {
  readonly baseline?: readonly string[];
  readonly saveBaseline?: string;
  readonly inputFormat: string;
}

/** Whether anything is to be judged, or to be printed in a form that is made for verdicts. */
export function asksForVerdict(
  options: AnalysisVerdictOptions & { readonly format?: string },
): boolean {
  const { check, config, baseline, saveBaseline, failOn, out, format } = options;
  const isAsked = [check, config, baseline, saveBaseline, failOn, out].some(
    (option) => option !== undefined,
  );
  return isAsked || verdictFormat(format) !== null;
}

/** The output that `--format` names; null for text and graphs. */
export function verdictFormat(format: string | undefined): OutputKind | null {
  return OUTPUTS.find((kind) => kind === format) ?? null;
}

export interface JudgedAnalysis {
  readonly store: Store;
  readonly filter: TraceFilter;
  readonly label: string;
  readonly facts: AnalysisFacts;
  readonly zone: TimeZone;
  readonly top: number;
  readonly isDetailed: boolean;
}

/** Judges the analysed traces, which takes one more look at them. */
export async function judgeAnalysis(
  io: Io,
  { store, filter, label, facts, zone, top, isDetailed }: JudgedAnalysis,
  options: AnalysisVerdictOptions,
  settings: VerdictSettings,
): Promise<Outcome> {
  const baselineRuns = options.baseline ?? settings.baseline;
  const chosen = chosenFindings(options);
  const questions = baselineQuestions(settings, chosen);
  const baseline = await startRuns(io, baselineRuns, options, questions);
  const judge = new TraceJudge(settings, {
    chosen,
    found: facts.findings,
    keepsFindings: options.saveBaseline !== undefined,
  });
  const isProfiled = baselineRuns.length > 0 || options.saveBaseline !== undefined;
  const current = isProfiled
    ? [profileStore(store, filter, judge)]
    : lookedAt(store, filter, judge);
  const [profile] = current;
  if (options.saveBaseline !== undefined && profile !== undefined)
    writeText(options.saveBaseline, baselineText(profile, VERSION));
  const names = facts.inputs.map(({ name }) => name);
  const judged = judge.verdict({
    inputs: names.length > 0 ? names : [label],
    current,
    baseline: await baseline(),
  });
  const verdict: VerdictFacts = { ...judged, worstTrace: worstTrace(store, judged) };
  return {
    facts: verdict,
    document: () => analysisDocument(facts, VERSION, verdictFields(verdict)),
    report: () => verdictReport(verdict, top),
    details: () => analysisReport(facts, { zone, top, isDetailed }),
    operations: () => facts.latency?.groups.flatMap(figuresOfGroup) ?? [],
  };
}

/** Groups by other keys than operations are told by those. */
function figuresOfGroup({ key, count, errors, durationNs }: LatencyGroup<GroupKey>) {
  const { service = '', name, kind, ...others } = key;
  if (durationNs === null) return [];
  const { p50, p90, p95, p99 } = durationNs;
  const other = Object.values(others).join(' ');
  return [
    {
      service: service ?? '',
      operation: name ?? other,
      kind: kind ?? '',
      count,
      errors,
      quantilesNs: [
        [0.5, p50],
        [0.9, p90],
        [0.95, p95],
        [0.99, p99],
      ] as const,
    },
  ];
}

/** Checks need no profile. */
function lookedAt(store: Store, filter: TraceFilter, judge: TraceJudge): readonly RunProfile[] {
  judge.start(store);
  for (const spans of scanTraces(store, filter)) judge.add(buildTrace(spans));
  return [];
}
