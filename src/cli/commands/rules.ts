import { RULES } from '../../analysis/findings/rules.ts';
import { rulesDocument, rulesReport } from '../../report/rules-report.ts';
import { EXIT } from '../exit-code.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Io } from '../io.ts';
import { printResult } from '../print-result.ts';
import { VERSION } from '../version.ts';

/** Lists what findings there are, and the thresholds of their rules. */
export function rules(io: Io, options: GlobalOptions & { readonly json?: boolean }): number {
  printResult(io, options, {
    document: () => rulesDocument(RULES, VERSION),
    report: () => rulesReport(RULES),
  });
  return EXIT.done;
}
