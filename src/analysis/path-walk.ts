import type { ShiftedTimes } from './clock-shift.ts';
import type { EffectiveIntervals } from './effective-intervals.ts';
import { toleratedOverlapNs } from './jitter.ts';
import { at, type PathTree } from './path-tree.ts';

/** A stretch of time that one span owns: nobody below it was being waited for. */
export interface OwnedTime {
  /** Number in the `PathTree`. */
  readonly owner: number;
  readonly from: number;
  readonly to: number;
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
  const ownTime = (span: number, since: number, until: number) => {
    for (const time of owners(input, span, since, until)) owned.push(time);
  };
  const windows: Window[] = [{ span: root, from: at(from, root), to: at(to, root) }];
  for (let window = windows.pop(); window; window = windows.pop()) {
    let explained = window.to;
    for (const child of childrenWaitedFor(input, window)) {
      const to = Math.min(child.to, explained);
      ownTime(window.span, to, explained);
      windows.push({ ...child, to });
      explained = child.from;
    }
    ownTime(window.span, window.from, explained);
  }
  return joined(owned.sort((a, b) => a.from - b.from));
}

/** The children of a window that are on the path, the last one first. One that is read as done before the next may overlap it. */
export function childrenWaitedFor(input: WalkInput, window: Window): Window[] {
  const { intervals, tolerateOverlap } = input;
  const parentNs = at(intervals.to, window.span) - at(intervals.from, window.span);
  const picked: Window[] = [];
  let explained = window.to;
  let next: Window | null = null;
  for (const child of blockingChildren(input, window)) {
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
function blockingChildren(input: WalkInput, window: Window): Window[] {
  const { tree, waiting, intervals } = input;
  const children: Window[] = [];
  for (const span of tree.children[window.span] ?? []) {
    const from = Math.max(at(intervals.from, span), window.from);
    const to = Math.min(at(intervals.to, span), window.to);
    if (at(waiting, span) === 0 && from < to) children.push({ span, from, to });
  }
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
 * Who owns time of a span's effective interval that no child explains: the span as long as it is open, after that its nearest
 * ancestor that still is. In order, without gaps.
 */
export function owners(
  { times, outlivedBy }: WalkInput,
  span: number,
  since: number,
  until: number,
): OwnedTime[] {
  const owned: OwnedTime[] = [];
  let from = since;
  for (let owner = span; from < until && owner !== -1; owner = at(outlivedBy, owner)) {
    const to = Math.min(until, at(times.end, owner));
    if (from >= to) continue;
    owned.push({ owner, from, to });
    from = to;
  }
  return owned;
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

function joined(owned: readonly OwnedTime[]): OwnedTime[] {
  const result: OwnedTime[] = [];
  for (const time of owned) {
    const last = result.at(-1);
    if (last?.owner === time.owner && last.to === time.from) {
      result[result.length - 1] = { ...last, to: time.to };
    } else result.push(time);
  }
  return result;
}
