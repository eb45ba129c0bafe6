import type { ShiftedTimes } from './clock-shift.ts';
import { jitterNs } from './jitter.ts';
import { EDGE } from './path-edges.ts';
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
  waiting: Uint8Array,
  times: ShiftedTimes,
): EffectiveIntervals {
  const busyUntil = lateEnds(tree, edges, waiting, times);
  const from = times.start.slice();
  const to = times.end.slice();
  for (const child of tree.order) {
    const above = at(tree.parent, child);
    if (above === -1) continue;
    const parentEnd = at(edges, child) & EDGE.crossing ? at(times.end, above) : Infinity;
    from[child] = Math.max(at(times.start, child), at(from, above));
    to[child] = Math.min(at(busyUntil, child), at(to, above), parentEnd);
  }
  return { from, to };
}

function lateEnds(
  tree: PathTree,
  edges: Uint8Array,
  waiting: Uint8Array,
  times: ShiftedTimes,
): Float64Array {
  const latest = times.end.slice();
  for (let i = tree.order.length - 1; i >= 0; i--) {
    const child = at(tree.order, i);
    const above = at(tree.parent, child);
    if (above === -1 || at(waiting, child) !== 0 || at(edges, child) & EDGE.crossing) continue;
    const durationNs = at(times.end, child) - at(times.start, child);
    const isLate = at(latest, child) > at(times.end, above) + jitterNs(durationNs);
    if (isLate) latest[above] = Math.max(at(latest, above), at(latest, child));
  }
  return latest;
}
