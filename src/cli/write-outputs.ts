import { appendFileSync, writeFileSync } from 'node:fs';
import { UserError } from '../model/user-error.ts';
import { verdictCsv } from '../report/render-csv.ts';
import { githubAnnotations } from '../report/render-github.ts';
import { gitlabCodeQuality } from '../report/render-gitlab.ts';
import { type JsonDocument, renderJson } from '../report/render-json.ts';
import { verdictJunit } from '../report/render-junit.ts';
import { reportMarkdown } from '../report/render-markdown.ts';
import { type OperationFigures, openMetrics } from '../report/render-openmetrics.ts';
import { verdictSarif } from '../report/render-sarif.ts';
import type { Report } from '../report/report.ts';
import type { VerdictFacts } from '../report/verdict-facts.ts';
import type { Io } from './io.ts';
import { OUTPUTS, type OutputKind } from './verdict-options.ts';
import { VERSION } from './version.ts';

/** What outputs are made of. */
export interface Outcome {
  readonly facts: VerdictFacts;
  readonly document: () => JsonDocument;
  /** The verdict, and what else is told; `details` is folded away where that is possible. */
  readonly report: () => Report;
  readonly details: () => Report;
  /** Of the current run. */
  readonly operations: () => readonly OperationFigures[];
}

/** Writes what `--out` asks for. Before the exit code is given, so that a failed pipeline has its reports. */
export function writeOutputs(io: Io, wanted: readonly string[], outcome: Outcome): void {
  for (const text of wanted) {
    const kind = OUTPUTS.find((known) => text.startsWith(`${known}=`));
    if (kind === undefined) continue;
    const path = text.slice(kind.length + 1);
    const content = outputText(io, kind, outcome);
    if (path === '-') io.stdout.write(content);
    else writeText(path, content);
  }
}

/** One output. On GitHub the annotations come with a summary of the step, which goes where the runner wants it. */
export function outputText(io: Io, kind: OutputKind, outcome: Outcome): string {
  const { facts } = outcome;
  switch (kind) {
    case 'json':
      return renderJson(outcome.document());
    case 'markdown':
      return reportMarkdown(outcome.report(), outcome.details(), facts.worstTrace);
    case 'junit':
      return verdictJunit(facts);
    case 'sarif':
      return verdictSarif(facts, VERSION);
    case 'openmetrics':
      return openMetrics(facts, outcome.operations());
    case 'gitlab-codequality':
      return gitlabCodeQuality(facts);
    case 'csv':
      return verdictCsv(facts);
    case 'github': {
      const summary = io.env['GITHUB_STEP_SUMMARY'];
      if (summary !== undefined && summary !== '')
        appendFileSync(
          summary,
          reportMarkdown(outcome.report(), outcome.details(), facts.worstTrace),
        );
      return githubAnnotations(facts);
    }
  }
}

export function writeText(path: string, text: string): void {
  try {
    // Names and messages of a dump are nobody else's business; a file that is there keeps its mode.
    writeFileSync(path, text, { mode: 0o600 });
  } catch (cause) {
    throw new UserError('input', `cannot write ${path}`, {
      where: [cause instanceof Error ? cause.message : String(cause)],
      fix: 'check the folder and its permissions',
      cause,
    });
  }
}
