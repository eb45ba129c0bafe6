import { basename } from 'node:path';
import type { Trace } from '../model/trace.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { Store } from '../store/open-store.ts';
import { remembered } from '../store/remembered-results.ts';
import { RunProfiler, type SeenInRun } from '../verdict/profile-run.ts';
import type { RunProfile } from '../verdict/run-profile.ts';
import { type RunQuestions, RunWitness } from './run-questions.ts';
import { scanStoredTraces } from './scan-traces.ts';
import { findSelected } from './selection.ts';
import { VERSION } from './version.ts';

/** Somebody else who looks at the traces while they are read. */
export interface TraceVisitor {
  /** Before the first trace. */
  start(store: Store): void;
  add(trace: Trace): void;
  /** After the last. */
  seen(): SeenInRun;
}

/** The name of a bundle ends in a hash of the code in it and below it, so that another build asks anew. */
const PROGRAM = ['profile', VERSION, basename(import.meta.url), process.version].join(' ');

/** The traces of a store that a query, TraceQL or its short form, chooses; null chooses all. */
export function runFilter(store: Store, selection: string | null): TraceFilter {
  return selection === null ? {} : findSelected(store, { words: [selection] }).filter;
}

/** The profile of a store, or of what a query chooses of it, with what is asked besides. */
export function profileOfStore(
  store: Store,
  selection: string | null,
  questions: RunQuestions | null,
): RunProfile {
  const work = () =>
    profileStore(store, runFilter(store, selection), questions && new RunWitness(questions));
  return remembered(store, JSON.stringify([PROGRAM, selection, questions]), work);
}

/** What a comparison needs to know of a store's traces. */
export function profileStore(
  store: Store,
  filter: TraceFilter,
  visitor: TraceVisitor | null,
): RunProfile {
  const profiler = new RunProfiler();
  if (visitor === null) {
    for (const { trace } of scanStoredTraces(store, filter, 'numbers')) profiler.add(trace);
    return profiler.result();
  }
  visitor.start(store);
  for (const { trace } of scanStoredTraces(store, filter, 'all')) {
    profiler.add(trace);
    visitor.add(trace);
  }
  return profiler.result(visitor.seen());
}
