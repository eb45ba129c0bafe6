import type { SpanId, TraceId } from '../model/ids.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { shiftedTimes, unshiftedTimes } from './clock-shift.ts';
import { effectiveIntervals } from './effective-intervals.ts';
import { type OnPathTimes, onPathTimes } from './on-path-times.ts';
import { OwnedTimes } from './owned-times.ts';
import { Clocks, pathEdges } from './path-edges.ts';
import { PathMemory } from './path-memory.ts';
import { at, idOfSpan, pathTree } from './path-tree.ts';
import { outlivingAncestors, PathWalk, type WalkInput } from './path-walk.ts';
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
  /** How much of the path each span has. */
  readonly onPath: OnPathTimes;
  /** How the spans hang together, for analyses that build on the path. */
  readonly basis: PathBasis;
}

/** A critical path in numbers, and what it was computed on. Columns are by span number and may be longer than the tree has spans. */
export interface PathBasis extends WalkInput {
  readonly trace: Trace;
  readonly edges: Uint8Array;
  /** The path of the primary root. */
  readonly owned: OwnedTimes;
  readonly walk: PathWalk;
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
  return new CriticalPaths().find(trace, options);
}

/** Finds the critical paths of many traces, in the same memory: a path is of no use once the next is looked for. */
export class CriticalPaths {
  readonly #memory = new PathMemory();
  readonly #walk = new PathWalk(this.#memory);
  readonly #owned = new OwnedTimes();
  readonly #clocks = new Clocks();

  /** The same as `criticalPath`. */
  find(trace: Trace, options: CriticalPathOptions = {}): CriticalPath {
    const { skew = true, overlapTolerance = true, root = null } = options;
    const memory = this.#memory;
    const tree = pathTree(trace.tree, root, memory);
    const edges = pathEdges(tree, this.#clocks, memory);
    const times = skew ? shiftedTimes(tree, edges, memory) : unshiftedTimes(tree, memory);
    const waiting = waits(tree, edges, times, memory);
    const intervals = effectiveIntervals(tree, edges, times, memory);
    const basis: PathBasis = {
      trace,
      tree,
      edges,
      times,
      waiting,
      intervals,
      outlivedBy: outlivingAncestors(tree, times, memory),
      tolerateOverlap: overlapTolerance,
      owned: this.#owned,
      walk: this.#walk,
    };
    this.#owned.clear();
    this.#walk.walk(basis, tree.primary, this.#owned);
    return new FoundPath(basis, memory);
  }
}

type Unwaited = Pick<CriticalPath, 'detached' | 'asynchronous' | 'outside'>;

/** What was found, put into words when somebody asks: sums over many traces need the numbers alone. */
class FoundPath implements CriticalPath {
  readonly basis: PathBasis;
  readonly #memory: PathMemory;
  #onPath: OnPathTimes | null = null;
  #sections: readonly PathSection[] | null = null;
  #otherRoots: readonly RootPath[] | null = null;
  #unwaited: Unwaited | null = null;
  #shifts: readonly ClockShift[] | null = null;

  constructor(basis: PathBasis, memory: PathMemory) {
    this.basis = basis;
    this.#memory = memory;
  }

  get onPath(): OnPathTimes {
    this.#onPath ??= onPathTimes(this.basis.tree, this.basis.owned, this.#memory);
    return this.#onPath;
  }

  get traceId(): TraceId {
    return this.basis.trace.traceId;
  }

  get root(): TraceNode | null {
    return this.basis.trace.nodes[this.basis.tree.primary] ?? null;
  }

  get rootId(): SpanId {
    return idOfSpan(this.basis.tree, this.basis.tree.primary);
  }

  get startNs(): Nanos {
    return nanos(at(this.basis.times.start, this.basis.tree.primary));
  }

  get endNs(): Nanos {
    return nanos(at(this.basis.times.end, this.basis.tree.primary));
  }

  get sections(): readonly PathSection[] {
    this.#sections ??= this.#sectionsOf(this.basis.owned);
    return this.#sections;
  }

  get otherRoots(): readonly RootPath[] {
    this.#otherRoots ??= this.basis.tree.otherRoots.map((root) => this.#pathOf(root));
    return this.#otherRoots;
  }

  get detached(): readonly TraceNode[] {
    return this.#listUnwaited().detached;
  }

  get asynchronous(): readonly TraceNode[] {
    return this.#listUnwaited().asynchronous;
  }

  get outside(): readonly TraceNode[] {
    return this.#listUnwaited().outside;
  }

  get shifts(): readonly ClockShift[] {
    this.#shifts ??= clockShifts(this.basis, this.basis.trace.nodes);
    return this.#shifts;
  }

  get lostParents(): readonly LostParent[] {
    const { placeholders, spans, parent } = this.basis.tree;
    return placeholders.map(({ spanId, startNs, endNs, orphans }, i) => ({
      spanId,
      startNs: nanos(startNs),
      endNs: nanos(endNs),
      orphans: orphans.length,
      isAdopted: parent[spans.size + i] !== -1,
    }));
  }

  get lostNs(): Nanos {
    const { tree, owned } = this.basis;
    let lostNs = 0;
    for (let i = 0; i < owned.count; i++) {
      if (at(owned.owner, i) >= tree.spans.size) lostNs += at(owned.to, i) - at(owned.from, i);
    }
    return nanos(lostNs);
  }

  get tailNs(): Nanos {
    return nanos(Math.max(0, this.basis.trace.durationNs - this.endNs));
  }

  #listUnwaited(): Unwaited {
    this.#unwaited ??= unwaited(this.basis, this.basis.trace.nodes);
    return this.#unwaited;
  }

  #pathOf(root: number): RootPath {
    const { tree, times, walk } = this.basis;
    const owned = new OwnedTimes();
    walk.walk(this.basis, root, owned);
    return {
      root: this.basis.trace.nodes[root] ?? null,
      rootId: idOfSpan(tree, root),
      startNs: nanos(at(times.start, root)),
      endNs: nanos(at(times.end, root)),
      sections: this.#sectionsOf(owned),
    };
  }

  #sectionsOf(owned: OwnedTimes): PathSection[] {
    const { nodes } = this.basis.trace;
    const { tree, times } = this.basis;
    return Array.from({ length: owned.count }, (_, i) => {
      const owner = at(owned.owner, i);
      const node = nodes[owner] ?? null;
      return {
        node,
        spanId: node?.span.spanId ?? idOfSpan(tree, owner),
        startNs: nanos(at(owned.from, i)),
        endNs: nanos(at(owned.to, i)),
        shiftNs: nanos(at(times.shift, owner)),
      };
    });
  }
}

function clockShifts({ times }: WalkInput, nodes: readonly TraceNode[]): ClockShift[] {
  const shifts: ClockShift[] = [];
  for (const node of nodes) {
    const shiftNs = at(times.shift, node.index);
    if (shiftNs !== 0) shifts.push({ node, shiftNs: nanos(shiftNs) });
  }
  return shifts;
}

function unwaited({ tree, waiting, intervals }: WalkInput, nodes: readonly TraceNode[]): Unwaited {
  const detached: TraceNode[] = [];
  const asynchronous: TraceNode[] = [];
  const outside: TraceNode[] = [];
  for (const node of nodes) {
    const bits = at(waiting, node.index);
    const isEmpty = at(intervals.from, node.index) >= at(intervals.to, node.index);
    if (bits & WAIT.async) asynchronous.push(node);
    else if (bits === WAIT.detached) detached.push(node);
    else if (bits === 0 && isEmpty && tree.parent[node.index] !== -1) outside.push(node);
  }
  return { detached, asynchronous, outside };
}
