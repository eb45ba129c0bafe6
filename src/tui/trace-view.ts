import { buildTrace } from '../analysis/build-trace.ts';
import { type CriticalPath, criticalPath } from '../analysis/critical-path.ts';
import { selfTimes } from '../analysis/self-time.ts';
import type { Span } from '../model/span.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { narrowText } from '../report/clean-text.ts';
import { idleStretches, type Stretch } from './idle-stretches.ts';
import { withMissingParents } from './missing-parents.ts';
import { serviceColors } from './service-colors.ts';
import { spanMatcher } from './span-matcher.ts';
import type { Outline } from './state/outline.ts';
import { VisibleRows } from './visible-rows.ts';

/** A stretch of a span on the critical path, in offsets from the trace's start on the span's own clock. */
type PathSection = Stretch;

/** `asynchronous`: nobody waits for it; `detached`: it outlives everybody who could; `outside`: it lies outside its parent. */
export type OffPathReason = 'asynchronous' | 'detached' | 'outside';

/**
 * A trace with everything about it that the screens ask for again and again, computed once: a key then costs as much as there
 * are rows on the screen, not as there are spans in the trace.
 */
export class TraceView {
  /** As it was read; the nodes are others than `nodes` where parents are missing. */
  readonly trace: Trace;
  readonly path: CriticalPath;
  /** The spans, below what stands for their parents where these are missing. */
  readonly nodes: readonly TraceNode[];
  /** Positions of the nodes that stand for missing parents. */
  readonly missing: ReadonlySet<number>;
  /** Spans whose parent the trace lacks. */
  readonly orphans: number;
  /** For each node the position after its last descendant. */
  readonly subtreeEnd: Int32Array;
  /** Positions of the spans with errors, ascending. */
  readonly errors: Int32Array;
  /** Positions of the spans that own a part of the critical path, ascending. */
  readonly critical: Int32Array;
  /** Depth of the deepest of `nodes`, 0 for roots. */
  readonly deepest: number;
  /** Levels of the trace as it was read. */
  readonly depth: number;
  /** Names of all services as they are displayed → position in the palette; two services of a trace share a colour only when it has more than the palette. */
  readonly serviceColors: ReadonlyMap<string, number>;
  readonly #sections: ReadonlyMap<number, readonly PathSection[]>;
  readonly #shifts: ReadonlyMap<number, Nanos>;
  readonly #offPath: ReadonlyMap<number, OffPathReason>;
  readonly #positions: Int32Array;
  readonly #isLast: Uint8Array;
  readonly #labels: (string | undefined)[] = [];
  #selfTimes: readonly Nanos[] | null = null;
  readonly rows: VisibleRows;
  /** When nothing runs. */
  readonly idle: readonly Stretch[];
  #matches: { text: string; nodes: Int32Array } | null = null;

  constructor(spans: readonly Span[]) {
    this.trace = buildTrace(spans);
    this.path = criticalPath(this.trace);
    const placed = withMissingParents(this.trace);
    this.#positions = placed.positions;
    this.missing = new Set(placed.missing);
    this.nodes = placed.trace.nodes;
    this.orphans = this.trace.roots.filter(({ missingParent }) => missingParent !== null).length;
    this.subtreeEnd = subtreeEnds(this.nodes);
    this.errors = positionsOf(this.nodes, ({ span }) => span.statusCode === 'error');
    this.#sections = sectionsByNode(this.path, placed.positions);
    this.#shifts = new Map(
      this.path.shifts.map(({ node, shiftNs }) => [placed.positions[node.index] ?? 0, shiftNs]),
    );
    this.#offPath = offPathReasons(this.path, placed.positions);
    this.critical = Int32Array.from([...this.#sections.keys()].sort((a, b) => a - b));
    this.deepest = this.nodes.reduce((deepest, { depth }) => Math.max(deepest, depth), 0);
    this.depth = this.trace.nodes.reduce((deepest, { depth }) => Math.max(deepest, depth), 0) + 1;
    this.#isLast = lastSiblings(placed.trace.roots);
    this.serviceColors = serviceColors(this.trace.nodes.map(({ service }) => service));
    this.idle = idleStretches(this.trace);
    const { nodes, missing, subtreeEnd, critical } = this;
    const tables = { nodes, roots: placed.trace.roots, missing, subtreeEnd, critical };
    this.rows = new VisibleRows(tables, (text) => this.#found(text));
  }

  /** The spans that have a row: row → position in `nodes`. */
  visible(outline: Outline): Int32Array {
    return this.rows.visible(outline);
  }

  /** Stretches of the critical path that `node` owns, in order; none for most spans. */
  sectionsOf(node: TraceNode): readonly PathSection[] {
    return this.#sections.get(node.index) ?? [];
  }

  /** Those of `node` and all its descendants, for a folded row. */
  sectionsBelow(node: TraceNode): readonly PathSection[] {
    const end = this.subtreeEnd[node.index] ?? 0;
    const sections: PathSection[] = [];
    for (let i = firstAtOrAfter(this.critical, node.index); i < this.critical.length; i++) {
      const position = this.critical[i] ?? end;
      if (position >= end) break;
      sections.push(...(this.#sections.get(position) ?? []));
    }
    return sections;
  }

  /** Spans with errors below `node`, without itself. */
  errorsBelow(node: TraceNode): number {
    const end = this.subtreeEnd[node.index] ?? 0;
    return firstAtOrAfter(this.errors, end) - firstAtOrAfter(this.errors, node.index + 1);
  }

  descendants(node: TraceNode): number {
    return (this.subtreeEnd[node.index] ?? 0) - node.index - 1;
  }

  isLastSibling(node: TraceNode): boolean {
    return this.#isLast[node.index] === 1;
  }

  /** What the critical path added to the span's times because its clock contradicts its caller's; 0 for most. */
  shiftOf(node: TraceNode): Nanos {
    return this.#shifts.get(node.index) ?? nanos(0);
  }

  /** Why the critical path cannot go through the span; null when it could. */
  offPath(node: TraceNode): OffPathReason | null {
    return this.#offPath.get(node.index) ?? null;
  }

  selfNs(node: TraceNode): Nanos | null {
    this.#selfTimes ??= this.#placedSelfTimes();
    return this.#selfTimes[node.index] ?? null;
  }

  #placedSelfTimes(): readonly Nanos[] {
    const placed: Nanos[] = [];
    for (const [at, self] of selfTimes(this.trace).entries()) {
      placed[this.#positions[at] ?? at] = self;
    }
    return placed;
  }

  /** Positions of the spans that a search finds (`spanMatcher`), ascending; none for ''. */
  matches(text: string): Int32Array {
    if (this.#matches?.text !== text) {
      const nodes = text.trim() === '' ? new Int32Array() : this.#found(text);
      this.#matches = { text, nodes };
    }
    return this.#matches.nodes;
  }

  #found(text: string): Int32Array {
    const isWanted = spanMatcher(text);
    return positionsOf(
      this.nodes,
      (node) => !this.missing.has(node.index) && isWanted(node, this.#label(node)),
    );
  }

  #label(node: TraceNode): string {
    let label = this.#labels[node.index];
    if (label === undefined) {
      const { name, statusMessage, spanId } = node.span;
      label = narrowText(`${node.service} ${name} ${statusMessage} ${spanId}`).toLowerCase();
      this.#labels[node.index] = label;
    }
    return label;
  }
}

/** Position of the first element of ascending `values` that is at least `least`. */
export function firstAtOrAfter(values: Int32Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function subtreeEnds(nodes: readonly TraceNode[]): Int32Array {
  const ends = new Int32Array(nodes.length);
  // Backwards, so that each node's last descendant is known when its parent takes it over.
  for (let index = nodes.length - 1; index >= 0; index--) {
    ends[index] = Math.max(ends[index] ?? 0, index + 1);
    const parent = nodes[index]?.parent;
    if (parent) ends[parent.index] = Math.max(ends[parent.index] ?? 0, ends[index] ?? 0);
  }
  return ends;
}

function positionsOf(
  nodes: readonly TraceNode[],
  isWanted: (node: TraceNode) => boolean,
): Int32Array {
  const positions: number[] = [];
  for (const node of nodes) if (isWanted(node)) positions.push(node.index);
  return Int32Array.from(positions);
}

function lastSiblings(roots: readonly TraceNode[]): Uint8Array {
  const isLast: number[] = [];
  const pending: (readonly TraceNode[])[] = [roots];
  for (let siblings = pending.pop(); siblings; siblings = pending.pop()) {
    for (const [i, node] of siblings.entries()) {
      isLast[node.index] = i === siblings.length - 1 ? 1 : 0;
      if (node.children.length > 0) pending.push(node.children);
    }
  }
  return Uint8Array.from(isLast);
}

/** The sections by their owners' positions, on the owners' own clocks, which is how the bars are drawn. */
function sectionsByNode(
  { sections }: CriticalPath,
  positions: Int32Array,
): ReadonlyMap<number, readonly PathSection[]> {
  const byNode = new Map<number, PathSection[]>();
  for (const { node, startNs, endNs, shiftNs } of sections) {
    if (!node) continue;
    const section = { startNs: startNs - shiftNs, endNs: endNs - shiftNs };
    const at = positions[node.index] ?? 0;
    const known = byNode.get(at);
    if (known) known.push(section);
    else byNode.set(at, [section]);
  }
  return byNode;
}

/** Why nobody waits for some spans, by position. */
function offPathReasons(
  path: CriticalPath,
  positions: Int32Array,
): ReadonlyMap<number, OffPathReason> {
  const reasons = new Map<number, OffPathReason>();
  for (const { index } of path.outside) reasons.set(positions[index] ?? 0, 'outside');
  for (const { index } of path.asynchronous) reasons.set(positions[index] ?? 0, 'asynchronous');
  for (const { index } of path.detached) reasons.set(positions[index] ?? 0, 'detached');
  return reasons;
}
