import type { SpanId } from '../model/ids.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { UserError } from '../model/user-error.ts';
import { jitterNs } from './jitter.ts';

/**
 * The spans of a trace and the placeholders for lost parents as one forest, by number. 0 … nodes − 1 are `Trace.nodes`, the
 * rest placeholders. Numbers and typed arrays, because every pass over it is linear and a trace may have 100,000 spans.
 */
export interface PathTree {
  readonly nodes: readonly TraceNode[];
  /** One per missing parent id, in the order of the first orphan. The i-th has the number nodes.length + i. */
  readonly placeholders: readonly Placeholder[];
  readonly size: number;
  /** −1 for a root. */
  readonly parent: Int32Array;
  readonly children: readonly (readonly number[])[];
  /** Every number once, parents before their children. */
  readonly order: Int32Array;
  /** The root that the critical path is about. */
  readonly primary: number;
  /** Roots with a path of their own, by start, then longest, then id; without the tree that `primary` was cut out of. */
  readonly otherRoots: readonly number[];
  /** Offsets as read. */
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** A parent that the trace lacks, as long as the orphans that name it: from the first start to the last end. */
export interface Placeholder {
  readonly spanId: SpanId;
  readonly startNs: number;
  readonly endNs: number;
  readonly orphans: readonly TraceNode[];
}

/**
 * The forest of a trace. Orphans of one missing id share a placeholder as their parent, except those that only follow from it:
 * these are roots.
 *
 * The primary root is the earliest of the roots, or of the placeholders where there is no root; then the longest, then the
 * smallest id. Placeholders inside its interval (give or take their jitter) become its children: something below it was lost.
 * `rootId` chooses another primary: a root, a placeholder by the missing id, or any span, which is then cut out of its tree.
 * Throws a `UserError` when the trace has no such span.
 */
export function pathTree(trace: Trace, rootId: SpanId | null): PathTree {
  const { nodes } = trace;
  const placeholders = findPlaceholders(trace);
  const size = nodes.length + placeholders.length;
  const start = new Float64Array(size);
  const end = new Float64Array(size);
  const parent = new Int32Array(size).fill(-1);
  for (const node of nodes) {
    start[node.index] = node.startNs;
    end[node.index] = node.endNs;
    if (node.parent) parent[node.index] = node.parent.index;
  }
  for (const [i, { startNs, endNs, orphans }] of placeholders.entries()) {
    start[nodes.length + i] = startNs;
    end[nodes.length + i] = endNs;
    for (const { index } of orphans) parent[index] = nodes.length + i;
  }

  const idOf = (i: number) =>
    nodes[i]?.span.spanId ?? `missing:${placeholders[i - nodes.length]?.spanId}`;
  const byRank = (a: number, b: number) =>
    at(start, a) - at(start, b) || at(end, b) - at(end, a) || (idOf(a) < idOf(b) ? -1 : 1);
  const roots = rootsOf(parent);
  const isNode = (i: number) => i < nodes.length;
  const candidates = roots.some(isNode) ? roots.filter(isNode) : roots;
  const primary = rootId === null ? first(candidates, byRank) : find(rootId, nodes, placeholders);

  const cutFrom = treeOf(primary, parent);
  if (cutFrom === primary) adopt(primary, parent, start, end, nodes.length);
  parent[primary] = -1;
  const children = childLists(parent);
  return {
    nodes,
    placeholders,
    size,
    parent,
    children,
    order: parentsFirst(parent, children),
    primary,
    otherRoots: rootsOf(parent)
      .filter((i) => i !== primary && i !== cutFrom)
      .sort(byRank),
    start,
    end,
  };
}

function findPlaceholders({ roots }: Trace): Placeholder[] {
  const orphansOf = new Map<SpanId, TraceNode[]>();
  for (const root of roots) {
    if (root.missingParent === null || root.relation === 'follows-from') continue;
    const orphans = orphansOf.get(root.missingParent);
    if (orphans) orphans.push(root);
    else orphansOf.set(root.missingParent, [root]);
  }
  return [...orphansOf].map(([spanId, orphans]) => ({
    spanId,
    startNs: orphans.reduce((least, { startNs }) => Math.min(least, startNs), Infinity),
    endNs: orphans.reduce((most, { endNs }) => Math.max(most, endNs), -Infinity),
    orphans,
  }));
}

function find(
  id: SpanId,
  nodes: readonly TraceNode[],
  placeholders: readonly Placeholder[],
): number {
  const node = nodes.find(({ span }) => span.spanId === id);
  if (node) return node.index;
  const lost = placeholders.findIndex(({ spanId }) => spanId === id);
  if (lost >= 0) return nodes.length + lost;
  throw new UserError('usage', `the trace has no span "${id}"`, {
    fix: 'name the id of one of its spans',
  });
}

function treeOf(member: number, parent: Int32Array): number {
  let root = member;
  for (let up = at(parent, root); up !== -1; up = at(parent, root)) root = up;
  return root;
}

function adopt(
  primary: number,
  parent: Int32Array,
  start: Float64Array,
  end: Float64Array,
  firstPlaceholder: number,
): void {
  for (let i = firstPlaceholder; i < parent.length; i++) {
    const slack = jitterNs(at(end, i) - at(start, i));
    const isInside =
      at(start, i) >= at(start, primary) - slack && at(end, i) <= at(end, primary) + slack;
    if (i !== primary && isInside) parent[i] = primary;
  }
}

const NO_CHILDREN: readonly number[] = [];

function childLists(parent: Int32Array): (readonly number[])[] {
  // Leaves, which are most spans, share one empty list.
  const lists: (number[] | undefined)[] = Array.from({ length: parent.length });
  for (let i = 0; i < parent.length; i++) {
    const above = at(parent, i);
    if (above === -1) continue;
    const siblings = lists[above];
    if (siblings === undefined) lists[above] = [i];
    else siblings.push(i);
  }
  return lists.map((list) => list ?? NO_CHILDREN);
}

function parentsFirst(parent: Int32Array, children: readonly (readonly number[])[]): Int32Array {
  const order = new Int32Array(parent.length);
  let filled = 0;
  for (const root of rootsOf(parent)) order[filled++] = root;
  for (let next = 0; next < filled; next++) {
    for (const child of children[at(order, next)] ?? NO_CHILDREN) order[filled++] = child;
  }
  return order;
}

function rootsOf(parent: Int32Array): number[] {
  const roots: number[] = [];
  for (let i = 0; i < parent.length; i++) if (parent[i] === -1) roots.push(i);
  return roots;
}

function first(items: readonly number[], compare: (a: number, b: number) => number): number {
  return items.reduce((best, item) => (compare(item, best) < 0 ? item : best));
}

/** The number at `i`, which must be within the array. */
export function at(array: Int32Array | Float64Array | Uint8Array, i: number): number {
  return array[i] ?? Number.NaN;
}
