import type { Trace, TraceNode } from '../model/trace.ts';
import type { Relation } from './query.ts';

/** Spans of one trace by node index: 1 for those that belong. */
export type SpanSet = Uint8Array;

/**
 * The spans that stand in a relation to at least one span of `others`: for `>` those with a parent in it, for `>>` with an ancestor,
 * for `<` those that are a parent of one, for `<<` an ancestor, for `~` those with another child of their parent in it. Linear in
 * the spans of the trace, however deep.
 */
export function relatedTo(trace: Trace, relation: Relation, others: SpanSet): SpanSet {
  const related = new Uint8Array(trace.nodes.length);
  MARKERS[relation](trace, others, related);
  return related;
}

type Mark = (trace: Trace, others: SpanSet, related: SpanSet) => void;

const MARKERS: Readonly<Record<Relation, Mark>> = {
  '>': markChildren,
  '>>': markDescendants,
  '<': markParents,
  '<<': markAncestors,
  '~': markSiblings,
};

function markChildren({ nodes }: Trace, others: SpanSet, related: SpanSet): void {
  for (const { index, parent } of nodes) {
    if (parent !== null && others[parent.index] === 1) related[index] = 1;
  }
}

/** Parents stand before their children. */
function markDescendants({ nodes }: Trace, others: SpanSet, related: SpanSet): void {
  for (const { index, parent } of nodes) {
    if (parent === null) continue;
    if (others[parent.index] === 1 || related[parent.index] === 1) related[index] = 1;
  }
}

function markParents({ nodes }: Trace, others: SpanSet, related: SpanSet): void {
  for (const { index, parent } of nodes) {
    if (parent !== null && others[index] === 1) related[parent.index] = 1;
  }
}

/** The relation seen from the other side. */
export const CONVERSE: Readonly<Record<Relation, Relation>> = {
  '>': '<',
  '>>': '<<',
  '<': '>',
  '<<': '>>',
  '~': '~',
};

function markAncestors({ nodes }: Trace, others: SpanSet, related: SpanSet): void {
  for (let i = nodes.length - 1; i >= 0; i--) {
    const parent = nodes[i]?.parent ?? null;
    if (parent !== null && (others[i] === 1 || related[i] === 1)) related[parent.index] = 1;
  }
}

/** Roots are siblings of each other, and so are spans that name the same missing parent. */
function markSiblings({ nodes }: Trace, others: SpanSet, related: SpanSet): void {
  const counts = new Map<string | number, number>();
  for (const node of nodes) {
    if (others[node.index] !== 1) continue;
    const family = familyOf(node);
    counts.set(family, (counts.get(family) ?? 0) + 1);
  }
  for (const node of nodes) {
    const itself = others[node.index] === 1 ? 1 : 0;
    if ((counts.get(familyOf(node)) ?? 0) > itself) related[node.index] = 1;
  }
}

function familyOf({ parent, missingParent }: TraceNode): string | number {
  return parent?.index ?? missingParent ?? '';
}
