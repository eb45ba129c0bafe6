import { type Nanos, nanos } from '../model/time.ts';
import type { TraceNode } from '../model/trace.ts';
import type { CriticalPath } from './critical-path.ts';
import { PathReplay } from './path-replay.ts';

/** What a change would save at least and at most. */
export interface PotentialSaving {
  /** What a replay of the trace saves. It errs low where a wrapper is recorded beside what it wraps. */
  readonly replayNs: Nanos;
  /** The time that the changed spans own on the path, as far as it would go: no replay can save more. */
  readonly exclusiveNs: Nanos;
}

/**
 * By how much a trace would be shorter if the own time of some spans took `factorOf` times as long: 0 = no time at all, 1 = as
 * it was. Null stands for a lost parent.
 *
 * The replay keeps all waits: a child starts as long after the last end of those siblings that had ended by its start as it did
 * (or after its parent's start), and a span ends as long after its last child as it did. These waits are own time, scaled by the
 * factor of who owns it. A sibling that the path reads as done before a child although it overlaps it a little counts as ended.
 *
 *     R |0-----------------100|      B owns 80 of the path, but without it A decides: R 0–10, A 10–60, R 60–70.
 *     A   |10------60|               Replay 30, exclusive 80.
 *     B   |10-------------90|
 *
 * 0 ≤ replay ≤ exclusive; both 0 for spans off the path. n log n, no recursion.
 */
export function potentialSaving(
  path: CriticalPath,
  factorOf: (node: TraceNode | null) => number,
): PotentialSaving {
  const exclusive = path.sections.reduce(
    (sum, { node, startNs, endNs }) => sum + (endNs - startNs) * (1 - factorOf(node)),
    0,
  );
  const exclusiveNs = nanos(Math.round(exclusive));
  if (exclusiveNs === 0) return { replayNs: exclusiveNs, exclusiveNs };
  const { tree, trace } = path.basis;
  const { size } = tree;
  const { nodes } = trace;
  const factor = Float64Array.from({ length: size }, (_, i) => factorOf(nodes[i] ?? null));
  return savingOf(path, new PathReplay(path.basis).rootLength(factor), exclusiveNs);
}

/** What a replay saves in which the root takes `newLengthNs`. */
export function savingOf(
  { startNs, endNs }: CriticalPath,
  newLengthNs: number,
  exclusiveNs: Nanos,
): PotentialSaving {
  const saved = Math.round(endNs - startNs - newLengthNs);
  return { replayNs: nanos(Math.max(0, Math.min(saved, exclusiveNs))), exclusiveNs };
}
