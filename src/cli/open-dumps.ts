import { UserError } from '../model/user-error.ts';
import type { DumpFacts } from '../report/import-report.ts';
import { openTemporaryStore, type Store } from '../store/open-store.ts';
import { badRecords } from './bad-records.ts';
import { importDumps } from './import-dumps.ts';
import { type ImportProgress, importProgress, NO_PROGRESS } from './import-progress.ts';
import type { Io } from './io.ts';
import type { OpenTraces, OpenTracesOptions } from './open-traces.ts';
import { printDumpErrors } from './print-error.ts';
import { printStages, StageTimes } from './stage-times.ts';

/** A temporary store with what `dumpArgs` hold, as `openTraces` says. */
export async function openDumps(
  io: Io,
  options: OpenTracesOptions,
  dumpArgs: readonly string[],
): Promise<OpenTraces> {
  const progress = options.quiet ? NO_PROGRESS : importProgress(io);
  // Before there is anything to remove: a signal may come at any moment.
  const remains: Remains = { store: null };
  cleanUpOnExit(io, remains, progress);
  const store = openTemporaryStore();
  remains.store = store;
  const stages = new StageTimes();
  const dumps = await importDumps(store, dumpArgs, {
    format: options.format ?? 'auto',
    maxMemory: options.maxMemory,
    progress,
    // The process ends at once: nobody will see the temporary store.
    signal: new AbortController().signal,
    stages,
  });
  if (options.verbose) printStages(io, stages);
  const read = dumps.filter(({ error }) => error === null);
  const [failure = null] = dumps.map(failureOf);
  if (failure !== null && dumps.every((dump) => failureOf(dump) !== null)) {
    store.close();
    throw failure;
  }
  printDumpErrors(io, dumps, { named: dumpArgs, verbose: options.verbose ?? false });
  return { store, dumps: read, label: labelOf(read) };
}

/** Why a dump gave nothing, null when it did. */
function failureOf(dump: DumpFacts): UserError | null {
  if (dump.error === null) return badRecords(dump);
  const { what, where, fix } = dump.error;
  return new UserError('input', what, { where, ...(fix !== null && { fix }) });
}

/** What must not outlive the process. */
interface Remains {
  store: Store | null;
}

/** Signals end the process in the middle of things; the exit handler puts the terminal right and removes the store all the same. */
function cleanUpOnExit(io: Io, remains: Readonly<Remains>, progress: ImportProgress): void {
  process.once('exit', () => {
    progress.stop();
    remains.store?.close();
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      progress.stop();
      io.stderr.write('interrupted\n');
      process.exit(code);
    });
  }
}

function labelOf([first, ...others]: readonly DumpFacts[]): string {
  const name = first?.name === '-' ? 'standard input' : (first?.name ?? '');
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
