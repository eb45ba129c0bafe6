import { SPAN_KINDS, STATUS_CODES } from '../model/span.ts';
import { EDGE } from './path-edges.ts';
import type { PathMemory } from './path-memory.ts';
import { at, type PathTree } from './path-tree.ts';

/** How far each span's clock is moved, and where the spans then are, by number. */
export interface ShiftedTimes {
  /** What was added to the times as read; 0 where nothing was wrong. */
  readonly shift: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** The times as read. */
export function unshiftedTimes(
  { size, start, end }: PathTree,
  { shift }: PathMemory,
): ShiftedTimes {
  return { shift: shift.fill(0, 0, size), start, end };
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
export function shiftedTimes(tree: PathTree, edges: Uint8Array, memory: PathMemory): ShiftedTimes {
  const times = { shift: memory.shift, start: memory.shiftedStart, end: memory.shiftedEnd };
  const calls = callCounts(tree, edges, memory);
  for (let i = 0; i < tree.size; i++) {
    const span = tree.order[i] ?? 0;
    const above = tree.parent[span] ?? -1;
    const shift = above === -1 ? 0 : shiftBelow(above, span, { tree, edges, times, calls });
    times.shift[span] = shift;
    times.start[span] = (tree.start[span] ?? 0) + shift;
    times.end[span] = (tree.end[span] ?? 0) + shift;
  }
  return times;
}

interface Shifting {
  readonly tree: PathTree;
  readonly edges: Uint8Array;
  readonly times: ShiftedTimes;
  /** By span: remote calls below it. */
  readonly calls: Int32Array;
}

function shiftBelow(above: number, child: number, { tree, edges, times, calls }: Shifting): number {
  if (((edges[child] ?? 0) & EDGE.crossing) === 0) return times.shift[above] ?? 0;
  return edgeShift({ tree, edges, times, child, above, isOnlyCall: calls[above] === 1 });
}

interface CrossedEdge {
  readonly tree: PathTree;
  readonly edges: Uint8Array;
  readonly times: ShiftedTimes;
  readonly child: number;
  readonly above: number;
  /** The child is the only remote call below its parent. */
  readonly isOnlyCall: boolean;
}

function edgeShift(crossed: CrossedEdge): number {
  const { tree, edges, times, child, above } = crossed;
  const edge = at(edges, child);
  if (edge & (EDGE.async | EDGE.lost)) return 0;
  const start = at(tree.start, child);
  const parentStart = at(times.start, above);
  const roomNs = at(times.end, above) - parentStart;
  const durationNs = at(tree.end, child) - start;
  if (edge & EDGE.rpc && crossed.isOnlyCall && durationNs <= roomNs && isSkewed(crossed)) {
    const tick = tickNs(tree);
    const extentNs = processExtent(tree, edges, child, roomNs);
    const lead = Math.floor((roomNs - extentNs) / 2 / tick) * tick;
    return parentStart + lead - start;
  }
  return Math.max(0, parentStart - start);
}

function isSkewed({ tree, times, child, above }: CrossedEdge): boolean {
  if (at(tree.start, child) < at(times.start, above)) return true;
  const { kind, status } = tree.spans;
  return (
    kind[above] === CLIENT &&
    status[above] !== ERROR &&
    kind[child] === SERVER &&
    at(tree.end, child) > at(times.end, above)
  );
}

const CLIENT = SPAN_KINDS.indexOf('client');
const SERVER = SPAN_KINDS.indexOf('server');
const ERROR = STATUS_CODES.indexOf('error');

/** From the child's start to the latest end in its process that is no more than `roomNs` later. */
function processExtent(tree: PathTree, edges: Uint8Array, child: number, roomNs: number): number {
  const start = at(tree.start, child);
  let extentNs = 0;
  const waiting = [child];
  for (let span = waiting.pop(); span !== undefined; span = waiting.pop()) {
    const reachNs = at(tree.end, span) - start;
    if (reachNs <= roomNs) extentNs = Math.max(extentNs, reachNs);
    for (let below = at(tree.firstChild, span); below !== -1; below = at(tree.nextSibling, below)) {
      if (!(at(edges, below) & (EDGE.crossing | EDGE.async))) waiting.push(below);
    }
  }
  return extentNs;
}

function callCounts(
  { size, parent }: PathTree,
  edges: Uint8Array,
  { calls }: PathMemory,
): Int32Array {
  calls.fill(0, 0, size);
  for (let child = 0; child < size; child++) {
    if (((edges[child] ?? 0) & EDGE.rpc) === 0) continue;
    const above = parent[child] ?? -1;
    calls[above] = (calls[above] ?? 0) + 1;
  }
  return calls;
}

const MICROSECOND = 1_000;

/** The resolution that the trace's clocks seem to have: 1,000 if all offsets and lengths are whole microseconds, else 1. */
function tickNs({ size, start, end }: PathTree): number {
  for (let span = 0; span < size; span++) {
    if ((start[span] ?? 0) % MICROSECOND !== 0 || (end[span] ?? 0) % MICROSECOND !== 0) return 1;
  }
  return MICROSECOND;
}
