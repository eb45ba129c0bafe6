import type { PathBasis } from './critical-path.ts';
import { at } from './path-tree.ts';
import { childrenWaitedFor } from './path-walk.ts';

/** The children of a span that somebody waits for and that have any length. */
interface Children {
  readonly byStart: readonly number[];
  readonly byEnd: readonly number[];
}

const NO_CHILDREN: Children = { byStart: [], byEnd: [] };

/**
 * Replays a trace whose spans take more or less time of their own, as `potentialSaving` describes. What does not depend on the change is
 * worked out once, so that one trace can be replayed for many; and only spans are replayed that the change reaches.
 */
export class PathReplay {
  readonly #basis: PathBasis;
  readonly #children: (Children | undefined)[] = [];
  /** By child: the sibling that counts as done before it although it ended a little later; −1 for none. */
  readonly #overlapped: Int32Array;
  /** Lengths in the replay; as they were, for all spans that the change does not reach. */
  readonly #lengthNs: Float64Array;
  /** When a child ends in the replay, from its parent's new start. */
  readonly #newEnd: Float64Array;
  /** Spans whose effective interval is longer than they are: others own its end. */
  readonly #overrun: number[] = [];

  constructor(basis: PathBasis) {
    const { tree, intervals, times } = basis;
    this.#basis = basis;
    this.#overlapped = new Int32Array(tree.size).fill(-1);
    this.#newEnd = new Float64Array(tree.size);
    this.#lengthNs = new Float64Array(tree.size);
    for (let span = 0; span < tree.size; span++) {
      const to = at(intervals.to, span);
      this.#lengthNs[span] = to - at(intervals.from, span);
      if (to > at(times.end, span)) this.#overrun.push(span);
    }
  }

  /** How long the primary root takes when the own time of each span takes `factor` times as long. */
  rootLength(factor: Float64Array): number {
    const { tree, intervals } = this.#basis;
    const reached = this.#reached(factor);
    for (let i = tree.order.length - 1; i >= 0; i--) {
      const span = at(tree.order, i);
      if (at(reached, span) === 1) this.#lengthNs[span] = this.#length(span, factor);
    }
    const length = at(this.#lengthNs, tree.primary);
    for (let span = 0; span < tree.size; span++) {
      if (at(reached, span) === 1) {
        this.#lengthNs[span] = at(intervals.to, span) - at(intervals.from, span);
      }
    }
    return length;
  }

  /** The spans that own changed time, and all above them. */
  #reached(factor: Float64Array): Uint8Array {
    const { tree } = this.#basis;
    const reached = new Uint8Array(tree.size);
    const reach = (from: number) => {
      for (let span = from; span !== -1 && at(reached, span) === 0; span = at(tree.parent, span)) {
        reached[span] = 1;
      }
    };
    for (let span = 0; span < tree.size; span++) if (factor[span] !== 1) reach(span);
    for (const span of this.#overrun) if (this.#isOwnedByChanged(span, factor)) reach(span);
    return reached;
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
    const { byStart, byEnd } = this.#childrenOf(span);
    let ended = 0;
    let lastEnd = at(from, span);
    let newLastEnd = 0;
    for (let i = 0; i <= byStart.length; i++) {
      const child = byStart[i] ?? -1;
      const start = child === -1 ? Number.POSITIVE_INFINITY : at(from, child);
      for (let next = byEnd[ended]; next !== undefined && at(to, next) <= start; ) {
        lastEnd = Math.max(lastEnd, at(to, next));
        newLastEnd = Math.max(newLastEnd, at(this.#newEnd, next));
        next = byEnd[++ended];
      }
      if (child === -1) break;
      const newStart = Math.max(
        newLastEnd + this.#scaled(span, lastEnd, start, factor),
        this.#afterOverlap(child),
      );
      this.#newEnd[child] = newStart + at(this.#lengthNs, child);
    }
    return newLastEnd + this.#scaled(span, lastEnd, at(to, span), factor);
  }

  /** Time of a span that no child explains, as long as its owners take for it now: itself, then its nearest ancestor that is open. */
  #scaled(span: number, since: number, until: number, factor: Float64Array): number {
    const { times, outlivedBy } = this.#basis;
    let sum = 0;
    let from = since;
    for (let owner = span; from < until && owner !== -1; owner = at(outlivedBy, owner)) {
      const to = Math.min(until, at(times.end, owner));
      if (from >= to) continue;
      sum += (to - from) * at(factor, owner);
      from = to;
    }
    return sum;
  }

  #childrenOf(span: number): Children {
    let children = this.#children[span];
    if (children === undefined) {
      children = this.#sortedChildren(span);
      this.#children[span] = children;
    }
    return children;
  }

  #sortedChildren(span: number): Children {
    const { tree, waiting, intervals } = this.#basis;
    const { from, to } = intervals;
    const waitedFor = (tree.children[span] ?? []).filter(
      (child) => at(waiting, child) === 0 && at(from, child) < at(to, child),
    );
    if (waitedFor.length === 0) return NO_CHILDREN;
    if (waitedFor.length === 1) return { byStart: waitedFor, byEnd: waitedFor };
    const byStart = waitedFor.sort((a, b) => at(from, a) - at(from, b));
    const byEnd = byStart.toSorted((a, b) => at(to, a) - at(to, b));
    this.#findOverlapped(span);
    return { byStart, byEnd };
  }

  #findOverlapped(span: number): void {
    const { from, to } = this.#basis.intervals;
    const whole = { span, from: at(from, span), to: at(to, span) };
    let next = -1;
    for (const { span: picked } of childrenWaitedFor(this.#basis, whole)) {
      if (next !== -1 && at(to, picked) > at(from, next)) this.#overlapped[next] = picked;
      next = picked;
    }
  }

  /** When a child can start so that it overlaps the sibling before it no more than it did; that sibling started earlier. */
  #afterOverlap(child: number): number {
    const before = at(this.#overlapped, child);
    if (before === -1) return 0;
    const { from, to } = this.#basis.intervals;
    return at(this.#newEnd, before) - (at(to, before) - at(from, child));
  }
}
