import { UserError } from '../../model/user-error.ts';
import { analysisDocument, analysisReport } from '../../report/analysis-report.ts';
import { dependenciesDot, dependenciesMermaid } from '../../report/dependency-graph-text.ts';
import {
  type AnalysisVerdictOptions,
  asksForVerdict,
  type JudgedAnalysis,
  judgeAnalysis,
  verdictFormat,
} from '../analysis-verdict.ts';
import { analyzeTraces } from '../analyze-traces.ts';
import { chosenFindings } from '../chosen-findings.ts';
import { EXIT } from '../exit-code.ts';
import type { FindingOptions } from '../finding-options.ts';
import type { Io } from '../io.ts';
import { checkOneFormat } from '../one-format.ts';
import { namesDump, openTraces } from '../open-traces.ts';
import { printExplanation } from '../print-explanation.ts';
import { layoutOf, printResult } from '../print-result.ts';
import { rememberedAnalysis } from '../remembered-analysis.ts';
import { printCosts, SectionCosts } from '../section-costs.ts';
import { SECTIONS, type Section } from '../sections.ts';
import { findSelected, queryWords, type SelectionOptions } from '../selection.ts';
import { tracesThatFit } from '../traces-that-fit.ts';
import { readQuery } from '../typed-query.ts';
import type { OutputKind } from '../verdict-options.ts';
import { demandBaseline, verdictSettings } from '../verdict-settings.ts';
import { VERSION } from '../version.ts';
import { type Outcome, outputText, writeOutputs } from '../write-outputs.ts';
import { today } from './compare.ts';

export interface AnalyzeCommandOptions
  extends SelectionOptions,
    FindingOptions,
    AnalysisVerdictOptions {
  /** Dumps, or words that choose traces of the store. */
  readonly args: readonly string[];
  readonly only?: readonly Section[];
  readonly groupBy: string;
  readonly width?: number;
  /** Rows per table; by default fewer where all sections are printed. */
  readonly top?: number;
  readonly inferErrors?: boolean;
  readonly exact?: boolean;
  readonly separate?: string;
  readonly inputFormat: string;
  readonly maxMemory?: number;
  /** A graph is of the dependencies alone. */
  readonly format?: 'text' | 'dot' | 'mermaid' | OutputKind;
  readonly json?: boolean;
}

/** Rows per table where somebody asked for a section, and where the first screen is to say what matters. */
const ROWS = 10;
const OVERVIEW_ROWS = 5;
/** What a graph is of. */
const GRAPHED: readonly Section[] = ['dependencies'];

/** Prints what is slow, what is broken and who calls whom. */
export async function analyze(io: Io, options: AnalyzeCommandOptions): Promise<number> {
  checkOneFormat(options, 'text');
  const dumpArgs = options.args.filter(namesDump);
  const words = options.args.filter((word) => !namesDump(word));
  // What is wrong with the query is said before dumps are read.
  readQuery(queryWords({ ...options, words }));
  const findings = chosenFindings(options);
  const isGraph = asksForGraph(options);
  const settings = asksForVerdict(options) ? verdictSettings(options, today()) : null;
  if (settings) demandBaseline(settings, options);
  const { store, dumps, label } = await openTraces(
    io,
    { ...options, format: options.inputFormat },
    dumpArgs,
  );
  try {
    const {
      only = isGraph ? GRAPHED : SECTIONS,
      groupBy,
      inferErrors = false,
      exact = false,
    } = options;
    const isDetailed = options.only !== undefined;
    const top = options.top ?? (isDetailed || options.json ? ROWS : OVERVIEW_ROWS);
    const { filter: selected, explanation } = findSelected(store, { ...options, words });
    if (options.explain) {
      printExplanation(io, options, explanation);
      return EXIT.done;
    }
    const { filter, leftOut } = tracesThatFit(store, selected);
    // A temporary store is asked once.
    const analysisOf = dumpArgs.length === 0 ? rememberedAnalysis : analyzeTraces;
    const costs = new SectionCosts();
    const chosen = {
      sections: only,
      groupBy,
      inferErrors,
      exact,
      savings: top,
      separate: options.separate ?? null,
      findings,
    };
    const facts = {
      inputs: dumps.map(({ name, format }) => ({ name, format })),
      leftOut,
      ...analysisOf(store, filter, chosen, costs),
    };
    if (facts.dataset.traces === 0) refuseMistypedName(words, label);
    printCosts(io, options, costs);
    const { zone } = layoutOf(io, options);
    const shown = { store, filter, label, facts, zone, top, isDetailed };
    const outcome = settings && (await judgeAnalysis(io, shown, options, settings));
    if (outcome) printOutcome(io, options, outcome);
    else printAnalysis(io, options, shown);
    const isIncomplete = dumpArgs.length > 0 && dumps.length < dumpArgs.length;
    return exitCode(isIncomplete, outcome);
  } finally {
    store.close();
  }
}

/** Bare words that nothing has in its names were perhaps meant to be a dump: an empty analysis would look like a good one. */
function refuseMistypedName(words: readonly string[], label: string): void {
  const isBare = words.every((word) => /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(word));
  if (words.length === 0 || words.includes('error') || !isBare) return;
  const typed = words.join(' ');
  throw new UserError('input', `no trace matches "${typed}", and there is no such file or folder`, {
    where: [`the traces of ${label}`],
    fix: 'check the spelling; tracecli traces lists what there is',
  });
}

function exitCode(isIncomplete: boolean, outcome: Outcome | null): number {
  return isIncomplete ? EXIT.input : (outcome?.facts.verdict.exitCode ?? EXIT.done);
}

/** The analysis as it was asked for: a graph, a document, or text. */
function printAnalysis(
  io: Io,
  options: AnalyzeCommandOptions,
  { facts, zone, top, isDetailed }: JudgedAnalysis,
): void {
  if (asksForGraph(options) && facts.dependencies) {
    const draw = options.format === 'dot' ? dependenciesDot : dependenciesMermaid;
    io.stdout.write(draw(facts.dependencies));
    return;
  }
  printResult(io, options, {
    document: () => analysisDocument(facts, VERSION),
    report: () => analysisReport(facts, { zone, top, isDetailed }),
  });
}

/** The verdict, then the analysis; in other forms as they are made for it. */
function printOutcome(io: Io, options: AnalyzeCommandOptions, outcome: Outcome): void {
  writeOutputs(io, options.out ?? [], outcome);
  const format = verdictFormat(options.format);
  if (format !== null && !options.json) io.stdout.write(outputText(io, format, outcome));
  else
    printResult(io, options, {
      document: outcome.document,
      report: () => ({ sections: [...outcome.report().sections, ...outcome.details().sections] }),
    });
}

/** Whether a graph is all that is printed. Throws a `UserError` where something else is asked for too. */
function asksForGraph({ format, only = GRAPHED }: AnalyzeCommandOptions): boolean {
  if (format !== 'dot' && format !== 'mermaid') return false;
  const others = only.filter((section) => !GRAPHED.includes(section));
  if (others.length > 0) {
    throw new UserError(
      'usage',
      `--format ${format} draws the dependencies, not ${others.join(',')}`,
      {
        fix: `--format ${format} without --only, or --only ${others.join(',')} without --format`,
      },
    );
  }
  return true;
}
