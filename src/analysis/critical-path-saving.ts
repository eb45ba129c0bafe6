import { type Nanos, nanos } from '../model/time.ts';
import type { TraceNode } from '../model/trace.ts';
import type { CriticalPath, PathBasis } from './critical-path.ts';
import { at } from './path-tree.ts';
import { addOwners, childrenWaitedFor, type OwnedTime } from './path-walk.ts';

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
  const before = path.endNs - path.startNs;
  const saved = Math.round(before - replayedNs(path.basis, factorOf));
  return { replayNs: nanos(Math.max(0, Math.min(saved, exclusiveNs))), exclusiveNs };
}

/** How long the primary root takes in the replay. */
function replayedNs(basis: PathBasis, factorOf: (node: TraceNode | null) => number): number {
  const { tree } = basis;
  const factor = Float64Array.from({ length: tree.size }, (_, i) =>
    factorOf(tree.nodes[i] ?? null),
  );
  const lengthNs = new Float64Array(tree.size);
  for (const span of tree.order.toReversed()) {
    lengthNs[span] = new SpanReplay(basis, span, factor, lengthNs).length();
  }
  return at(lengthNs, tree.primary);
}

/** One span in the replay, timed from its own new start; the new lengths of its children are known. */
class SpanReplay {
  readonly #basis: PathBasis;
  readonly #span: number;
  readonly #factor: Float64Array;
  readonly #lengthNs: Float64Array;
  readonly #newEnd = new Map<number, number>();

  constructor(basis: PathBasis, span: number, factor: Float64Array, lengthNs: Float64Array) {
    this.#basis = basis;
    this.#span = span;
    this.#factor = factor;
    this.#lengthNs = lengthNs;
  }

  length(): number {
    const { from, to } = this.#basis.intervals;
    const byStart = this.#children();
    const byEnd = byStart.toSorted((a, b) => at(to, a) - at(to, b));
    const overlapped = this.#overlapped();
    let ended = 0;
    let lastEnd = at(from, this.#span);
    let newLastEnd = 0;
    const passEnds = (until: number) => {
      for (let next = byEnd[ended]; next !== undefined && at(to, next) <= until; ) {
        lastEnd = Math.max(lastEnd, at(to, next));
        newLastEnd = Math.max(newLastEnd, this.#newEnd.get(next) ?? 0);
        next = byEnd[++ended];
      }
    };
    for (const child of byStart) {
      const start = at(from, child);
      passEnds(start);
      const newStart = Math.max(
        newLastEnd + this.#scaled(lastEnd, start),
        this.#afterOverlap(child, overlapped.get(child)),
      );
      this.#newEnd.set(child, newStart + at(this.#lengthNs, child));
    }
    passEnds(Number.POSITIVE_INFINITY);
    return newLastEnd + this.#scaled(lastEnd, at(to, this.#span));
  }

  /** Time that no child explains, as long as its owners take for it now. */
  #scaled(since: number, until: number): number {
    const owned: OwnedTime[] = [];
    addOwners(owned, this.#basis, this.#span, since, until);
    return owned.reduce(
      (sum, { owner, from, to }) => sum + (to - from) * at(this.#factor, owner),
      0,
    );
  }

  /** The children that somebody waits for and that have any length, by start. */
  #children(): number[] {
    const { tree, waiting, intervals } = this.#basis;
    const { from, to } = intervals;
    return (tree.children[this.#span] ?? [])
      .filter((child) => at(waiting, child) === 0 && at(from, child) < at(to, child))
      .sort((a, b) => at(from, a) - at(from, b));
  }

  /** By child: the sibling that counts as done before it although it ended a little later. */
  #overlapped(): Map<number, number> {
    const { from, to } = this.#basis.intervals;
    const whole = { span: this.#span, from: at(from, this.#span), to: at(to, this.#span) };
    const before = new Map<number, number>();
    let next: number | null = null;
    for (const { span } of childrenWaitedFor(this.#basis, whole)) {
      if (next !== null && at(to, span) > at(from, next)) before.set(next, span);
      next = span;
    }
    return before;
  }

  /** When a child can start so that it overlaps the sibling before it no more than it did; that sibling started earlier. */
  #afterOverlap(child: number, before: number | undefined): number {
    if (before === undefined) return 0;
    const { from, to } = this.#basis.intervals;
    const overlapNs = at(to, before) - at(from, child);
    return (this.#newEnd.get(before) ?? 0) - overlapNs;
  }
}
