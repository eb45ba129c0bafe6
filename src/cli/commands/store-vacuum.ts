import { storeVacuumDocument, storeVacuumReport } from '../../report/store-change-report.ts';
import { openStore } from '../../store/open-store.ts';
import { storeSizeBytes } from '../../store/store-size.ts';
import { vacuumStore } from '../../store/vacuum-store.ts';
import { EXIT } from '../exit-code.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Io } from '../io.ts';
import { printResult } from '../print-result.ts';
import { storePath } from '../store-path.ts';
import { VERSION } from '../version.ts';

export interface StoreVacuumOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** Gives the room of removed traces back to the file system. */
export function storeVacuumCommand(io: Io, options: StoreVacuumOptions): number {
  const path = storePath(io, options.store);
  const store = openStore(path, 'change');
  try {
    const sizeBytesBefore = storeSizeBytes(path);
    vacuumStore(store);
    const facts = { path, sizeBytesBefore, sizeBytes: storeSizeBytes(path) };
    printResult(io, options, {
      document: () => storeVacuumDocument(facts, VERSION),
      report: () => storeVacuumReport(facts),
    });
    return EXIT.done;
  } finally {
    store.close();
  }
}
