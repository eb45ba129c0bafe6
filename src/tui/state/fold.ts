import type { TraceNode } from '../../model/trace.ts';

/** Which spans hide their descendants: those at `openDepth` and deeper, with exceptions. Small, whatever the trace. */
export interface Fold {
  /** Spans less deep than this are open; null: all are. */
  readonly openDepth: number | null;
  /** Positions in `Trace.nodes` of spans that are the other way round. */
  readonly toggled: ReadonlySet<number>;
}

export const ALL_OPEN: Fold = { openDepth: null, toggled: new Set() };

export function isOpen(fold: Fold, node: TraceNode): boolean {
  const isOpenByDepth = fold.openDepth === null || node.depth < fold.openDepth;
  return isOpenByDepth !== fold.toggled.has(node.index);
}

/** `fold` with `node` open or closed. */
export function withOpen(fold: Fold, node: TraceNode, open: boolean): Fold {
  if (isOpen(fold, node) === open) return fold;
  const toggled = new Set(fold.toggled);
  if (!toggled.delete(node.index)) toggled.add(node.index);
  return { ...fold, toggled };
}

/** `fold` with every ancestor of `node` open, so that it can be seen. */
export function revealing(fold: Fold, node: TraceNode): Fold {
  const toggled = new Set(fold.toggled);
  for (let above = node.parent; above; above = above.parent) {
    if (!isOpen(fold, above) && !toggled.delete(above.index)) toggled.add(above.index);
  }
  return toggled.size === fold.toggled.size && isSubset(toggled, fold.toggled)
    ? fold
    : { ...fold, toggled };
}

function isSubset(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  for (const value of a) if (!b.has(value)) return false;
  return true;
}

/** `depth` levels of spans, exceptions forgotten. */
export function foldAt(depth: number, deepest: number): Fold {
  return { openDepth: depth >= deepest ? null : Math.max(0, depth), toggled: new Set() };
}

/** One level more (or fewer, `by` −1) open than now, exceptions forgotten; `deepest` is the deepest span's depth. */
export function foldToLevel(fold: Fold, by: 1 | -1, deepest: number): Fold {
  return foldAt(Math.min(deepest, fold.openDepth ?? deepest) + by, deepest);
}

/** All spans closed. */
export const ALL_CLOSED: Fold = { openDepth: 0, toggled: new Set() };

/** Row of the node, or of the closed ancestor that hides it. */
export function rowOf(visible: Int32Array, index: number): number {
  let low = 0;
  let high = visible.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((visible[middle] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
