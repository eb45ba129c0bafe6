import { formatNamed } from '../../importers/detect-format.ts';
import { type DumpFacts, importDocument, importReport } from '../../report/import-report.ts';
import { emptyStore } from '../../store/empty-store.ts';
import { openStore } from '../../store/open-store.ts';
import { storedCounts } from '../../store/store-info.ts';
import { badRecords } from '../bad-records.ts';
import { EXIT } from '../exit-code.ts';
import type { GlobalOptions } from '../global-options.ts';
import { importDumps } from '../import-dumps.ts';
import { importProgress, NO_PROGRESS } from '../import-progress.ts';
import { watchInterruption } from '../interruption.ts';
import type { Io } from '../io.ts';
import { failureText, printDumpErrors } from '../print-error.ts';
import { printResult } from '../print-result.ts';
import { printStages, StageTimes } from '../stage-times.ts';
import { storePath } from '../store-path.ts';
import { VERSION } from '../version.ts';

export interface ImportCommandOptions extends GlobalOptions {
  readonly dumps: readonly string[];
  readonly format: string;
  readonly replace?: boolean;
  readonly strict?: boolean;
  readonly maxBadRecords?: number;
  readonly maxMemory?: number;
  readonly progress: boolean;
  readonly json?: boolean;
}

/** Loads dumps into the store. */
export async function importCommand(io: Io, options: ImportCommandOptions): Promise<number> {
  if (options.format !== 'auto') formatNamed(options.format);
  const path = storePath(io, options.store);
  const store = openStore(path, 'write');
  const interruption = watchInterruption();
  const stages = new StageTimes();
  try {
    if (options.replace) emptyStore(store);
    const dumps = await importDumps(store, options.dumps, {
      format: options.format,
      maxMemory: options.maxMemory,
      progress: options.progress && !options.quiet ? importProgress(io) : NO_PROGRESS,
      signal: interruption.signal,
      stages,
    });
    if (options.verbose) printStages(io, stages);
    const facts = { store: path, dumps, stored: storedCounts(store) };
    if (options.json || !options.quiet) {
      printResult(io, options, {
        document: () => importDocument(facts, VERSION),
        report: () => importReport(facts, { verbose: options.verbose ?? false }),
      });
    }
    printDumpErrors(io, dumps, { named: options.dumps, verbose: options.verbose ?? false });
    const signal = interruption.exitCode();
    if (signal === null) return verdict(io, options, dumps);
    io.stderr.write('interrupted: what was imported so far is in the store\n');
    io.stderr.write('try: the same command again; it goes on without doubling anything\n');
    return signal;
  } finally {
    interruption.dispose();
    store.close();
  }
}

/** The exit code, with a word on why it is not 0. */
function verdict(io: Io, options: ImportCommandOptions, dumps: readonly DumpFacts[]): number {
  const failed = dumps.filter(({ error }) => error !== null);
  const isMixedFolder =
    failed.length < dumps.length && failed.every(({ name }) => !options.dumps.includes(name));
  if (failed.length > 0 && !(isMixedFolder && !options.strict)) return EXIT.input;
  const limit = options.strict ? 0 : options.maxBadRecords;
  for (const dump of dumps) {
    const complaint = badRecords(dump, limit);
    if (complaint === null) continue;
    io.stderr.write(failureText(complaint));
    return EXIT.input;
  }
  return EXIT.done;
}
