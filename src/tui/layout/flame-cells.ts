import type { FlameTree } from '../flame-tree.ts';

/** Where a call path is drawn: columns `from` to before `to`. */
export interface FlameCell {
  /** Position in `FlameTree.nodes`. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

interface Placed {
  readonly at: number;
  readonly x: number;
  readonly width: number;
}

/**
 * The call paths below `root` (-1: all), one row a level. A path is as wide as its part of its caller's time; children that ran
 * beside each other share the caller's width. Paths of less than half a cell are left out.
 */
export function flameCells(tree: FlameTree, root: number, columns: number): FlameCell[][] {
  const rows: FlameCell[][] = [];
  const first = root >= 0 ? [root] : childrenOf(tree, -1);
  let level = placed(tree, first, 0, columns, root >= 0 ? null : tree.totalNs);
  while (level.length > 0) {
    rows.push(level.map(cellOf));
    const next: Placed[] = [];
    for (const { at, x, width } of level) {
      const totalNs = tree.nodes[at]?.totalNs ?? 0;
      next.push(...placed(tree, childrenOf(tree, at), x, width, totalNs));
    }
    level = next;
  }
  return rows;
}

function cellOf({ at, x, width }: Placed): FlameCell {
  const from = Math.round(x);
  return { at, from, to: Math.max(from + 1, Math.round(x + width)) };
}

function childrenOf({ nodes }: FlameTree, parent: number): number[] {
  const children: number[] = [];
  const end = parent < 0 ? nodes.length : (nodes[parent]?.end ?? 0);
  for (let at = parent + 1; at < end; at = nodes[at]?.end ?? end) children.push(at);
  return children;
}

/** Side by side from `x` on; `wholeNs` is what `width` stands for, null: all of them together. */
function placed(
  { nodes }: FlameTree,
  children: readonly number[],
  x: number,
  width: number,
  wholeNs: number | null,
): Placed[] {
  const sum = children.reduce((total, at) => total + (nodes[at]?.totalNs ?? 0), 0);
  const whole = Math.max(1, sum, wholeNs ?? 0);
  const result: Placed[] = [];
  let left = x;
  for (const at of children) {
    const cells = ((nodes[at]?.totalNs ?? 0) / whole) * width;
    if (cells >= LEAST_CELLS) result.push({ at, x: left, width: cells });
    left += cells;
  }
  return result;
}

const LEAST_CELLS = 0.5;
