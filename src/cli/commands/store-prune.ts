import { UserError } from '../../model/user-error.ts';
import { storePruneDocument, storePruneReport } from '../../report/store-change-report.ts';
import { newestStart } from '../../store/find-traces.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { type PruneLimits, planPrune, pruneTraces } from '../../store/prune-traces.ts';
import { storedCounts } from '../../store/store-info.ts';
import { storeSizeBytes } from '../../store/store-size.ts';
import { EXIT } from '../exit-code.ts';
import { type GlobalOptions, zoneOf } from '../global-options.ts';
import type { Io } from '../io.ts';
import { parseBytes } from '../parse-bytes.ts';
import { parseTime } from '../parse-time.ts';
import { printResult } from '../print-result.ts';
import { storePath } from '../store-path.ts';
import { VERSION } from '../version.ts';

export interface StorePruneOptions extends GlobalOptions {
  readonly olderThan?: string;
  readonly maxSize?: string;
  readonly keep?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Removes the oldest traces. */
export function storePruneCommand(io: Io, options: StorePruneOptions): number {
  const path = storePath(io, options.store);
  const maxBytes =
    options.maxSize === undefined ? undefined : parseBytes(options.maxSize, '--max-size');
  if (maxBytes === undefined && options.olderThan === undefined && options.keep === undefined) {
    throw new UserError('usage', 'store prune does not say what to remove', {
      fix: 'tracecli store prune --older-than 7d, --keep 1000 or --max-size 1GB; --dry-run removes nothing',
    });
  }
  const isDryRun = options.dryRun ?? false;
  const store = openStore(path, isDryRun ? 'read' : 'change');
  try {
    const limits = limitsOf(store, options, maxBytes);
    const before = { ...storedCounts(store), sizeBytes: storeSizeBytes(path) };
    const removed = isDryRun ? planPrune(store, limits) : pruneTraces(store, limits);
    const facts = {
      path,
      isDryRun,
      removed,
      kept: { traces: before.traces - removed.traces, spans: before.spans - removed.spans },
      sizeBytesBefore: before.sizeBytes,
      sizeBytes: storeSizeBytes(path),
    };
    printResult(io, options, {
      document: () => storePruneDocument(facts, VERSION),
      report: () => storePruneReport(facts),
    });
    return EXIT.done;
  } finally {
    store.close();
  }
}

function limitsOf(
  store: Store,
  options: StorePruneOptions,
  maxBytes: number | undefined,
): PruneLimits {
  const { olderThan, keep } = options;
  return {
    ...(olderThan !== undefined && {
      startsBefore: parseTime(olderThan, '--older-than', {
        newest: newestStart(store),
        zone: zoneOf(options),
      }),
    }),
    ...(keep !== undefined && { keep }),
    ...(maxBytes !== undefined && { maxBytes }),
  };
}
