import type { ShiftedTimes } from './clock-shift.ts';
import { jitterNs } from './jitter.ts';
import { EDGE } from './path-edges.ts';
import type { PathMemory } from './path-memory.ts';
import { at, type PathTree } from './path-tree.ts';

/** When each span can be on the critical path, by number: never outside its parent's interval. Empty when from ≥ to. */
export interface EffectiveIntervals {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/**
 * The effective interval of every span that somebody waits for. A root's is its own. A child's starts no earlier than its
 * parent's and ends no later; on another clock it also ends with its parent, who cannot have waited longer. Within a process it
 * lasts as long as its late children: a server span that was closed early is still at work.
 *
 *     C |100---------------------------900|
 *     S    |150--300|                          effectively 150–850
 *     X       |250-----------------850|
 */
export function effectiveIntervals(
  tree: PathTree,
  edges: Uint8Array,
  { start, end }: ShiftedTimes,
  memory: PathMemory,
): EffectiveIntervals {
  const busyUntil = lateEnds(tree, edges, { start, end }, memory);
  const { from, to } = memory;
  for (let i = 0; i < tree.size; i++) {
    const child = tree.order[i] ?? 0;
    const above = tree.parent[child] ?? -1;
    if (above === -1) {
      from[child] = start[child] ?? 0;
      to[child] = end[child] ?? 0;
      continue;
    }
    const parentEnd = (edges[child] ?? 0) & EDGE.crossing ? (end[above] ?? 0) : Infinity;
    from[child] = Math.max(start[child] ?? 0, from[above] ?? 0);
    to[child] = Math.min(busyUntil[child] ?? 0, to[above] ?? 0, parentEnd);
  }
  return { from, to };
}

function lateEnds(
  { order, size, parent }: PathTree,
  edges: Uint8Array,
  { start, end }: Pick<ShiftedTimes, 'start' | 'end'>,
  { busyUntil: latest, waiting }: PathMemory,
): Float64Array {
  for (let span = 0; span < size; span++) latest[span] = at(end, span);
  for (let i = size - 1; i >= 0; i--) {
    const child = at(order, i);
    const above = at(parent, child);
    if (above === -1 || at(waiting, child) !== 0 || at(edges, child) & EDGE.crossing) continue;
    const until = at(latest, child);
    const isLate = until > at(end, above) + jitterNs(at(end, child) - at(start, child));
    if (isLate) latest[above] = Math.max(at(latest, above), until);
  }
  return latest;
}
