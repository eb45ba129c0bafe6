import type { CriticalPath, PathBasis } from './critical-path.ts';
import type { GroupNumbers } from './group-numbers.ts';
import type { OnPathTimes } from './on-path-times.ts';
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
  /** The one that owns most, by number, the first in tree order; of a lost parent its first orphan. −1 when none owns any. */
  readonly span: number;
}

interface GrowingPart extends GroupPart {
  group: number;
  ns: number;
  inclusiveNs: number;
  spans: number;
  span: number;
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
  /** By span: its group. */
  #groupOf = new Int32Array(1024);

  constructor(numbers: Pick<GroupNumbers<unknown>, 'numberOf'>) {
    this.#numbers = numbers;
  }

  /**
   * Calls `visit` with the part of each group, in tree order of their first spans; a part is of no use after the call. Spans without a group are
   * left out. A span below another of its group adds nothing to the inclusive time, which is counted at the topmost one.
   */
  each({ basis, onPath }: CriticalPath, visit: (part: GroupPart) => void): void {
    this.#walk(basis, onPath);
    for (let i = 0; i < this.#count; i++) {
      const part = this.#parts[i];
      if (part === undefined) break;
      visit(part);
      this.#slots[part.group] = 0;
    }
    this.#count = 0;
  }

  #walk({ tree, trace }: PathBasis, times: OnPathTimes): void {
    if (this.#groupOf.length < tree.size) this.#groupOf = new Int32Array(tree.size * 2);
    const groupOf = this.#groupOf;
    let span = at(times.belowNs, tree.primary) > 0 ? tree.primary : -1;
    while (span !== -1) {
      const above = at(tree.parent, span);
      const group = this.#numbers.numberOf(trace, span, above === -1 ? -1 : at(groupOf, above));
      groupOf[span] = group;
      if (group !== -1) this.#enter(group, tree, span, times);
      const below = onPathFrom(at(tree.firstChild, span), tree, times);
      span = below === -1 ? this.#leave(span, tree, times) : below;
    }
  }

  /** Leaves a span that has nothing below it, and all above it that are done with it; the span that comes next, −1 for none. */
  #leave(last: number, tree: PathTree, times: OnPathTimes): number {
    for (let span = last; span !== -1; span = at(tree.parent, span)) {
      const group = at(this.#groupOf, span);
      if (group !== -1) this.#partOf(group).open -= 1;
      if (span === tree.primary) return -1;
      const next = onPathFrom(at(tree.nextSibling, span), tree, times);
      if (next !== -1) return next;
    }
    return -1;
  }

  #enter(group: number, tree: PathTree, span: number, { ownNs, belowNs }: OnPathTimes): void {
    const part = this.#partOf(group);
    if (part.open === 0) part.inclusiveNs += belowNs[span] ?? 0;
    part.open += 1;
    const ns = ownNs[span] ?? 0;
    if (ns > 0) addOwn(part, tree, span, ns);
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

/** A child or the next of its siblings that is on the path, −1 for none. */
function onPathFrom(child: number, { nextSibling }: PathTree, { belowNs }: OnPathTimes): number {
  let next = child;
  while (next !== -1 && at(belowNs, next) <= 0) next = at(nextSibling, next);
  return next;
}

function newPart(): GrowingPart {
  return { group: 0, ns: 0, inclusiveNs: 0, spans: 0, span: -1, spanNs: 0, open: 0 };
}

function reset(part: GrowingPart, group: number): GrowingPart {
  part.group = group;
  part.ns = 0;
  part.inclusiveNs = 0;
  part.spans = 0;
  part.span = -1;
  part.spanNs = 0;
  part.open = 0;
  return part;
}

function addOwn(part: GrowingPart, { spans, placeholders }: PathTree, span: number, ns: number) {
  part.ns += ns;
  part.spans += 1;
  if (ns <= part.spanNs) return;
  part.span = span < spans.size ? span : (placeholders[span - spans.size]?.orphans[0] ?? -1);
  part.spanNs = ns;
}
