import type { PathBasis } from './critical-path.ts';
import { at } from './path-tree.ts';
import { sortRange } from './sort-range.ts';

/**
 * Replays traces whose spans take more or less time of their own, as `potentialSaving` describes. What does not depend on the change is
 * worked out once, so that one trace can be replayed for many; and only spans are replayed that the change reaches. Keeps its memory
 * from trace to trace.
 */
export class PathReplay {
  #basis: PathBasis;
  #capacity = 0;
  /** Of spans whose children were sorted: where these stand in `#byStart` and `#byEnd`; −1 for all others. */
  #firstOf = new Int32Array(0);
  #countOf = new Int32Array(0);
  /** Children that somebody waits for and that have any length, those of one span side by side. */
  #byStart = new Int32Array(0);
  #byEnd = new Int32Array(0);
  #filled = 0;
  /** By child: the sibling that counts as done before it although it ended a little later; −1 for none. */
  #overlapped = new Int32Array(0);
  /** Lengths in the replay; as they were, for all spans that the change does not reach. */
  #lengthNs = new Float64Array(0);
  /** When a child ends in the replay, from its parent's new start. */
  #newEnd = new Float64Array(0);
  /** 1 for spans that own changed time, and all above them. */
  #reached = new Uint8Array(0);
  /** Spans whose effective interval is longer than they are: others own its end. */
  #overrun: number[] = [];

  constructor(basis: PathBasis) {
    this.#basis = basis;
    this.restart(basis);
  }

  /** From now on replays another trace. */
  restart(basis: PathBasis): void {
    const { tree, intervals, times } = basis;
    this.#basis = basis;
    this.#reserve(tree.size);
    this.#filled = 0;
    this.#overrun.length = 0;
    for (let span = 0; span < tree.size; span++) {
      const to = intervals.to[span] ?? 0;
      this.#firstOf[span] = -1;
      this.#overlapped[span] = -1;
      this.#newEnd[span] = 0;
      this.#lengthNs[span] = to - (intervals.from[span] ?? 0);
      if (to > (times.end[span] ?? 0)) this.#overrun.push(span);
    }
  }

  #reserve(size: number): void {
    if (size <= this.#capacity) return;
    const capacity = this.#capacity === 0 ? size : size * 2;
    this.#capacity = capacity;
    this.#firstOf = new Int32Array(capacity);
    this.#countOf = new Int32Array(capacity);
    this.#byStart = new Int32Array(capacity);
    this.#byEnd = new Int32Array(capacity);
    this.#overlapped = new Int32Array(capacity);
    this.#lengthNs = new Float64Array(capacity);
    this.#newEnd = new Float64Array(capacity);
    this.#reached = new Uint8Array(capacity);
  }

  /** How long the primary root takes when the own time of each span takes `factor` times as long. */
  rootLength(factor: Float64Array): number {
    const { tree, intervals } = this.#basis;
    this.#findReached(factor);
    const reached = this.#reached;
    for (let i = tree.size - 1; i >= 0; i--) {
      const span = tree.order[i] ?? 0;
      if (reached[span] === 1) this.#lengthNs[span] = this.#length(span, factor);
    }
    const length = at(this.#lengthNs, tree.primary);
    for (let span = 0; span < tree.size; span++) {
      if (reached[span] !== 1) continue;
      this.#lengthNs[span] = (intervals.to[span] ?? 0) - (intervals.from[span] ?? 0);
    }
    return length;
  }

  #findReached(factor: Float64Array): void {
    const { size } = this.#basis.tree;
    this.#reached.fill(0, 0, size);
    for (let span = 0; span < size; span++) if (factor[span] !== 1) this.#reach(span);
    for (const span of this.#overrun) if (this.#isOwnedByChanged(span, factor)) this.#reach(span);
  }

  #reach(from: number): void {
    const { parent } = this.#basis.tree;
    for (let span = from; span !== -1 && this.#reached[span] === 0; span = parent[span] ?? -1) {
      this.#reached[span] = 1;
    }
  }

  #isOwnedByChanged(span: number, factor: Float64Array): boolean {
    const { outlivedBy, times, intervals } = this.#basis;
    const until = at(intervals.to, span);
    for (let owner = span; owner !== -1; owner = at(outlivedBy, owner)) {
      if (factor[owner] !== 1) return true;
      if (at(times.end, owner) >= until) return false;
    }
    return false;
  }

  #length(span: number, factor: Float64Array): number {
    const { from, to } = this.#basis.intervals;
    if (at(this.#firstOf, span) === -1) this.#sortChildren(span);
    const first = at(this.#firstOf, span);
    const end = first + at(this.#countOf, span);
    let ended = first;
    let lastEnd = at(from, span);
    let newLastEnd = 0;
    for (let i = first; i <= end; i++) {
      const child = i === end ? -1 : at(this.#byStart, i);
      const start = child === -1 ? Number.POSITIVE_INFINITY : at(from, child);
      for (; ended < end && at(to, at(this.#byEnd, ended)) <= start; ended++) {
        const next = at(this.#byEnd, ended);
        lastEnd = Math.max(lastEnd, at(to, next));
        newLastEnd = Math.max(newLastEnd, at(this.#newEnd, next));
      }
      if (child === -1) break;
      const waited = this.#scaled(span, lastEnd, start, factor);
      const newStart = Math.max(newLastEnd + waited, this.#afterOverlap(child));
      this.#newEnd[child] = newStart + at(this.#lengthNs, child);
    }
    return newLastEnd + this.#scaled(span, lastEnd, at(to, span), factor);
  }

  /** Time of a span that no child explains, as long as its owners take for it now: itself, then its nearest ancestor that is open. */
  #scaled(span: number, since: number, until: number, factor: Float64Array): number {
    const { times, outlivedBy } = this.#basis;
    let sum = 0;
    let from = since;
    for (let owner = span; from < until && owner !== -1; owner = outlivedBy[owner] ?? -1) {
      const to = Math.min(until, times.end[owner] ?? 0);
      if (from >= to) continue;
      sum += (to - from) * (factor[owner] ?? 0);
      from = to;
    }
    return sum;
  }

  #sortChildren(span: number): void {
    const { tree, waiting, intervals } = this.#basis;
    const { from, to } = intervals;
    const first = this.#filled;
    for (let child = at(tree.firstChild, span); child !== -1; child = at(tree.nextSibling, child)) {
      if (waiting[child] !== 0 || at(from, child) >= at(to, child)) continue;
      this.#byStart[this.#filled++] = child;
    }
    const count = this.#filled - first;
    this.#firstOf[span] = first;
    this.#countOf[span] = count;
    if (count > 1) sortRange(this.#byStart, first, first + count, from);
    for (let i = first; i < first + count; i++) this.#byEnd[i] = this.#byStart[i] ?? 0;
    if (count < 2) return;
    sortRange(this.#byEnd, first, first + count, to);
    this.#findOverlapped(span);
  }

  #findOverlapped(span: number): void {
    const { walk, intervals } = this.#basis;
    const { from, to } = intervals;
    let next = -1;
    for (const picked of walk.childrenWaitedFor(this.#basis, span, at(from, span), at(to, span))) {
      if (next !== -1 && at(to, picked) > at(from, next)) this.#overlapped[next] = picked;
      next = picked;
    }
  }

  /** When a child can start so that it overlaps the sibling before it no more than it did; that sibling started earlier. */
  #afterOverlap(child: number): number {
    const before = this.#overlapped[child] ?? -1;
    if (before === -1) return 0;
    const { from, to } = this.#basis.intervals;
    return at(this.#newEnd, before) - (at(to, before) - at(from, child));
  }
}
