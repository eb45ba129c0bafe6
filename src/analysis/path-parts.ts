import type { SpanId } from '../model/ids.ts';
import type { CriticalPath } from './critical-path.ts';
import type { GroupNumbers } from './group-numbers.ts';
import { at, type PathTree } from './path-tree.ts';

/** A group's part in the critical path of one trace. */
export interface GroupPart {
  readonly group: number;
  /** Sum of the sections that its spans own. */
  readonly ns: number;
  /** Sum of the sections that its spans or any span below them own, each section once. */
  readonly inclusiveNs: number;
  /** Its spans that own time. */
  readonly spans: number;
  /** The one that owns most, the first in tree order; of a lost parent its first orphan. Null when none owns any. */
  readonly spanId: SpanId | null;
}

interface GrowingPart extends GroupPart {
  group: number;
  ns: number;
  inclusiveNs: number;
  spans: number;
  spanId: SpanId | null;
  /** What that one owns. */
  spanNs: number;
  /** How many spans of the group are ancestors of the one that is being visited. */
  open: number;
}

/** Finds what each group has in the path of the primary root. Keeps its memory from path to path. */
export class GroupParts {
  readonly #numbers: Pick<GroupNumbers<unknown>, 'numberOf'>;
  readonly #parts: GrowingPart[] = [];
  #count = 0;
  /** By group: where its part is, + 1; 0 for none. */
  #slots = new Int32Array(1024);
  /** Spans to be visited, or ~span to be left. */
  readonly #steps: number[] = [];

  constructor(numbers: Pick<GroupNumbers<unknown>, 'numberOf'>) {
    this.#numbers = numbers;
  }

  /**
   * Calls `visit` with the part of each group, in tree order of their first spans; a part is of no use after the call. Spans without a group are
   * left out. A span below another of its group adds nothing to the inclusive time, which is counted at the topmost one.
   */
  each(path: CriticalPath, visit: (part: GroupPart) => void): void {
    this.#walk(path);
    for (let i = 0; i < this.#count; i++) {
      const part = this.#parts[i];
      if (part === undefined) break;
      visit(part);
      this.#slots[part.group] = 0;
    }
    this.#count = 0;
  }

  #walk(path: CriticalPath): void {
    const { tree } = path.basis;
    const ownNs = ownTimes(path);
    const belowNs = subtreeSums(tree, ownNs);
    const groupOf = new Int32Array(tree.size);
    const steps = this.#steps;
    if (at(belowNs, tree.primary) > 0) steps.push(tree.primary);
    for (let span = steps.pop(); span !== undefined; span = steps.pop()) {
      if (span < 0) {
        this.#partOf(at(groupOf, ~span)).open -= 1;
        continue;
      }
      const above = at(tree.parent, span);
      const group = this.#numbers.numberOf(
        tree.nodes[span] ?? null,
        above === -1 ? -1 : at(groupOf, above),
      );
      groupOf[span] = group;
      if (group !== -1) {
        this.#enter(group, tree, span, { ownNs: at(ownNs, span), belowNs: at(belowNs, span) });
        steps.push(~span);
      }
      pushChildren(steps, tree.children[span] ?? NO_CHILDREN, belowNs);
    }
  }

  #enter(
    group: number,
    tree: PathTree,
    span: number,
    { ownNs, belowNs }: { readonly ownNs: number; readonly belowNs: number },
  ): void {
    const part = this.#partOf(group);
    if (part.open === 0) part.inclusiveNs += belowNs;
    part.open += 1;
    if (ownNs > 0) addOwn(part, tree, span, ownNs);
  }

  #partOf(group: number): GrowingPart {
    if (group >= this.#slots.length) {
      const slots = new Int32Array(Math.max(group + 1, this.#slots.length * 2));
      slots.set(this.#slots);
      this.#slots = slots;
    }
    const slot = at(this.#slots, group);
    const known = this.#parts[slot - 1];
    if (known !== undefined) return known;
    const fresh = this.#parts[this.#count] ?? newPart();
    this.#parts[this.#count++] = fresh;
    this.#slots[group] = this.#count;
    return reset(fresh, group);
  }
}

const NO_CHILDREN: readonly number[] = [];

/** The children on the path, so that the first is visited first. */
function pushChildren(steps: number[], children: readonly number[], belowNs: Float64Array): void {
  for (let i = children.length - 1; i >= 0; i--) {
    const child = children[i] ?? -1;
    if (at(belowNs, child) > 0) steps.push(child);
  }
}

function newPart(): GrowingPart {
  return { group: 0, ns: 0, inclusiveNs: 0, spans: 0, spanId: null, spanNs: 0, open: 0 };
}

function reset(part: GrowingPart, group: number): GrowingPart {
  part.group = group;
  part.ns = 0;
  part.inclusiveNs = 0;
  part.spans = 0;
  part.spanId = null;
  part.spanNs = 0;
  part.open = 0;
  return part;
}

function ownTimes({ sections, basis }: CriticalPath): Float64Array {
  const { nodes, placeholders, size } = basis.tree;
  const ownNs = new Float64Array(size);
  const lost = new Map(placeholders.map(({ spanId }, i) => [spanId, nodes.length + i]));
  for (const { node, spanId, startNs, endNs } of sections) {
    const owner = node?.index ?? lost.get(spanId) ?? -1;
    ownNs[owner] = at(ownNs, owner) + endNs - startNs;
  }
  return ownNs;
}

function subtreeSums({ order, parent }: PathTree, ownNs: Float64Array): Float64Array {
  const sums = ownNs.slice();
  for (let i = order.length - 1; i >= 0; i--) {
    const span = at(order, i);
    const above = at(parent, span);
    if (above !== -1) sums[above] = at(sums, above) + at(sums, span);
  }
  return sums;
}

function addOwn(part: GrowingPart, tree: PathTree, span: number, ns: number): void {
  part.ns += ns;
  part.spans += 1;
  if (ns > part.spanNs) {
    part.spanId = idOf(tree, span);
    part.spanNs = ns;
  }
}

function idOf({ nodes, placeholders }: PathTree, span: number): SpanId | null {
  const node = nodes[span] ?? placeholders[span - nodes.length]?.orphans[0];
  return node?.span.spanId ?? null;
}
