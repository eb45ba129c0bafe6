import type { ShiftedTimes } from './clock-shift.ts';
import type { EffectiveIntervals } from './effective-intervals.ts';
import { toleratedOverlapNs } from './jitter.ts';
import { at, type PathTree } from './path-tree.ts';

/** A stretch of time that one span owns: nobody below it was being waited for. */
export interface OwnedTime {
  /** Number in the `PathTree`. */
  readonly owner: number;
  readonly from: number;
  to: number;
}

/** Everything the walk reads. */
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

/** A span and the part of its effective interval that is to be explained. */
export interface Window {
  readonly span: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The critical path below `root`: who is being waited for at every instant from its start to its end. Disjoint, without gaps,
 * by time; neighbours have different owners.
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
export function walkPath(input: WalkInput, root: number): OwnedTime[] {
  const { from, to } = input.intervals;
  const owned: OwnedTime[] = [];
  const steps: Step[] = [{ span: root, from: at(from, root), to: at(to, root), isOwn: false }];
  for (let step = steps.pop(); step; step = steps.pop()) {
    const { span } = step;
    let explained = step.to;
    for (const child of step.isOwn ? NO_WINDOWS : childrenWaitedFor(input, step)) {
      const end = Math.min(child.to, explained);
      if (end < explained) steps.push({ span, from: end, to: explained, isOwn: true });
      steps.push({ span: child.span, from: child.from, to: end, isOwn: false });
      explained = child.from;
    }
    addOwners(owned, input, span, step.from, explained);
  }
  return owned;
}

/** What the walk has still to do, the earliest last: a window to be explained, or one that is a span's own. */
interface Step extends Window {
  readonly isOwn: boolean;
}

const NO_WINDOWS: readonly Window[] = [];

/** The children of a window that are on the path, the last one first. One that is read as done before the next may overlap it. */
export function childrenWaitedFor(input: WalkInput, window: Window): readonly Window[] {
  const blocking = blockingChildren(input, window);
  if (blocking.length === 0) return NO_WINDOWS;
  const { intervals, tolerateOverlap } = input;
  const parentNs = at(intervals.to, window.span) - at(intervals.from, window.span);
  const picked: Window[] = [];
  let explained = window.to;
  let next: Window | null = null;
  for (const child of blocking) {
    const shorterNs = next ? Math.min(child.to - child.from, next.to - next.from) : 0;
    const overlapNs = tolerateOverlap ? toleratedOverlapNs(parentNs, shorterNs) : 0;
    if (child.from >= explained || child.to > explained + overlapNs) continue;
    picked.push(child);
    explained = child.from;
    next = child;
  }
  return picked;
}

/** The children that somebody waits for, cut to the window: latest end first, then earliest effective start, then id. */
function blockingChildren(input: WalkInput, window: Window): readonly Window[] {
  const { tree, waiting, intervals } = input;
  const below = tree.children[window.span];
  if (below === undefined || below.length === 0) return NO_WINDOWS;
  const children: Window[] = [];
  for (const span of below) {
    const from = Math.max(at(intervals.from, span), window.from);
    const to = Math.min(at(intervals.to, span), window.to);
    if (at(waiting, span) === 0 && from < to) children.push({ span, from, to });
  }
  if (children.length < 2) return children;
  return children.sort(
    (a, b) =>
      b.to - a.to ||
      at(intervals.from, a.span) - at(intervals.from, b.span) ||
      compareIds(tree, a.span, b.span),
  );
}

/** Placeholders after spans. */
function compareIds({ nodes, placeholders }: PathTree, a: number, b: number): number {
  const idOf = (i: number) =>
    nodes[i]?.span.spanId ?? `missing:${placeholders[i - nodes.length]?.spanId}`;
  const [idA, idB] = [idOf(a), idOf(b)];
  if (idA === idB) return a - b;
  return idA < idB ? -1 : 1;
}

/**
 * Adds to `owned` who owns time of a span's effective interval that no child explains: the span as long as it is open, after
 * that its nearest ancestor that still is. In order, without gaps; what continues the last of `owned` is joined to it.
 */
function addOwners(
  owned: OwnedTime[],
  { times, outlivedBy }: WalkInput,
  span: number,
  since: number,
  until: number,
): void {
  let from = since;
  for (let owner = span; from < until && owner !== -1; owner = at(outlivedBy, owner)) {
    const to = Math.min(until, at(times.end, owner));
    if (from >= to) continue;
    const last = owned.at(-1);
    if (last?.owner === owner && last.to === from) last.to = to;
    else owned.push({ owner, from, to });
    from = to;
  }
}

/** For every span the nearest ancestor that ends later than it does, −1 for none. */
export function outlivingAncestors(tree: PathTree, times: ShiftedTimes): Int32Array {
  const outlivedBy = new Int32Array(tree.size).fill(-1);
  for (const span of tree.order) {
    let ancestor = at(tree.parent, span);
    while (ancestor !== -1 && at(times.end, ancestor) <= at(times.end, span)) {
      ancestor = at(outlivedBy, ancestor);
    }
    outlivedBy[span] = ancestor;
  }
  return outlivedBy;
}
