import type { SpanId, TraceId } from '../model/ids.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { shiftedTimes, unshiftedTimes } from './clock-shift.ts';
import { effectiveIntervals } from './effective-intervals.ts';
import { pathEdges } from './path-edges.ts';
import { at, type PathTree, pathTree } from './path-tree.ts';
import { outlivingAncestors, type WalkInput, walkPath } from './path-walk.ts';
import { WAIT, waits } from './waiting.ts';

export interface CriticalPathOptions {
  /** Correct clocks that their callers prove wrong. Default true. */
  readonly skew?: boolean;
  /** Read siblings that overlap a little as one after the other. Default true. */
  readonly overlapTolerance?: boolean;
  /** The span to explain instead of the primary root; of a lost parent the missing id. */
  readonly root?: SpanId | null;
}

/** A stretch of time that one span owns on a critical path. Offsets from the trace's start on the root's clock, `[start, end)`. */
export interface PathSection {
  /** Null for a lost parent, of which only the id is known. */
  readonly node: TraceNode | null;
  readonly spanId: SpanId;
  readonly startNs: Nanos;
  readonly endNs: Nanos;
  /** What was added to the span's own times; subtract it to get back to them. */
  readonly shiftNs: Nanos;
}

/** What one root waited for. */
export interface RootPath {
  /** Null when the root is a lost parent: the path is that of the orphans which name it. */
  readonly root: TraceNode | null;
  readonly rootId: SpanId;
  readonly startNs: Nanos;
  readonly endNs: Nanos;
  /** Disjoint, by time, covering exactly the root's interval. Empty for a root without length. */
  readonly sections: readonly PathSection[];
}

/** A span whose clock was moved. */
export interface ClockShift {
  readonly node: TraceNode;
  readonly shiftNs: Nanos;
}

/** A parent that the trace lacks, standing where its orphans are. */
export interface LostParent {
  readonly spanId: SpanId;
  readonly startNs: Nanos;
  readonly endNs: Nanos;
  readonly orphans: number;
  /** It lies inside the primary root and was taken for a descendant of it. */
  readonly isAdopted: boolean;
}

/** Lists of spans are in tree order. */
export interface CriticalPath extends RootPath {
  readonly traceId: TraceId;
  /** Paths of the other roots and lost parents, by start, then longest, then id. Never part of the primary one. */
  readonly otherRoots: readonly RootPath[];
  /** Spans that outlive everybody who could have waited for them; what is below them is off the path too. */
  readonly detached: readonly TraceNode[];
  /** Spans that only follow from their parent, and consumers of messages. */
  readonly asynchronous: readonly TraceNode[];
  /** Spans with nothing left inside the interval of their parents, and those without length. */
  readonly outside: readonly TraceNode[];
  /** Spans whose times were moved, with everything of their process. */
  readonly shifts: readonly ClockShift[];
  readonly lostParents: readonly LostParent[];
  /** Time of the path that belongs to lost parents: for this part there is no evidence. */
  readonly lostNs: Nanos;
  /** From the end of the root to the end of the trace, on the clocks as read: work after the answer. 0 when the root ends last. */
  readonly tailNs: Nanos;
  /** How the spans hang together, for analyses that build on the path. */
  readonly basis: PathBasis;
}

/** What a critical path was computed on, by span number. */
export interface PathBasis extends WalkInput {
  readonly edges: Uint8Array;
}

/**
 * The critical path of a trace: at every instant of its root's life the span that was being waited for.
 *
 * Only time stamps speak: a call is taken to wait for those siblings that had ended when it started. That cannot show which of
 * several earlier siblings it needed, that the answer of a hedged call came from the first, or that a finished background task
 * was never waited for; and a corrected clock is centred, not measured.
 *
 * Guarantees: the sections of a path are disjoint, ordered and cover exactly its root; every owner is open at that time (on the
 * root's clock); the result depends neither on the order of the spans nor on when the trace happened. n log n, no recursion.
 * Throws a `UserError` when `options.root` is not a span of the trace.
 */
export function criticalPath(trace: Trace, options: CriticalPathOptions = {}): CriticalPath {
  const { skew = true, overlapTolerance = true, root = null } = options;
  const tree = pathTree(trace, root);
  const edges = pathEdges(tree);
  const times = skew ? shiftedTimes(tree, edges) : unshiftedTimes(tree);
  const waiting = waits(tree, edges, times);
  const intervals = effectiveIntervals(tree, edges, waiting, times);
  const walk: WalkInput = {
    tree,
    times,
    waiting,
    intervals,
    outlivedBy: outlivingAncestors(tree, times),
    tolerateOverlap: overlapTolerance,
  };
  const primary = rootPath(walk, tree.primary);
  return {
    traceId: trace.traceId,
    ...primary,
    otherRoots: tree.otherRoots.map((other) => rootPath(walk, other)),
    ...unwaited(walk),
    shifts: clockShifts(walk),
    lostParents: tree.placeholders.map(({ spanId, startNs, endNs, orphans }, i) => ({
      spanId,
      startNs: nanos(startNs),
      endNs: nanos(endNs),
      orphans: orphans.length,
      isAdopted: tree.parent[tree.nodes.length + i] !== -1,
    })),
    lostNs: nanos(primary.sections.reduce((sum, s) => sum + (s.node ? 0 : s.endNs - s.startNs), 0)),
    tailNs: nanos(Math.max(0, trace.durationNs - primary.endNs)),
    basis: { ...walk, edges },
  };
}

function rootPath(walk: WalkInput, root: number): RootPath {
  const { tree, times } = walk;
  return {
    root: tree.nodes[root] ?? null,
    rootId: idOf(tree, root),
    startNs: nanos(at(times.start, root)),
    endNs: nanos(at(times.end, root)),
    sections: walkPath(walk, root).map(({ owner, from, to }) => ({
      node: tree.nodes[owner] ?? null,
      spanId: idOf(tree, owner),
      startNs: nanos(from),
      endNs: nanos(to),
      shiftNs: nanos(at(times.shift, owner)),
    })),
  };
}

function clockShifts({ tree, times }: WalkInput): ClockShift[] {
  const shifts: ClockShift[] = [];
  for (const node of tree.nodes) {
    const shiftNs = at(times.shift, node.index);
    if (shiftNs !== 0) shifts.push({ node, shiftNs: nanos(shiftNs) });
  }
  return shifts;
}

function unwaited({
  tree,
  waiting,
  intervals,
}: WalkInput): Pick<CriticalPath, 'detached' | 'asynchronous' | 'outside'> {
  const detached: TraceNode[] = [];
  const asynchronous: TraceNode[] = [];
  const outside: TraceNode[] = [];
  for (const node of tree.nodes) {
    const bits = at(waiting, node.index);
    const isEmpty = at(intervals.from, node.index) >= at(intervals.to, node.index);
    if (bits & WAIT.async) asynchronous.push(node);
    else if (bits === WAIT.detached) detached.push(node);
    else if (bits === 0 && isEmpty && tree.parent[node.index] !== -1) outside.push(node);
  }
  return { detached, asynchronous, outside };
}

function idOf({ nodes, placeholders }: PathTree, span: number): SpanId {
  const id = nodes[span]?.span.spanId ?? placeholders[span - nodes.length]?.spanId;
  if (id === undefined) throw new RangeError(`no span has the number ${span}`);
  return id;
}
