import type { SpanId } from '../model/ids.ts';
import { spanIdOfWords } from '../model/span-id-words.ts';
import type { SpanTree } from '../model/span-tree.ts';
import { UserError } from '../model/user-error.ts';
import { jitterNs } from './jitter.ts';
import type { PathMemory } from './path-memory.ts';

/**
 * The spans of a trace and the placeholders for lost parents as one forest, by number. 0 … spans.size − 1 are `Trace.nodes`, the
 * rest placeholders. Columns may be longer than `size`.
 */
export interface PathTree {
  readonly spans: SpanTree;
  /** One per missing parent id, in the order of the first orphan. The i-th has the number spans.size + i. */
  readonly placeholders: readonly Placeholder[];
  readonly size: number;
  /** −1 for a root. */
  readonly parent: Int32Array;
  /** The children of a span by number: the first, then from each its next sibling; −1 where there is none. */
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
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
  /** By number. */
  readonly orphans: readonly number[];
}

/** The forest without which root its path is about. */
type Forest = Pick<PathTree, 'spans' | 'placeholders' | 'size' | 'parent' | 'start' | 'end'>;

/**
 * The forest of a trace. Orphans of one missing id share a placeholder as their parent, except those that only follow from it:
 * these are roots.
 *
 * The primary root is the earliest of the roots, or of the placeholders where there is no root; then the longest, then the
 * smallest id. Placeholders inside its interval (give or take their jitter) become its children: something below it was lost.
 * `rootId` chooses another primary: a root, a placeholder by the missing id, or any span, which is then cut out of its tree.
 * Throws a `UserError` when the trace has no such span.
 */
export function pathTree(spans: SpanTree, rootId: SpanId | null, memory: PathMemory): PathTree {
  const placeholders = findPlaceholders(spans);
  const size = spans.size + placeholders.length;
  memory.reserve(size);
  const isPlain = placeholders.length === 0 && rootId === null;
  const forest = isPlain
    ? { spans, placeholders, size, parent: spans.parent, start: spans.start, end: spans.end }
    : withPlaceholders(spans, placeholders, memory);
  const roots = rootsOf(forest);
  const byRank = ranking(forest);
  const primary = rootId === null ? firstRoot(forest, roots, byRank) : find(rootId, forest);
  const cutFrom = treeOf(primary, forest.parent);
  if (cutFrom === primary) adopt(primary, forest);
  if (!isPlain) forest.parent[primary] = -1;
  linkChildren(forest, memory);
  return {
    spans,
    placeholders,
    size,
    parent: forest.parent,
    firstChild: memory.firstChild,
    nextSibling: memory.nextSibling,
    order: placeholders.length === 0 ? memory.inOrder : parentsFirst(forest, memory),
    primary,
    otherRoots:
      roots.length === 1
        ? NO_ROOTS
        : rootsOf(forest)
            .filter((i) => i !== primary && i !== cutFrom)
            .sort(byRank),
    start: forest.start,
    end: forest.end,
  };
}

/** By start, then longest first, then id. */
function ranking(forest: Forest): (a: number, b: number) => number {
  return (a, b) =>
    at(forest.start, a) - at(forest.start, b) ||
    at(forest.end, b) - at(forest.end, a) ||
    compareIds(forest, a, b);
}

const NO_ROOTS: readonly number[] = [];
const NO_PLACEHOLDERS: readonly Placeholder[] = [];

function findPlaceholders({
  missingParents,
  follows,
  start,
  end,
}: SpanTree): readonly Placeholder[] {
  if (missingParents.size === 0) return NO_PLACEHOLDERS;
  const orphansOf = new Map<SpanId, number[]>();
  for (const [orphan, parentId] of missingParents) {
    if (follows[orphan] === 1) continue;
    const orphans = orphansOf.get(parentId);
    if (orphans) orphans.push(orphan);
    else orphansOf.set(parentId, [orphan]);
  }
  return [...orphansOf].map(([spanId, orphans]) => ({
    spanId,
    startNs: orphans.reduce((least, orphan) => Math.min(least, at(start, orphan)), Infinity),
    endNs: orphans.reduce((most, orphan) => Math.max(most, at(end, orphan)), -Infinity),
    orphans,
  }));
}

function withPlaceholders(
  spans: SpanTree,
  placeholders: readonly Placeholder[],
  { parent, start, end }: PathMemory,
): Forest {
  for (let span = 0; span < spans.size; span++) {
    parent[span] = at(spans.parent, span);
    start[span] = at(spans.start, span);
    end[span] = at(spans.end, span);
  }
  for (const [i, { startNs, endNs, orphans }] of placeholders.entries()) {
    const number = spans.size + i;
    parent[number] = -1;
    start[number] = startNs;
    end[number] = endNs;
    for (const orphan of orphans) parent[orphan] = number;
  }
  return { spans, placeholders, size: spans.size + placeholders.length, parent, start, end };
}

/** The id of a span, or of the parent that a placeholder stands for. */
export function idOfSpan(
  { spans, placeholders }: Pick<PathTree, 'spans' | 'placeholders'>,
  number: number,
): SpanId {
  if (number < spans.size) return spanIdOfWords(at(spans.idHigh, number), at(spans.idLow, number));
  const placeholder = placeholders[number - spans.size];
  if (placeholder === undefined) throw new RangeError(`no span has the number ${number}`);
  return placeholder.spanId;
}

/** By id, placeholders after spans; spans that share an id by number. */
export function compareIds(
  { spans, placeholders }: Pick<PathTree, 'spans' | 'placeholders'>,
  a: number,
  b: number,
): number {
  if (a < spans.size && b < spans.size) {
    return (
      at(spans.idHigh, a) - at(spans.idHigh, b) || at(spans.idLow, a) - at(spans.idLow, b) || a - b
    );
  }
  if (a < spans.size || b < spans.size) return a - b;
  const [idA = '', idB = ''] = [a, b].map((i) => placeholders[i - spans.size]?.spanId);
  return idA < idB ? -1 : Number(idA > idB);
}

function firstRoot(
  { spans }: Forest,
  roots: readonly number[],
  byRank: (a: number, b: number) => number,
): number {
  const [only] = roots;
  if (roots.length === 1 && only !== undefined) return only;
  const trueRoots = roots.filter((root) => root < spans.size);
  const candidates = trueRoots.length > 0 ? trueRoots : roots;
  return candidates.reduce((best, root) => (byRank(root, best) < 0 ? root : best));
}

function find(id: SpanId, { spans, placeholders }: Forest): number {
  for (let span = 0; span < spans.size; span++) {
    if (idOfSpan({ spans, placeholders }, span) === id) return span;
  }
  const lost = placeholders.findIndex(({ spanId }) => spanId === id);
  if (lost >= 0) return spans.size + lost;
  throw new UserError('usage', `the trace has no span "${id}"`, {
    fix: 'name the id of one of its spans',
  });
}

function treeOf(member: number, parent: Int32Array): number {
  let root = member;
  for (let up = at(parent, root); up !== -1; up = at(parent, root)) root = up;
  return root;
}

function adopt(primary: number, { spans, size, parent, start, end }: Forest): void {
  for (let i = spans.size; i < size; i++) {
    const slack = jitterNs(at(end, i) - at(start, i));
    const isInside =
      at(start, i) >= at(start, primary) - slack && at(end, i) <= at(end, primary) + slack;
    if (i !== primary && isInside) parent[i] = primary;
  }
}

function linkChildren({ parent, size }: Forest, { firstChild, nextSibling }: PathMemory): void {
  firstChild.fill(-1, 0, size);
  for (let child = size - 1; child >= 0; child--) {
    const above = parent[child] ?? -1;
    nextSibling[child] = above === -1 ? -1 : (firstChild[above] ?? -1);
    if (above !== -1) firstChild[above] = child;
  }
}

/** Spans precede their children in number, but the placeholders for parents come last. */
function parentsFirst(forest: Forest, { firstChild, nextSibling, order }: PathMemory): Int32Array {
  let filled = 0;
  for (const root of rootsOf(forest)) order[filled++] = root;
  for (let next = 0; next < filled; next++) {
    for (
      let child = at(firstChild, at(order, next));
      child !== -1;
      child = at(nextSibling, child)
    ) {
      order[filled++] = child;
    }
  }
  return order;
}

function rootsOf({ parent, size }: Forest): number[] {
  const roots: number[] = [];
  for (let i = 0; i < size; i++) if (parent[i] === -1) roots.push(i);
  return roots;
}

/** The number at `i`, which must be within the array. */
export function at(array: Int32Array | Uint32Array | Float64Array | Uint8Array, i: number): number {
  return array[i] ?? Number.NaN;
}
