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
  /** Depth of the nodes that stand at the left edge. */
  readonly baseDepth: number;
}

/** Two cells a level if the guide of a node `deepest` levels down fits into `cells`, else one. */
export function guideSpace(cells: number, deepest: number, baseDepth = 0): GuideSpace {
  return { cells, cellsPerLevel: deepest * 2 <= cells ? 2 : 1, baseDepth };
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
  const { cells, cellsPerLevel, baseDepth } = space;
  const depth = Math.max(0, node.depth - baseDepth);
  const fits = depth * cellsPerLevel <= cells;
  const mark = fits ? '' : `${elidedDepth}${depth} `;
  const levels = fits ? depth : Math.max(0, Math.floor((cells - mark.length) / cellsPerLevel));
  const parts: string[] = [];
  let at: N | null = node;
  for (let level = 0; level < levels && at?.parent; level++) {
    const [end, through] = level === 0 ? [guide.last, guide.branch] : [guide.none, guide.through];
    parts.push((isLast(at) ? end : through).slice(0, cellsPerLevel));
    at = at.parent;
  }
  return mark + parts.reverse().join('');
}
