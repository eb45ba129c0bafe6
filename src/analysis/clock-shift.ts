import { EDGE } from './path-edges.ts';
import { at, type PathTree } from './path-tree.ts';

/** How far each span's clock is moved, and where the spans then are, by number. */
export interface ShiftedTimes {
  /** What was added to the times as read; 0 where nothing was wrong. */
  readonly shift: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** The times as read. */
export function unshiftedTimes({ size, start, end }: PathTree): ShiftedTimes {
  return { shift: new Float64Array(size), start, end };
}

/**
 * The times on the clock of each tree's root. A process is moved only where its caller proves that the clocks disagree:
 *
 *     client        |100------------200|        the server cannot start before its client:
 *     server   |50-----------130|               centred, +60
 *     inside     |60------120|                  same process, moves along
 *
 * A server that is its client's only call and no longer than it is centred if it starts before the client, or if it ends after
 * a client that succeeded (which has seen the answer, whereas a client in error may have left the server behind). Any other
 * child on another clock that starts before its parent is aligned with the parent's start. Nothing else is moved. To centre, what
 * counts is the longest part of the server's process that fits into the client.
 *
 * Half a nanosecond is rounded down, or half a microsecond in a trace that is all in whole microseconds: a shifted time has no
 * digits that no clock has read. Linear.
 */
export function shiftedTimes(tree: PathTree, edges: Uint8Array): ShiftedTimes {
  const times: ShiftedTimes = {
    shift: new Float64Array(tree.size),
    start: tree.start.slice(),
    end: tree.end.slice(),
  };
  const tick = tickNs(tree);
  const calls = callCounts(tree, edges);
  for (const child of tree.order) {
    const above = at(tree.parent, child);
    if (above === -1) continue;
    const edge = at(edges, child);
    const isMoved = edge & EDGE.crossing;
    const shift = isMoved
      ? edgeShift({ tree, edges, times, child, above, tick, isOnlyCall: at(calls, above) === 1 })
      : at(times.shift, above);
    times.shift[child] = shift;
    times.start[child] = at(tree.start, child) + shift;
    times.end[child] = at(tree.end, child) + shift;
  }
  return times;
}

interface CrossedEdge {
  readonly tree: PathTree;
  readonly edges: Uint8Array;
  readonly times: ShiftedTimes;
  readonly child: number;
  readonly above: number;
  readonly tick: number;
  /** The child is the only remote call below its parent. */
  readonly isOnlyCall: boolean;
}

function edgeShift(crossed: CrossedEdge): number {
  const { tree, edges, times, child, above, tick } = crossed;
  const edge = at(edges, child);
  if (edge & (EDGE.async | EDGE.lost)) return 0;
  const start = at(tree.start, child);
  const parentStart = at(times.start, above);
  const roomNs = at(times.end, above) - parentStart;
  const durationNs = at(tree.end, child) - start;
  if (edge & EDGE.rpc && crossed.isOnlyCall && durationNs <= roomNs && isSkewed(crossed)) {
    const extentNs = processExtent(tree, edges, child, roomNs);
    const lead = Math.floor((roomNs - extentNs) / 2 / tick) * tick;
    return parentStart + lead - start;
  }
  return Math.max(0, parentStart - start);
}

function isSkewed({ tree, times, child, above }: CrossedEdge): boolean {
  if (at(tree.start, child) < at(times.start, above)) return true;
  const parent = tree.nodes[above]?.span;
  return (
    parent?.kind === 'client' &&
    parent.statusCode !== 'error' &&
    tree.nodes[child]?.span.kind === 'server' &&
    at(tree.end, child) > at(times.end, above)
  );
}

/** From the child's start to the latest end in its process that is no more than `roomNs` later. */
function processExtent(tree: PathTree, edges: Uint8Array, child: number, roomNs: number): number {
  const start = at(tree.start, child);
  let extentNs = 0;
  const waiting = [child];
  for (let span = waiting.pop(); span !== undefined; span = waiting.pop()) {
    const reachNs = at(tree.end, span) - start;
    if (reachNs <= roomNs) extentNs = Math.max(extentNs, reachNs);
    for (const below of tree.children[span] ?? []) {
      if (!(at(edges, below) & (EDGE.crossing | EDGE.async))) waiting.push(below);
    }
  }
  return extentNs;
}

function callCounts(tree: PathTree, edges: Uint8Array): Int32Array {
  const calls = new Int32Array(tree.size);
  edges.forEach((edge, child) => {
    if (edge & EDGE.rpc) calls[at(tree.parent, child)] = at(calls, at(tree.parent, child)) + 1;
  });
  return calls;
}

const MICROSECOND = 1_000;

/** The resolution that the trace's clocks seem to have: 1,000 if all offsets and lengths are whole microseconds, else 1. */
function tickNs({ start, end }: PathTree): number {
  const isCoarse = (ns: number) => ns % MICROSECOND === 0;
  return start.every(isCoarse) && end.every(isCoarse) ? MICROSECOND : 1;
}
