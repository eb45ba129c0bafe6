import { storeInfoDocument, storeInfoReport } from '../../report/store-info-report.ts';
import { openStore } from '../../store/open-store.ts';
import { storeInfo } from '../../store/store-info.ts';
import { EXIT } from '../exit-code.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Io } from '../io.ts';
import { printResult } from '../print-result.ts';
import { storePath } from '../store-path.ts';
import { VERSION } from '../version.ts';

export interface StoreInfoOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** What is in the store, how large it is, what was imported. */
export function storeInfoCommand(io: Io, options: StoreInfoOptions): number {
  const store = openStore(storePath(io, options.store), 'read');
  try {
    const info = storeInfo(store);
    printResult(io, options, {
      document: () => storeInfoDocument(info, VERSION),
      report: (layout) => storeInfoReport(info, layout),
    });
    return EXIT.done;
  } finally {
    store.close();
  }
}
