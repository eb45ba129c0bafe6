import { PERCENTILES } from '../../analysis/duration-statistics.ts';
import { percentile } from '../../analysis/nearest-rank.ts';
import { UserError } from '../../model/user-error.ts';
import type { OperationFigures } from '../../report/render-openmetrics.ts';
import { verdictDocument } from '../../report/verdict-document.ts';
import type { VerdictFacts } from '../../report/verdict-facts.ts';
import { verdictReport } from '../../report/verdict-report.ts';
import { baselineText } from '../../verdict/baseline-file.ts';
import { poolProfiles } from '../../verdict/pool-profiles.ts';
import type { OperationProfile } from '../../verdict/run-profile.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Io } from '../io.ts';
import { type LoadOptions, loadRun, type OpenRun, startRuns } from '../load-run.ts';
import { checkOneFormat } from '../one-format.ts';
import { printResult } from '../print-result.ts';
import { baselineQuestions } from '../run-questions.ts';
import { TraceJudge } from '../trace-judge.ts';
import type { OutputKind, VerdictOptions } from '../verdict-options.ts';
import { verdictSettings } from '../verdict-settings.ts';
import { VERSION } from '../version.ts';
import { worstTrace } from '../worst-trace.ts';
import { outputText, writeOutputs, writeText } from '../write-outputs.ts';

export interface CompareCommandOptions extends GlobalOptions, LoadOptions, VerdictOptions {
  readonly baseline: readonly string[];
  readonly current: readonly string[];
  readonly saveBaseline?: string;
  readonly top?: number;
  readonly width?: number;
  readonly format?: 'table' | OutputKind;
  readonly json?: boolean;
}

const ROWS = 10;

/** Compares runs, and says whether a pipeline may go on. */
export async function compare(io: Io, options: CompareCommandOptions): Promise<number> {
  checkOneFormat(options, 'table');
  const settings = verdictSettings(options, today());
  const judge = new TraceJudge(settings, { keepsFindings: options.saveBaseline !== undefined });
  const questions = baselineQuestions(settings, { suppressed: [] });
  const baseline = await startRuns(io, options.baseline, options, questions);
  const current: OpenRun[] = [];
  try {
    for (const name of options.current)
      current.push(await loadRun(io, name, options, judge.isLooking ? judge : null));
    const judged = judge.verdict({
      inputs: current.map(({ name }) => name),
      current: current.map(({ profile }) => profile),
      baseline: await baseline(),
    });
    const facts: VerdictFacts = { ...judged, worstTrace: worstOf(current, judged) };
    saveBaseline(options.saveBaseline, current);
    printComparison(io, options, facts, current);
    return facts.verdict.exitCode;
  } finally {
    for (const { store } of current) store?.close();
  }
}

/** The runs of a pool are told apart by nothing: the first that has it shows the trace. */
function worstOf(
  runs: readonly OpenRun[],
  judged: Omit<VerdictFacts, 'worstTrace'>,
): VerdictFacts['worstTrace'] {
  for (const { store } of runs) {
    const worst = store === null ? null : worstTrace(store, judged);
    if (worst !== null) return worst;
  }
  return null;
}

function saveBaseline(file: string | undefined, current: readonly OpenRun[]): void {
  if (file === undefined) return;
  const pooled = poolProfiles(current.map(({ profile }) => profile));
  writeText(file, baselineText(pooled, VERSION));
}

function printComparison(
  io: Io,
  options: CompareCommandOptions,
  facts: VerdictFacts,
  current: readonly OpenRun[],
): void {
  const outcome = {
    facts,
    document: () => verdictDocument(facts, VERSION),
    report: () => verdictReport(facts, options.top ?? ROWS),
    details: () => ({ sections: [] }),
    operations: () =>
      poolProfiles(current.map(({ profile }) => profile)).operations.map(operationFigures),
  };
  writeOutputs(io, options.out ?? [], outcome);
  const format = options.json ? 'json' : (options.format ?? 'table');
  if (format === 'table')
    printResult(io, options, { document: outcome.document, report: outcome.report });
  else io.stdout.write(outputText(io, format, outcome));
}

/** Of each trace's mean, as the comparison has it. */
function operationFigures(operation: OperationProfile): OperationFigures {
  const { service, name, kind, traces, failedTraces, durations } = operation;
  const { p50, p90, p95, p99 } = PERCENTILES;
  const quantiles = [
    [0.5, p50],
    [0.9, p90],
    [0.95, p95],
    [0.99, p99],
  ] as const;
  return {
    service,
    operation: name,
    kind,
    count: traces,
    errors: failedTraces,
    quantilesNs: quantiles.flatMap(([quantile, rank]) => {
      const ns = percentile(durations, rank);
      return ns === null ? [] : [[quantile, ns] as const];
    }),
  };
}

/** `2027-01-31`, in UTC: which suppressions hold. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Runs before and after `--`; without it the last is compared with the others. Throws a usage error for fewer than two. */
export function splitRuns(
  runs: readonly string[],
  after: number | null,
): { readonly baseline: readonly string[]; readonly current: readonly string[] } {
  const at = after ?? Math.max(1, runs.length - 1);
  const split = { baseline: runs.slice(0, at), current: runs.slice(at) };
  if (split.baseline.length > 0 && split.current.length > 0) return split;
  throw new UserError('usage', 'compare takes two runs', {
    fix: 'tracecli compare before.db after.db, or several: tracecli compare main/*.db -- branch.db',
  });
}
