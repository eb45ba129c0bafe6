import { basename } from 'node:path';
import { buildTrace } from '../analysis/build-trace.ts';
import { byAttribute } from '../analysis/span-grouping.ts';
import type { Trace } from '../model/trace.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { Store } from '../store/open-store.ts';
import { scanTraces } from '../store/read-spans.ts';
import { remembered } from '../store/remembered-results.ts';
import { RunProfiler } from '../verdict/profile-run.ts';
import type { RunProfile } from '../verdict/run-profile.ts';
import { querySpans } from './query-spans.ts';
import { VERSION } from './version.ts';

/** Which traces of a store belong to a run. */
export interface RunSelection {
  readonly filter: TraceFilter;
  readonly accepts: (trace: Trace) => boolean;
}

/** Somebody else who looks at the traces while they are read. */
export interface TraceVisitor {
  /** Before the first trace. */
  start(store: Store): void;
  add(trace: Trace): void;
  /** Fingerprints of what was found, null when nobody looked. */
  fingerprints(): readonly string[] | null;
}

/** The name of a bundle ends in a hash of the code in it and below it, so that another build asks anew. */
const PROGRAM = ['profile', VERSION, basename(import.meta.url), process.version].join(' ');

const ALL: RunSelection = { filter: {}, accepts: () => true };

/** What an argument selects of a store; null when it is no selection. */
export function runSelection(text: string): RunSelection | null {
  if (text.startsWith('{')) {
    const select = querySpans(text);
    return { filter: {}, accepts: (trace) => select(trace).length > 0 };
  }
  const [, key = '', value = ''] = /^([^=/\\*]+)=(.*)$/s.exec(text) ?? [];
  if (key === '') return null;
  const keyOf = byAttribute(key);
  return { filter: {}, accepts: ({ nodes }) => nodes.some((node) => keyOf(node)?.[key] === value) };
}

/** The profile of a store, or of what `selection` (as for `runSelection`) chooses of it; null chooses everything. */
export function profileOfStore(
  store: Store,
  selection: string | null,
  visitor: TraceVisitor | null,
): RunProfile {
  const chosen = selection === null ? null : runSelection(selection);
  // Who looks at the traces has to see them; a profile is the same as long as its store is.
  if (visitor !== null || chosen !== null) return profileStore(store, chosen ?? ALL, visitor);
  return remembered(store, PROGRAM, () => profileStore(store, ALL, null));
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
