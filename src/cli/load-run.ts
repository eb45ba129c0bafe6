import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { buildTrace } from '../analysis/build-trace.ts';
import { byAttribute } from '../analysis/span-grouping.ts';
import type { Trace } from '../model/trace.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import { UserError } from '../model/user-error.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { scanTraces } from '../store/read-spans.ts';
import { remembered } from '../store/remembered-results.ts';
import { isBaselineText, readBaseline } from '../verdict/baseline-file.ts';
import { RunProfiler } from '../verdict/profile-run.ts';
import type { RunProfile } from '../verdict/run-profile.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { namesDump, openTraces } from './open-traces.ts';
import { querySpans } from './query-spans.ts';
import { storePath } from './store-path.ts';
import { VERSION } from './version.ts';

/** One run, as an argument names it. */
export interface LoadedRun {
  readonly name: string;
  readonly profile: RunProfile;
}

export interface LoadOptions extends GlobalOptions {
  /** Of dumps. */
  readonly inputFormat?: string;
}

/** Which traces of a store belong to a run. */
export interface RunSelection {
  readonly filter: TraceFilter;
  readonly accepts: (trace: Trace) => boolean;
}

/** The name of a bundle ends in a hash of the code in it and below it, so that another build asks anew. */
const PROGRAM = ['profile', VERSION, basename(import.meta.url), process.version].join(' ');

const ALL: RunSelection = { filter: {}, accepts: () => true };

/**
 * A run from a store, a file of `--save-baseline`, a dump, or, as `attribute=value` or a TraceQL query, from a selection of the user's
 * store. Throws a UserError when the argument is none of these.
 */
export async function loadRun(
  io: Io,
  name: string,
  options: LoadOptions,
  visitor: TraceVisitor | null = null,
): Promise<LoadedRun> {
  const head = name === '-' ? '' : headOf(name);
  if (head !== null && isBaselineText(head))
    return { name, profile: readBaseline(readFileSync(name, 'utf8'), name) };
  if (head?.startsWith('SQLite format 3'))
    return { name, profile: ofStore(openStore(name, 'read'), ALL, visitor) };
  const selection = head === null ? selectionOf(name) : null;
  if (selection !== null)
    return {
      name,
      profile: ofStore(openStore(storePath(io, options.store), 'read'), selection, visitor),
    };
  if (!namesDump(name)) {
    throw new UserError('usage', `there is no run "${name}"`, {
      fix: 'name a store, a dump, a saved baseline, attribute=value or a TraceQL query',
    });
  }
  const { store } = await openTraces(io, { ...options, format: options.inputFormat ?? 'auto' }, [
    name,
  ]);
  return { name, profile: ofStore(store, ALL, visitor) };
}

/** The same, one after the other. */
export async function loadRuns(
  io: Io,
  names: readonly string[],
  options: LoadOptions,
): Promise<LoadedRun[]> {
  const runs: LoadedRun[] = [];
  for (const name of names) runs.push(await loadRun(io, name, options));
  return runs;
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

/** What an argument selects of a store; null when it is no selection. */
function selectionOf(text: string): RunSelection | null {
  if (text.startsWith('{')) {
    const select = querySpans(text);
    return { filter: {}, accepts: (trace) => select(trace).length > 0 };
  }
  const [, key = '', value = ''] = /^([^=/\\*]+)=(.*)$/s.exec(text) ?? [];
  if (key === '') return null;
  const keyOf = byAttribute(key);
  return { filter: {}, accepts: ({ nodes }) => nodes.some((node) => keyOf(node)?.[key] === value) };
}

function ofStore(store: Store, selection: RunSelection, visitor: TraceVisitor | null): RunProfile {
  try {
    // Who looks at the traces has to see them; a baseline is the same as long as its store is.
    if (visitor !== null || selection !== ALL) return profileStore(store, selection, visitor);
    return remembered(store, PROGRAM, () => profileStore(store, selection, null));
  } finally {
    store.close();
  }
}

/** Somebody else who looks at the traces while they are read. */
export interface TraceVisitor {
  /** Before the first trace. */
  start(store: Store): void;
  add(trace: Trace): void;
  /** Fingerprints of what was found, null when nobody looked. */
  fingerprints(): readonly string[] | null;
}

/** What a comparison needs to know of a store's traces. */
export function profileStore(
  store: Store,
  { filter, accepts }: RunSelection,
  visitor: TraceVisitor | null,
): RunProfile {
  const profiler = new RunProfiler();
  visitor?.start(store);
  for (const spans of scanTraces(store, filter)) {
    const trace = buildTrace(spans);
    if (!accepts(trace)) continue;
    profiler.add(trace);
    visitor?.add(trace);
  }
  return profiler.result(visitor?.fingerprints() ?? null);
}
