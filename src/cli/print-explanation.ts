import { type Explanation, explainDocument, explainReport } from '../report/explain-report.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { printResult } from './print-result.ts';
import { VERSION } from './version.ts';

/** Prints how a query was understood and answered, in place of its answer. */
export function printExplanation(
  io: Io,
  options: GlobalOptions & { readonly json?: boolean },
  explanation: Explanation,
): void {
  printResult(io, options, {
    document: () => explainDocument(explanation, VERSION),
    report: () => explainReport(explanation),
  });
}
