import type { OwnedTimes } from './owned-times.ts';
import type { PathMemory } from './path-memory.ts';
import type { PathTree } from './path-tree.ts';

/** How much of the primary root's critical path each span has, by number. */
export interface OnPathTimes {
  /** What it owns. */
  readonly ownNs: Float64Array;
  /** What it or any span below it owns. */
  readonly belowNs: Float64Array;
}

/** The times of a path. Linear. */
export function onPathTimes(
  { order, parent, size }: PathTree,
  owned: OwnedTimes,
  { ownNs, belowNs }: Pick<PathMemory, 'ownNs' | 'belowNs'>,
): OnPathTimes {
  ownNs.fill(0, 0, size);
  for (let i = 0; i < owned.count; i++) {
    const owner = owned.owner[i] ?? 0;
    ownNs[owner] = (ownNs[owner] ?? 0) + (owned.to[i] ?? 0) - (owned.from[i] ?? 0);
  }
  for (let span = 0; span < size; span++) belowNs[span] = ownNs[span] ?? 0;
  for (let i = size - 1; i >= 0; i--) {
    const span = order[i] ?? 0;
    const above = parent[span] ?? -1;
    if (above !== -1) belowNs[above] = (belowNs[above] ?? 0) + (belowNs[span] ?? 0);
  }
  return { ownNs, belowNs };
}
