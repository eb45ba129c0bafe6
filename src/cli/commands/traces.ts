import type { TraceSort } from '../../model/trace-summary.ts';
import { tracesDocument, tracesReport } from '../../report/traces-report.ts';
import { countTraces, findTraces } from '../../store/find-traces.ts';
import { openStore } from '../../store/open-store.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printExplanation } from '../print-explanation.ts';
import { printResult } from '../print-result.ts';
import { findSelected, type SelectionOptions } from '../selection.ts';
import { storePath } from '../store-path.ts';
import { noteUnknownAttributes } from '../unknown-attributes.ts';
import { VERSION } from '../version.ts';

export interface TracesOptions extends SelectionOptions {
  readonly sort: TraceSort;
  readonly reverse?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

/** Lists the traces of the store that match. */
export function traces(io: Io, options: TracesOptions): number {
  const store = openStore(storePath(io, options.store), 'read');
  try {
    const { filter, explanation, stages } = findSelected(store, options);
    if (options.explain) {
      printExplanation(io, options, explanation);
      return EXIT.done;
    }
    const { sort, reverse, limit } = options;
    const page = findTraces(store, filter, { sort, descending: !reverse, limit });
    if (page.traces.length === 0 && stages) noteUnknownAttributes(io, options, store, stages);
    const list = { traces: page.traces, matching: countTraces(store, filter) };
    printResult(io, options, {
      document: () => tracesDocument(list, VERSION),
      report: (layout) => tracesReport(list, layout),
    });
    return EXIT.done;
  } finally {
    store.close();
  }
}
