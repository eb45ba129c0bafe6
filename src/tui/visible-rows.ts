import type { TraceNode } from '../model/trace.ts';
import { SpanGroups } from './span-groups.ts';
import { isOpen } from './state/fold.ts';
import {
  drawsGroups,
  EVERYTHING,
  keepsAncestors,
  type Outline,
  type Sieve,
} from './state/outline.ts';

/** What the rows of a trace are made from. */
interface TraceTables {
  readonly nodes: readonly TraceNode[];
  readonly roots: readonly TraceNode[];
  /** Nodes that are no spans. */
  readonly missing: ReadonlySet<number>;
  readonly subtreeEnd: Int32Array;
  readonly critical: Int32Array;
}

/** What a sieve makes of a span: it has no row, one for its descendants' sake, or one of its own. */
const OUT = 0;
const FOR_OTHERS = 1;
const WANTED = 2;

/** Which spans of a trace have a row. The last answer is kept, as most keys move within the same rows. */
export class VisibleRows {
  readonly groups: SpanGroups;
  readonly #tables: TraceTables;
  readonly #find: (text: string) => Int32Array;
  #made: { outline: Outline; nodes: Int32Array } | null = null;
  #sieved: { sieve: Sieve; marks: Uint8Array } | null = null;

  /** `find` gives the positions of the spans that a filter's text finds. */
  constructor(tables: TraceTables, find: (text: string) => Int32Array) {
    this.#tables = tables;
    this.#find = find;
    this.groups = new SpanGroups(tables.nodes, tables.roots);
  }

  /** Row → position in `Trace.nodes`, ascending. */
  visible(outline: Outline): Int32Array {
    if (this.#made?.outline !== outline) {
      this.#made = { outline, nodes: this.#compute(outline) };
    }
    return this.#made.nodes;
  }

  /** Those of ascending `positions` that `outline` can show once their ancestors are open. */
  within(outline: Outline, positions: Int32Array): Int32Array {
    const marks = this.#marks(outline.sieve);
    if (marks === null && outline.root === null) return positions;
    const { from, to } = this.#range(outline);
    return positions.filter((at) => at >= from && at < to && (marks?.[at] ?? WANTED) === WANTED);
  }

  /** Whether the span has a row only because of spans below it. */
  isForOthers(outline: Outline, node: TraceNode): boolean {
    return this.#marks(outline.sieve)?.[node.index] === FOR_OTHERS;
  }

  /** How many spans the sieve lets through; all of the trace's without one. */
  wantedCount(outline: Outline): number {
    const { from, to } = this.#range(outline);
    const marks = this.#marks(outline.sieve);
    let count = 0;
    for (let at = from; at < to; at++) if ((marks?.[at] ?? WANTED) === WANTED) count++;
    for (const at of this.#tables.missing) {
      if (at >= from && at < to && (marks?.[at] ?? WANTED) === WANTED) count--;
    }
    return count;
  }

  #range({ root }: Outline): { from: number; to: number } {
    const { subtreeEnd, nodes } = this.#tables;
    return { from: root ?? 0, to: root === null ? nodes.length : (subtreeEnd[root] ?? 0) };
  }

  /** Skips what is folded away as a whole. */
  #compute(outline: Outline): Int32Array {
    const { nodes } = this.#tables;
    const { from, to } = this.#range(outline);
    const marks = this.#marks(outline.sieve);
    const visible = new Int32Array(to - from);
    let rows = 0;
    for (let at = from; at < to; ) {
      const node = nodes[at];
      if (node === undefined) break;
      const head = this.closedGroup(outline, node);
      const isHidden = (head !== null && head !== at) || (marks !== null && marks[at] === OUT);
      if (!isHidden) visible[rows++] = at;
      // The children of a span that the sieve leaves out may be wanted all the same.
      const goesIn = head === null && isOpen(outline.fold, node);
      at = goesIn ? at + 1 : (this.#tables.subtreeEnd[at] ?? to);
    }
    return visible.subarray(0, rows);
  }

  /** Position of the row that stands for the span's group; null when the span is in none, or its group is open. */
  closedGroup(outline: Outline, node: TraceNode): number | null {
    const head = this.groups.heads[node.index] ?? -1;
    if (head < 0 || outline.openGroups.has(head) || !drawsGroups(outline)) return null;
    // A new root's own siblings are not shown.
    return node.index === outline.root ? null : head;
  }

  #marks(sieve: Sieve): Uint8Array | null {
    if (sieve === EVERYTHING || isEverything(sieve)) return null;
    if (this.#sieved?.sieve !== sieve) this.#sieved = { sieve, marks: this.#sift(sieve) };
    return this.#sieved.marks;
  }

  #sift(sieve: Sieve): Uint8Array {
    const { nodes } = this.#tables;
    const marks = new Uint8Array(nodes.length).fill(WANTED);
    if (sieve.filter !== '') keepOnly(marks, this.#find(sieve.filter));
    if (sieve.isCriticalOnly) keepOnly(marks, this.#tables.critical);
    for (const { index, service } of nodes) {
      const isOther = sieve.isolated !== null && service !== sieve.isolated;
      if (isOther || sieve.hidden.has(service)) marks[index] = OUT;
    }
    if (keepsAncestors(sieve)) keepAncestors(marks, nodes, sieve.hidden);
    return marks;
  }
}

function isEverything(sieve: Sieve): boolean {
  return !keepsAncestors(sieve) && sieve.hidden.size === 0;
}

function keepOnly(marks: Uint8Array, positions: Int32Array): void {
  const before = marks.slice();
  marks.fill(OUT);
  for (const at of positions) marks[at] = before[at] ?? OUT;
}

/** Backwards, so that each span knows of what is below it before its parent asks. */
function keepAncestors(
  marks: Uint8Array,
  nodes: readonly TraceNode[],
  hidden: ReadonlySet<string>,
): void {
  const isNeeded = new Uint8Array(nodes.length);
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at];
    if (!node || (marks[at] === OUT && isNeeded[at] !== 1)) continue;
    if (marks[at] === OUT && !hidden.has(node.service)) marks[at] = FOR_OTHERS;
    if (node.parent) isNeeded[node.parent.index] = 1;
  }
}
