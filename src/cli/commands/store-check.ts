import { storeCheckDocument, storeCheckReport } from '../../report/store-check-report.ts';
import { checkStore } from '../../store/check-store.ts';
import { openStore } from '../../store/open-store.ts';
import { storedCounts } from '../../store/store-info.ts';
import { EXIT } from '../exit-code.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Io } from '../io.ts';
import { printResult } from '../print-result.ts';
import { storePath } from '../store-path.ts';
import { VERSION } from '../version.ts';

export interface StoreCheckOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** Looks for damage in the store. */
export function storeCheckCommand(io: Io, options: StoreCheckOptions): number {
  const path = storePath(io, options.store);
  const store = openStore(path, 'read');
  try {
    const facts = { path, checks: checkStore(store), ...storedCounts(store) };
    printResult(io, options, {
      document: () => storeCheckDocument(facts, VERSION),
      report: () => storeCheckReport(facts),
    });
    if (facts.checks.every(({ problems }) => problems.length === 0)) return EXIT.done;
    io.stderr.write(
      'try: import the dumps again into a new file: tracecli import --store PATH <dump…>\n',
    );
    return EXIT.input;
  } finally {
    store.close();
  }
}
