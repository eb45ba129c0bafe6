import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { findDumps } from '../importers/open-dump.ts';
import { UserError } from '../model/user-error.ts';
import { serviceNames } from '../store/known-names.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { isBaselineText, readBaseline } from '../verdict/baseline-file.ts';
import type { RunProfile } from '../verdict/run-profile.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { looksLikeQuery } from './looks-like-query.ts';
import { nearestName } from './nearest-name.ts';
import { namesDump, openTraces } from './open-traces.ts';
import { isWorthProfilingAside, profileAside, type StoreRun } from './profile-thread.ts';
import type { RunQuestions } from './run-questions.ts';
import { storePath } from './store-path.ts';
import { profileOfStore, profileStore, runFilter, type TraceVisitor } from './store-run.ts';
import { readQuery } from './typed-query.ts';

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
 * A run from a store, a file of `--save-baseline`, a dump, or, by a query as for `tracecli traces`, from a part of the user's store.
 * Throws a UserError when the argument is none of these, when the run has no traces, and when `visitor` has to see
 * traces, which a saved baseline has not.
 */
export async function loadRun(
  io: Io,
  name: string,
  options: LoadOptions,
  visitor: (TraceVisitor & { readonly isDemanding: boolean }) | null,
): Promise<OpenRun> {
  const source = await openRun(io, name, options);
  if ('store' in source) {
    try {
      const profile =
        visitor === null
          ? profileOfStore(source.store, source.selection, null)
          : profileStore(source.store, runFilter(source.store, source.selection), visitor);
      demandTraces(name, profile, source);
      return { name, profile, store: source.store };
    } catch (error) {
      source.store.close();
      throw error;
    }
  }
  if (visitor?.isDemanding !== true) {
    demandTraces(name, source, null);
    return { name, profile: source, store: null };
  }
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
  questions: RunQuestions | null,
): Promise<() => Promise<LoadedRun[]>> {
  const sources: { readonly name: string; readonly source: RunSource | RunProfile }[] = [];
  for (const name of await runNames(names))
    sources.push({ name, source: await openRun(io, name, options) });
  const stores = sources.flatMap(({ source }) => ('store' in source ? [source] : []));
  const aside = stores.filter(isWorthAside);
  const answer = aside.length === 0 ? null : profileAside(aside.map(pathOf), questions);
  const profileHere = ({ store, selection }: RunSource) =>
    profileOfStore(store, selection, questions);
  const profiles = new Map(
    stores
      .filter((source) => !aside.includes(source))
      .map((source) => [source, profileHere(source)]),
  );
  return async () => {
    const answered = (await answer?.()) ?? null;
    for (const [index, source] of aside.entries())
      profiles.set(source, answered?.[index] ?? profileHere(source));
    try {
      return sources.flatMap(({ name, source }) => {
        const profile = 'store' in source ? profiles.get(source) : source;
        if (profile === undefined) return [];
        demandTraces(name, profile, 'store' in source ? source : null);
        return [{ name, profile }];
      });
    } finally {
      for (const { store } of stores) store.close();
    }
  };
}

/** A comparison with nothing would find nothing, and so pass. */
function demandTraces(name: string, { traces }: RunProfile, source: RunSource | null): void {
  if (traces > 0) return;
  if (source === null || source.selection === null)
    throw new UserError('input', `${name} has no traces to compare`, {
      fix: 'look at how it was imported or saved',
    });
  const services = serviceNames(source.store);
  const [, service = ''] = /^service=(.*)$/.exec(source.selection) ?? [];
  const nearest = service === '' ? null : nearestName(service, services);
  throw new UserError('input', `no trace of ${source.store.path} matches ${source.selection}`, {
    ...(service !== '' && { where: [`its services are ${services.join(', ')}`] }),
    fix:
      nearest === null || nearest === service
        ? `tracecli traces '${source.selection}' shows what a query finds`
        : `did you mean service=${nearest}?`,
  });
}

/** The runs that a quoted pattern names: saved baselines and stores are one each, dumps are one run together. */
async function runNames(names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const isPattern = /[*?[]/.test(name) && !looksLikeQuery(name) && headOf(name) === null;
    const files = isPattern ? (await findDumps([name])).map((file) => file.name) : [];
    const areRuns = files.length > 0 && files.every(isRunFile);
    found.push(...(areRuns ? files : [name]));
  }
  return found;
}

function isRunFile(path: string): boolean {
  const head = headOf(path) ?? '';
  return isBaselineText(head) || head.startsWith('SQLite format 3');
}

function isWorthAside({ store, isTemporary }: RunSource): boolean {
  return !isTemporary && isWorthProfilingAside(store);
}

function pathOf({ store: { path }, selection }: RunSource): StoreRun {
  return { path, selection };
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
  if (head === null && looksLikeQuery(name)) {
    // What is wrong with the query is said before anything is read.
    readQuery([name]);
    const store = openStore(storePath(io, options.store), 'read');
    return { store, selection: name, isTemporary: false };
  }
  if (!namesDump(name)) {
    throw new UserError('usage', `there is no run "${name}"`, {
      fix: 'name a store, a dump, a saved baseline, or a query like service=cart or version=1.4',
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
