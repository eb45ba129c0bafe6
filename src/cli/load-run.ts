import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { UserError } from '../model/user-error.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { isBaselineText, readBaseline } from '../verdict/baseline-file.ts';
import type { RunProfile } from '../verdict/run-profile.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { namesDump, openTraces } from './open-traces.ts';
import { isWorthProfilingAside, profileAside, type StoreRun } from './profile-thread.ts';
import { storePath } from './store-path.ts';
import { profileOfStore, runSelection, type TraceVisitor } from './store-run.ts';

/** One run, as an argument names it. */
export interface LoadedRun {
  readonly name: string;
  readonly profile: RunProfile;
}

/** One whose traces can still be looked at. */
export interface OpenRun extends LoadedRun {
  /** Null for a saved baseline. To be closed by the caller. */
  readonly store: Store | null;
}

export interface LoadOptions extends GlobalOptions {
  /** Of dumps. */
  readonly inputFormat?: string;
}

/** Traces of a store, or those that `selection` chooses. */
interface RunSource {
  readonly store: Store;
  readonly selection: string | null;
  /** Whether the store is there for this process alone. */
  readonly isTemporary: boolean;
}

/**
 * A run from a store, a file of `--save-baseline`, a dump, or, as `attribute=value` or a TraceQL query, from a selection of the user's
 * store. Throws a UserError when the argument is none of these, and when `visitor` wants traces that a saved baseline has not.
 */
export async function loadRun(
  io: Io,
  name: string,
  options: LoadOptions,
  visitor: TraceVisitor | null,
): Promise<OpenRun> {
  const source = await openRun(io, name, options);
  if ('store' in source) {
    try {
      return { name, profile: profileHere(source, visitor), store: source.store };
    } catch (error) {
      source.store.close();
      throw error;
    }
  }
  if (visitor === null) return { name, profile: source, store: null };
  throw new UserError('usage', `nothing can be checked in the saved baseline ${name}`, {
    where: ['checks and --fail-on finding:… look at the traces of the current run'],
    fix: 'name the store or the dump of that run, or leave the checks out',
  });
}

/**
 * The runs of a baseline, which are profiled in a thread where they are large: the caller can do other things until it waits for them by the
 * function that comes back. What is wrong with their names shows before.
 */
export async function startRuns(
  io: Io,
  names: readonly string[],
  options: LoadOptions,
): Promise<() => Promise<LoadedRun[]>> {
  const sources: (RunSource | RunProfile)[] = [];
  for (const name of names) sources.push(await openRun(io, name, options));
  const stores = sources.filter((source) => 'store' in source);
  const aside = stores.filter(isWorthAside);
  const answer = aside.length === 0 ? null : profileAside(aside.map(pathOf));
  const profiles = new Map(
    stores
      .filter((source) => !aside.includes(source))
      .map((source) => [source, profileHere(source, null)]),
  );
  return async () => {
    const answered = (await answer?.()) ?? null;
    for (const [index, source] of aside.entries())
      profiles.set(source, answered?.[index] ?? profileHere(source, null));
    for (const { store } of stores) store.close();
    return sources.flatMap((source, index) => {
      const profile = 'store' in source ? profiles.get(source) : source;
      const name = names[index];
      return profile === undefined || name === undefined ? [] : [{ name, profile }];
    });
  };
}

function isWorthAside({ store, isTemporary }: RunSource): boolean {
  return !isTemporary && isWorthProfilingAside(store);
}

function pathOf({ store: { path }, selection }: RunSource): StoreRun {
  return { path, selection };
}

function profileHere({ store, selection }: RunSource, visitor: TraceVisitor | null): RunProfile {
  return profileOfStore(store, selection, visitor);
}

/** A store, or the profile that a saved baseline is. */
async function openRun(
  io: Io,
  name: string,
  options: LoadOptions,
): Promise<RunSource | RunProfile> {
  const head = name === '-' ? '' : headOf(name);
  if (head !== null && isBaselineText(head)) return readBaseline(readFileSync(name, 'utf8'), name);
  if (head?.startsWith('SQLite format 3'))
    return { store: openStore(name, 'read'), selection: null, isTemporary: false };
  if (head === null && runSelection(name) !== null) {
    const store = openStore(storePath(io, options.store), 'read');
    return { store, selection: name, isTemporary: false };
  }
  if (!namesDump(name)) {
    throw new UserError('usage', `there is no run "${name}"`, {
      fix: 'name a store, a dump, a saved baseline, attribute=value or a TraceQL query',
    });
  }
  const { store } = await openTraces(io, { ...options, format: options.inputFormat ?? 'auto' }, [
    name,
  ]);
  return { store, selection: null, isTemporary: true };
}

/** The first bytes of a file; null when there is no such file. */
function headOf(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const bytes = Buffer.alloc(256);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } catch {
    // A folder, for example.
    return '';
  } finally {
    closeSync(file);
  }
}
