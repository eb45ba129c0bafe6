import { subtreeEnds, UnpackedTrace } from '../encoding/unpacked-trace.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { narrowText } from '../report/clean-text.ts';
import type { Stretch } from './idle-stretches.ts';
import { withMissingParents } from './missing-parents.ts';
import { OFF_PATH, type PackedPath, type PackedView, placedView } from './packed-view.ts';
import { serviceColors } from './service-colors.ts';
import { spanMatcher } from './span-matcher.ts';
import type { Outline } from './state/outline.ts';
import { VisibleRows } from './visible-rows.ts';

/** Why nobody waits for a span. */
export type OffPathReason = NonNullable<(typeof OFF_PATH)[number]>;

/**
 * A trace with everything about it that the screens ask for again and again, computed once: a key then costs as much as there
 * are rows on the screen, not as there are spans in the trace.
 */
export class TraceView {
  /** As it was read; the nodes are others than `nodes` where parents are missing. */
  readonly trace: Trace;
  /** By position in `nodes`. */
  readonly path: PackedPath;
  /** The spans, below what stands for their parents where these are missing. */
  readonly nodes: readonly TraceNode[];
  /** Positions of the nodes that stand for missing parents. */
  readonly missing: ReadonlySet<number>;
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
  /** Spans whose parent the trace lacks. */
  readonly orphans: number;
  /** Names of all services as they are displayed → position in the palette; two services of a trace share a colour only when it has more than the palette. */
  readonly serviceColors: ReadonlyMap<string, number>;
  readonly rows: VisibleRows;
  /** When nothing runs. */
  readonly idle: readonly Stretch[];
  readonly #selfNs: Float64Array;
  readonly #labels: (string | undefined)[] = [];
  #matches: { text: string; nodes: Int32Array } | null = null;

  constructor(packed: PackedView) {
    const unpacked = new UnpackedTrace(packed.trace);
    const placed = withMissingParents(unpacked);
    const { nodes, roots } = placed.trace;
    const { path, selfNs } = placedView(packed, placed.positions, nodes.length);
    this.trace = unpacked;
    this.path = path;
    this.nodes = nodes;
    this.missing = new Set(placed.missing);
    this.subtreeEnd = subtreeEnds(Int32Array.from(nodes, ({ parent }) => parent?.index ?? -1));
    this.errors = positionsOf(nodes, ({ span }) => span.statusCode === 'error');
    this.critical = path.owners.filter((owner, i) => owner !== path.owners[i - 1]);
    this.deepest = nodes.reduce((deepest, { depth }) => Math.max(deepest, depth), 0);
    this.depth = packed.trace.depths.reduce((most, depth) => Math.max(most, depth), 0) + 1;
    this.orphans = packed.trace.missingParents.size;
    this.serviceColors = serviceColors(packed.trace.serviceNames);
    this.idle = packed.idle;
    this.#selfNs = selfNs;
    const { missing, subtreeEnd, critical } = this;
    const tables = { nodes, roots, missing, subtreeEnd, critical };
    this.rows = new VisibleRows(tables, (text) => this.#found(text));
  }

  /** The spans that have a row: row → position in `nodes`. */
  visible(outline: Outline): Int32Array {
    return this.rows.visible(outline);
  }

  /** Stretches of the critical path that `node` owns, in order; none for most spans. */
  sectionsOf({ index }: TraceNode): readonly Stretch[] {
    return this.#sections(index, index + 1);
  }

  /** Those of `node` and all its descendants, for a folded row. */
  sectionsBelow({ index }: TraceNode): readonly Stretch[] {
    return this.#sections(index, this.subtreeEnd[index] ?? 0);
  }

  /** Spans with errors below `node`, without itself. */
  errorsBelow(node: TraceNode): number {
    const end = this.subtreeEnd[node.index] ?? 0;
    return firstAtOrAfter(this.errors, end) - firstAtOrAfter(this.errors, node.index + 1);
  }

  descendants(node: TraceNode): number {
    return (this.subtreeEnd[node.index] ?? 0) - node.index - 1;
  }

  isLastSibling({ index, parent }: TraceNode): boolean {
    const end = this.subtreeEnd[index] ?? 0;
    return end === (parent === null ? this.nodes.length : this.subtreeEnd[parent.index]);
  }

  /** What the critical path added to the span's times because its clock contradicts its caller's; 0 for most. */
  shiftOf(node: TraceNode): Nanos {
    return nanos(this.path.shiftsNs.get(node.index) ?? 0);
  }

  /** Why the critical path cannot go through the span; null when it could. */
  offPath(node: TraceNode): OffPathReason | null {
    return OFF_PATH[this.path.offPath[node.index] ?? 0] ?? null;
  }

  selfNs(node: TraceNode): Nanos {
    return nanos(this.#selfNs[node.index] ?? 0);
  }

  /** Positions of the spans that a search finds (`spanMatcher`), ascending; none for ''. */
  matches(text: string): Int32Array {
    if (this.#matches?.text !== text) {
      const nodes = text.trim() === '' ? new Int32Array() : this.#found(text);
      this.#matches = { text, nodes };
    }
    return this.#matches.nodes;
  }

  /** Sections of the spans from position `from` up to `to`. */
  #sections(from: number, to: number): Stretch[] {
    const { owners, fromNs, toNs } = this.path;
    const sections: Stretch[] = [];
    for (let i = firstAtOrAfter(owners, from); i < owners.length; i++) {
      if ((owners[i] ?? to) >= to) break;
      sections.push({ startNs: fromNs[i] ?? 0, endNs: toNs[i] ?? 0 });
    }
    return sections;
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

function positionsOf(
  nodes: readonly TraceNode[],
  isWanted: (node: TraceNode) => boolean,
): Int32Array {
  const positions: number[] = [];
  for (const node of nodes) if (isWanted(node)) positions.push(node.index);
  return Int32Array.from(positions);
}
