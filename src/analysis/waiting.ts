import type { ShiftedTimes } from './clock-shift.ts';
import { jitterNs } from './jitter.ts';
import { EDGE } from './path-edges.ts';
import { at, type PathTree } from './path-tree.ts';

/** Bits of why a span's parent does not wait for it; 0 = it may. */
export const WAIT = {
  /** The edge is asynchronous. */
  async: 1,
  /** It outlives everybody who could have waited for it. */
  detached: 2,
  /** It lies below a span that nobody waits for. */
  excluded: 4,
} as const;

/**
 * Whether somebody waits for each span, by number.
 *
 *     R |0----------100|
 *     A   |10--40|                    R waits for A, but not for W: it was gone long before W ended
 *     W      |20----------------300|
 *
 * Those who can wait for a child in the same process are its parent and whoever called that process; for one on another clock,
 * its parent. A call that outlives its caller was waited for until the caller gave up, so only edges that are not calls detach.
 */
export function waits(tree: PathTree, edges: Uint8Array, times: ShiftedTimes): Uint8Array {
  const result = new Uint8Array(tree.size);
  /** Until when the callers of each span's process can have waited. */
  const limit = times.end.slice();
  for (const child of tree.order) {
    const above = at(tree.parent, child);
    if (above === -1) continue;
    const edge = at(edges, child);
    const parentEnd = at(times.end, above);
    limit[child] = edge & EDGE.crossing ? parentEnd : at(limit, above);
    const end = at(times.end, child);
    const lastWaiter = Math.max(at(limit, child), parentEnd);
    let bits = at(result, above) === 0 ? 0 : WAIT.excluded;
    if (edge & EDGE.async) bits |= WAIT.async;
    else if (!(edge & EDGE.rpc) && end > lastWaiter + jitterNs(end - at(times.start, child))) {
      bits |= WAIT.detached;
    }
    result[child] = bits;
  }
  return result;
}
