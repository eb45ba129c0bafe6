import type { ShiftedTimes } from './clock-shift.ts';
import { jitterNs } from './jitter.ts';
import { EDGE } from './path-edges.ts';
import type { PathMemory } from './path-memory.ts';
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
export function waits(
  { order, size, parent }: PathTree,
  edges: Uint8Array,
  { start, end }: ShiftedTimes,
  { waiting, limit }: PathMemory,
): Uint8Array {
  for (let i = 0; i < size; i++) {
    const child = at(order, i);
    const above = at(parent, child);
    const ended = at(end, child);
    waiting[child] = 0;
    limit[child] = ended;
    if (above === -1) continue;
    const edge = at(edges, child);
    const parentEnd = at(end, above);
    // Until when the callers of the span's process can have waited.
    const lastCaller = edge & EDGE.crossing ? parentEnd : at(limit, above);
    limit[child] = lastCaller;
    const lastWaiter = Math.max(lastCaller, parentEnd);
    let bits = at(waiting, above) === 0 ? 0 : WAIT.excluded;
    if (edge & EDGE.async) bits |= WAIT.async;
    else if (!(edge & EDGE.rpc) && ended > lastWaiter + jitterNs(ended - at(start, child))) {
      bits |= WAIT.detached;
    }
    waiting[child] = bits;
  }
  return waiting;
}
