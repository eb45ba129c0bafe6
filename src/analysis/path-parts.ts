import type { SpanId } from '../model/ids.ts';
import type { CriticalPath } from './critical-path.ts';
import type { GroupNumbers } from './path-grouping.ts';
import { at, type PathTree } from './path-tree.ts';

/** A group's part in the critical path of one trace. */
export interface GroupPart {
  /** Sum of the sections that its spans own. */
  ns: number;
  /** Sum of the sections that its spans or any span below them own, each section once. */
  inclusiveNs: number;
  /** Its spans that own time. */
  spans: number;
  /** The one that owns most, the first in tree order; of a lost parent its first orphan. Null when none owns any. */
  spanId: SpanId | null;
  /** What that one owns. */
  spanNs: number;
}

/**
 * What each group has in the path of the primary root, by group number. Spans without a group are left out. A span below
 * another of its group adds nothing to the inclusive time, which is counted at the topmost one.
 */
export function groupParts(
  path: CriticalPath,
  numbers: Pick<GroupNumbers<unknown>, 'numberOf'>,
): Map<number, GroupPart> {
  const { tree } = path.basis;
  const ownNs = ownTimes(path);
  const belowNs = subtreeSums(tree, ownNs);
  const parts = new Map<number, GroupPart>();
  const groupOf = new Int32Array(tree.size).fill(-1);
  /** How many spans of each group are open, i.e. ancestors of the span being entered. */
  const open = new Map<number, number>();
  const enter = (span: number) => {
    const above = at(tree.parent, span);
    const groupAbove = above === -1 ? -1 : at(groupOf, above);
    const group = numbers.numberOf(tree.nodes[span] ?? null, groupAbove);
    groupOf[span] = group;
    const alreadyOpen = open.get(group) ?? 0;
    open.set(group, alreadyOpen + 1);
    if (group === -1) return;
    const part = partOf(parts, group);
    if (alreadyOpen === 0) part.inclusiveNs += at(belowNs, span);
    addOwn(part, idOf(tree, span), at(ownNs, span));
  };
  const leave = (span: number) => {
    const group = at(groupOf, span);
    open.set(group, (open.get(group) ?? 0) - 1);
  };
  enterAndLeave(tree, (span) => at(belowNs, span) > 0, enter, leave);
  return parts;
}

/** Visits the spans below the primary root that `isWanted`, in tree order. */
function enterAndLeave(
  tree: PathTree,
  isWanted: (span: number) => boolean,
  enter: (span: number) => void,
  leave: (span: number) => void,
): void {
  /** A span to be entered, or ~span to be left. */
  const steps = [tree.primary].filter(isWanted);
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (step < 0) {
      leave(~step);
      continue;
    }
    enter(step);
    steps.push(~step);
    for (const child of (tree.children[step] ?? []).filter(isWanted).reverse()) steps.push(child);
  }
}

function ownTimes({ sections, basis }: CriticalPath): Float64Array {
  const { tree } = basis;
  const ownNs = new Float64Array(tree.size);
  const placeholderAt = new Map(
    tree.placeholders.map(({ spanId }, i) => [spanId, tree.nodes.length + i]),
  );
  for (const { node, spanId, startNs, endNs } of sections) {
    const owner = node?.index ?? placeholderAt.get(spanId) ?? -1;
    ownNs[owner] = at(ownNs, owner) + endNs - startNs;
  }
  return ownNs;
}

function subtreeSums({ order, parent }: PathTree, ownNs: Float64Array): Float64Array {
  const sums = ownNs.slice();
  for (const span of order.toReversed()) {
    const above = at(parent, span);
    if (above !== -1) sums[above] = at(sums, above) + at(sums, span);
  }
  return sums;
}

function partOf(parts: Map<number, GroupPart>, group: number): GroupPart {
  const known = parts.get(group);
  if (known) return known;
  const fresh: GroupPart = { ns: 0, inclusiveNs: 0, spans: 0, spanId: null, spanNs: 0 };
  parts.set(group, fresh);
  return fresh;
}

function addOwn(part: GroupPart, spanId: SpanId | null, ns: number): void {
  if (ns === 0) return;
  part.ns += ns;
  part.spans += 1;
  if (ns > part.spanNs) {
    part.spanId = spanId;
    part.spanNs = ns;
  }
}

function idOf({ nodes, placeholders }: PathTree, span: number): SpanId | null {
  const node = nodes[span] ?? placeholders[span - nodes.length]?.orphans[0];
  return node?.span.spanId ?? null;
}
