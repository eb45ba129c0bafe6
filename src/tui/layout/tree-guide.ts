import type { Glyphs } from '../glyphs.ts';

/** What guides need to know of a node of a tree. */
export interface GuideNode<N> {
  readonly depth: number;
  readonly parent: N | null;
}

/** Room and density of the guides of one tree. */
export interface GuideSpace {
  readonly cells: number;
  /** 2, or 1 where the tree is too deep for that. */
  readonly cellsPerLevel: 1 | 2;
}

/** Two cells a level if the deepest node's guide fits into `cells`, else one. */
export function guideSpace(cells: number, deepest: number): GuideSpace {
  return { cells, cellsPerLevel: deepest * 2 <= cells ? 2 : 1 };
}

/**
 * The lines that lead to a node from its ancestors: `│ ├─`. Of a node deeper than there is room for, the depth and the guides of its
 * nearest ancestors: `»31 │├`. Takes time by the room, not by the depth.
 */
export function treeGuide<N extends GuideNode<N>>(
  node: N,
  isLast: (node: N) => boolean,
  space: GuideSpace,
  { guide, elidedDepth }: Glyphs,
): string {
  const { cells, cellsPerLevel } = space;
  const fits = node.depth * cellsPerLevel <= cells;
  const mark = fits ? '' : `${elidedDepth}${node.depth} `;
  const levels = fits ? node.depth : Math.max(0, Math.floor((cells - mark.length) / cellsPerLevel));
  const parts: string[] = [];
  let at: N | null = node;
  for (let level = 0; level < levels && at?.parent; level++) {
    const [end, through] = level === 0 ? [guide.last, guide.branch] : [guide.none, guide.through];
    parts.push((isLast(at) ? end : through).slice(0, cellsPerLevel));
    at = at.parent;
  }
  return mark + parts.reverse().join('');
}
