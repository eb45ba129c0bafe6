import type { ShiftedTimes } from './clock-shift.ts';
import type { EffectiveIntervals } from './effective-intervals.ts';
import { toleratedOverlapNs } from './jitter.ts';
import type { OwnedTimes } from './owned-times.ts';
import type { PathMemory } from './path-memory.ts';
import { compareIds, type PathTree } from './path-tree.ts';

/** Everything the walk reads. Columns may be longer than the tree has spans. */
export interface WalkInput {
  readonly tree: PathTree;
  readonly times: ShiftedTimes;
  readonly waiting: Uint8Array;
  readonly intervals: EffectiveIntervals;
  /** By span: the nearest ancestor that ends later than it does, −1 for none. */
  readonly outlivedBy: Int32Array;
  /** Whether siblings that overlap a little are read as one after the other. */
  readonly tolerateOverlap: boolean;
}

/** Where a window is kept while it waits to be explained: the part of a span's effective interval, or what of it is its own. */
const OWN = 1;

/** Finds what is on critical paths. Keeps its memory from path to path. */
export class PathWalk {
  readonly #memory: PathMemory;
  /** The children that are waited for in the window that was looked at last, the last one first. */
  readonly #picked: number[] = [];
  /** What there is still to do, the earliest last: `span * 2`, + OWN, and the window. */
  readonly #steps: number[] = [];
  readonly #stepFrom: number[] = [];
  readonly #stepTo: number[] = [];

  constructor(memory: PathMemory) {
    this.#memory = memory;
  }

  /**
   * Adds to `owned` the critical path below `root`: who is being waited for at every instant from its start to its end. Disjoint, without
   * gaps, by time; neighbours have different owners.
   *
   * Within a span, from its end backwards: the child that ends last was waited for; before its start the one that had ended by
   * then; what no child explains is the span's own.
   *
   *     R |0------------------------------100|      R 0–10, A 10–50, B 50–90, R 90–100
   *     A      |10-------50|
   *     B                  |50---------90|
   *
   * n log n: the children of a span are sorted once. No recursion.
   */
  walk(input: WalkInput, root: number, owned: OwnedTimes): void {
    const { from, to } = input.intervals;
    const steps = this.#steps;
    this.#push(root * 2, from[root] ?? 0, to[root] ?? 0);
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const since = this.#stepFrom.pop() ?? 0;
      const until = this.#stepTo.pop() ?? 0;
      const span = step >> 1;
      const explained = step & OWN ? until : this.#pushChildren(input, span, since, until);
      addOwners(owned, input, span, since, explained);
    }
  }

  #push(step: number, from: number, to: number): void {
    this.#steps.push(step);
    this.#stepFrom.push(from);
    this.#stepTo.push(to);
  }

  /** Until when the window is the span's own: what follows is put off. */
  #pushChildren(input: WalkInput, span: number, since: number, until: number): number {
    const { windowFrom, windowTo } = this.#memory;
    let explained = until;
    for (const child of this.childrenWaitedFor(input, span, since, until)) {
      const from = windowFrom[child] ?? 0;
      const end = Math.min(windowTo[child] ?? 0, explained);
      if (end < explained) this.#push(span * 2 + OWN, end, explained);
      this.#push(child * 2, from, end);
      explained = from;
    }
    return explained;
  }

  /**
   * The children of a window that are on the path, the last one first, until the next call. One that is read as done before the next
   * may overlap it.
   */
  childrenWaitedFor(
    input: WalkInput,
    span: number,
    since: number,
    until: number,
  ): readonly number[] {
    const picked = this.#picked;
    this.#collectBlocking(input, span, since, until);
    if (picked.length === 0) return picked;
    this.#sortPicked(input);
    const { from, to } = input.intervals;
    const { windowFrom, windowTo } = this.#memory;
    const parentNs = (to[span] ?? 0) - (from[span] ?? 0);
    let kept = 0;
    let explained = until;
    let nextNs = 0;
    for (const child of picked) {
      const start = windowFrom[child] ?? 0;
      const end = windowTo[child] ?? 0;
      const shorterNs = Math.min(end - start, nextNs);
      const overlapNs = input.tolerateOverlap ? toleratedOverlapNs(parentNs, shorterNs) : 0;
      if (start >= explained || end > explained + overlapNs) continue;
      picked[kept++] = child;
      explained = start;
      nextNs = end - start;
    }
    picked.length = kept;
    return picked;
  }

  /** The children that somebody waits for, with what of them lies in the window. */
  #collectBlocking(
    { tree: { firstChild, nextSibling }, waiting, intervals }: WalkInput,
    span: number,
    since: number,
    until: number,
  ): void {
    const { windowFrom, windowTo } = this.#memory;
    const picked = this.#picked;
    picked.length = 0;
    for (let child = firstChild[span] ?? -1; child !== -1; child = nextSibling[child] ?? -1) {
      if (waiting[child] !== 0) continue;
      const from = Math.max(intervals.from[child] ?? 0, since);
      const to = Math.min(intervals.to[child] ?? 0, until);
      if (from >= to) continue;
      windowFrom[child] = from;
      windowTo[child] = to;
      picked.push(child);
    }
  }

  /** Latest end first, then earliest effective start, then id. */
  #sortPicked({ tree, intervals: { from } }: WalkInput): void {
    const picked = this.#picked;
    if (picked.length < 2) return;
    const { windowTo } = this.#memory;
    const byEnd = (a: number, b: number) =>
      (windowTo[b] ?? 0) - (windowTo[a] ?? 0) ||
      (from[a] ?? 0) - (from[b] ?? 0) ||
      compareIds(tree, a, b);
    // Children come by start, and mostly end in that order too.
    picked.reverse();
    for (let i = 1; i < picked.length; i++) {
      if (byEnd(picked[i - 1] ?? 0, picked[i] ?? 0) <= 0) continue;
      picked.sort(byEnd);
      return;
    }
  }
}

/**
 * Adds to `owned` who owns time of a span's effective interval that no child explains: the span as long as it is open, after
 * that its nearest ancestor that still is. In order, without gaps.
 */
function addOwners(
  owned: OwnedTimes,
  { times: { end }, outlivedBy }: WalkInput,
  span: number,
  since: number,
  until: number,
): void {
  let from = since;
  for (let owner = span; from < until && owner !== -1; owner = outlivedBy[owner] ?? -1) {
    const to = Math.min(until, end[owner] ?? 0);
    if (from >= to) continue;
    owned.push(owner, from, to);
    from = to;
  }
}

/** For every span the nearest ancestor that ends later than it does, −1 for none. */
export function outlivingAncestors(
  { order, size, parent }: PathTree,
  { end }: ShiftedTimes,
  { outlivedBy }: PathMemory,
): Int32Array {
  for (let i = 0; i < size; i++) {
    const span = order[i] ?? 0;
    const ended = end[span] ?? 0;
    let ancestor = parent[span] ?? -1;
    while (ancestor !== -1 && (end[ancestor] ?? 0) <= ended) ancestor = outlivedBy[ancestor] ?? -1;
    outlivedBy[span] = ancestor;
  }
  return outlivedBy;
}
