import { UserError } from '../../model/user-error.ts';
import { analysisDocument, analysisReport } from '../../report/analysis-report.ts';
import { dependenciesDot, dependenciesMermaid } from '../../report/dependency-graph-text.ts';
import { analyzeTraces } from '../analyze-traces.ts';
import { chosenFindings } from '../chosen-findings.ts';
import { EXIT } from '../exit-code.ts';
import type { FindingOptions } from '../finding-options.ts';
import type { Io } from '../io.ts';
import { namesDump, openTraces } from '../open-traces.ts';
import { printExplanation } from '../print-explanation.ts';
import { printResult } from '../print-result.ts';
import { rememberedAnalysis } from '../remembered-analysis.ts';
import { SECTIONS, type Section } from '../sections.ts';
import { findSelected, queryWords, type SelectionOptions } from '../selection.ts';
import { readQuery } from '../typed-query.ts';
import { VERSION } from '../version.ts';

export interface AnalyzeCommandOptions extends SelectionOptions, FindingOptions {
  /** Dumps, or words that choose traces of the store. */
  readonly args: readonly string[];
  readonly only?: readonly Section[];
  readonly groupBy: string;
  /** Rows per table; by default fewer where all sections are printed. */
  readonly top?: number;
  readonly inferErrors?: boolean;
  readonly exact?: boolean;
  readonly separate?: string;
  readonly inputFormat: string;
  readonly maxMemory?: number;
  /** A graph is of the dependencies alone. */
  readonly format?: 'text' | 'dot' | 'mermaid';
  readonly json?: boolean;
}

/** Rows per table where somebody asked for a section, and where the first screen is to say what matters. */
const ROWS = 10;
const OVERVIEW_ROWS = 5;
/** What a graph is of. */
const GRAPHED: readonly Section[] = ['dependencies'];

/** Prints what is slow, what is broken and who calls whom. */
export async function analyze(io: Io, options: AnalyzeCommandOptions): Promise<number> {
  const dumpArgs = options.args.filter(namesDump);
  const words = options.args.filter((word) => !namesDump(word));
  // What is wrong with the query is said before dumps are read.
  readQuery(queryWords({ ...options, words }));
  const findings = chosenFindings(options);
  const isGraph = asksForGraph(options);
  const { store, dumps } = await openTraces(
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
    const { filter, explanation } = findSelected(store, { ...options, words });
    if (options.explain) {
      printExplanation(io, options, explanation);
      return EXIT.done;
    }
    // A temporary store is asked once.
    const analysisOf = dumpArgs.length === 0 ? rememberedAnalysis : analyzeTraces;
    const facts = {
      inputs: dumps.map(({ name, format }) => ({ name, format })),
      ...analysisOf(store, filter, {
        sections: only,
        groupBy,
        inferErrors,
        exact,
        savings: top,
        separate: options.separate ?? null,
        findings,
      }),
    };
    if (isGraph && facts.dependencies) {
      const draw = options.format === 'dot' ? dependenciesDot : dependenciesMermaid;
      io.stdout.write(draw(facts.dependencies));
    } else {
      printResult(io, options, {
        document: () => analysisDocument(facts, VERSION),
        report: ({ zone }) => analysisReport(facts, { zone, top, isDetailed }),
      });
    }
    const failed = dumpArgs.length > 0 && dumps.length < dumpArgs.length;
    return failed ? EXIT.input : EXIT.done;
  } finally {
    store.close();
  }
}

/** Whether a graph is all that is printed. Throws a `UserError` where something else is asked for too. */
function asksForGraph({ format, json, only = GRAPHED }: AnalyzeCommandOptions): boolean {
  if (format !== 'dot' && format !== 'mermaid') return false;
  if (json) {
    throw new UserError('usage', `--format ${format} and --json ask for two different outputs`, {
      fix: 'leave one of them out; dependencies of --json hold what the graph shows',
    });
  }
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
