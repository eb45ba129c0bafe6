import type { SpanId } from '../model/ids.ts';
import { type SpanTree, spanColumns } from '../model/span-tree.ts';
import type { SpanVocabulary } from '../model/span-vocabulary.ts';
import { type UnixNano, unixNano } from '../model/time.ts';
import { type SpanColumns, type SpanRange, statusOf, WORD, wordOf } from './span-columns.ts';
import { SpanIndex } from './span-index.ts';
import { bigEndian } from './trace-totals.ts';
import { difference, isOdd, lengthOf, parentIdOf, type TreeContext } from './tree-rows.ts';

/** What a tree says of a trace beside its spans. */
export interface TimedTree {
  readonly tree: SpanTree;
  readonly startUnixNano: UnixNano;
  readonly durationNs: number;
  /** By span of the tree: how many rows precede its own in the ranges that it was built from. */
  readonly rowOf: Int32Array;
}

/** Spans as they come, before they have their place. */
function scratch(capacity: number) {
  return {
    ids: new SpanIndex(capacity),
    start: new Float64Array(capacity),
    duration: new Float64Array(capacity),
    high: new Uint32Array(capacity),
    low: new Uint32Array(capacity),
    operation: new Int32Array(capacity),
    resource: new Int32Array(capacity),
    status: new Uint8Array(capacity),
    events: new Uint8Array(capacity),
    parent: new Int32Array(capacity),
    order: new Int32Array(capacity),
    firstChild: new Int32Array(capacity),
    nextSibling: new Int32Array(capacity),
    place: new Int32Array(capacity),
    rowOf: new Int32Array(capacity),
  };
}

const NONE_MISSING: SpanTree['missingParents'] = new Map();
const NO_PARENT = -1;
const MISSING = -2;

/** Differences of times up to here, and sums of two, are exact. */
const EXACT_NS = 2 ** 52;

/**
 * Puts the spans of a trace into a `SpanTree` straight from their columns. What it gives is of no use once it builds the next: all
 * use the same memory.
 *
 * It leaves all that is odd to those who look at whole spans: ids that occur twice, links, which may be parents, times that are
 * missing or wrong, loops, and spans of Zipkin. Everything else comes out as they would have it.
 */
export class TreeBuilder {
  #capacity = 0;
  #columns = spanColumns(0);
  #scratch = scratch(0);
  #size = 0;

  /** Null for a trace with anything odd, and for one without spans. */
  build(ranges: readonly SpanRange[], context: TreeContext): TimedTree | null {
    let size = 0;
    for (const { count } of ranges) size += count;
    if (size === 0) return null;
    this.#reserve(size);
    this.#size = 0;
    const origin = ranges[0];
    if (origin === undefined) return null;
    for (const range of ranges) if (!this.#readRange(range, origin, context)) return null;
    if (!this.#findParents(ranges)) return null;
    const earliest = this.#shiftStarts();
    this.#sort();
    const missingParents = this.#place(ranges, context);
    if (missingParents === null) return null;
    const { vocabulary } = context;
    const startNs = origin.columns.times[origin.first * 2] ?? 0n;
    return {
      tree: this.#tree(size, vocabulary, missingParents),
      startUnixNano: unixNano(startNs + BigInt(earliest)),
      durationNs: this.#latestEnd(),
      rowOf: this.#scratch.rowOf,
    };
  }

  /** Field by field: copying an object costs as much as building the rest. */
  #tree(
    size: number,
    vocabulary: SpanVocabulary,
    missingParents: SpanTree['missingParents'],
  ): SpanTree {
    const columns = this.#columns;
    return {
      size,
      vocabulary,
      parent: columns.parent,
      start: columns.start,
      end: columns.end,
      duration: columns.duration,
      operation: columns.operation,
      resource: columns.resource,
      kind: columns.kind,
      status: columns.status,
      timeFlags: columns.timeFlags,
      follows: columns.follows,
      events: columns.events,
      idHigh: columns.idHigh,
      idLow: columns.idLow,
      missingParents,
      addresses: null,
    };
  }

  #reserve(size: number): void {
    if (size <= this.#capacity) return;
    this.#capacity = Math.max(size, this.#capacity * 2);
    this.#columns = spanColumns(this.#capacity);
    this.#scratch = scratch(this.#capacity);
  }

  /** Whether there is nothing odd. Times are from the first span of `origin`. */
  #readRange(
    { columns, first, count }: SpanRange,
    origin: SpanRange,
    context: TreeContext,
  ): boolean {
    const to = this.#scratch;
    for (let at = first; at < first + count; at++) {
      if (isOdd(columns, at, context)) return false;
      const start = difference(columns, at, origin);
      const duration = lengthOf(columns, at);
      if (Math.abs(start) >= EXACT_NS || duration < 0 || duration >= EXACT_NS) return false;
      const span = this.#size++;
      to.start[span] = start;
      to.duration[span] = duration;
      to.high[span] = bigEndian(columns.ids[at * 4] ?? 0);
      to.low[span] = bigEndian(columns.ids[at * 4 + 1] ?? 0);
      const resource = wordOf(columns, at, WORD.resource);
      to.operation[span] = context.operation(resource, wordOf(columns, at, WORD.operation));
      to.resource[span] = context.resource(resource);
      to.status[span] = statusOf(columns, at);
      to.events[span] = Number(wordOf(columns, at, WORD.events) > 0);
    }
    return true;
  }

  /** Whether ids occur once and no span is its own parent. */
  #findParents(ranges: readonly SpanRange[]): boolean {
    const { ids, high, low, parent } = this.#scratch;
    ids.clear(this.#size);
    for (let span = 0; span < this.#size; span++) if (!ids.add(high, low, span)) return false;
    let span = 0;
    for (const { columns, first, count } of ranges) {
      for (let at = first; at < first + count; at++) {
        const found = this.#parentOf(columns, at);
        if (found === span) return false;
        parent[span++] = found;
      }
    }
    return true;
  }

  #parentOf({ ids }: SpanColumns, at: number): number {
    const parentHigh = bigEndian(ids[at * 4 + 2] ?? 0);
    const parentLow = bigEndian(ids[at * 4 + 3] ?? 0);
    if ((parentHigh | parentLow) === 0) return NO_PARENT;
    const { ids: index, high, low } = this.#scratch;
    const found = index.find(high, low, parentHigh, parentLow);
    return found === -1 ? MISSING : found;
  }

  /** Makes starts count from the earliest, which is what it gives back. */
  #shiftStarts(): number {
    const { start } = this.#scratch;
    let earliest = Number.POSITIVE_INFINITY;
    for (let span = 0; span < this.#size; span++) {
      if ((start[span] ?? 0) < earliest) earliest = start[span] ?? 0;
    }
    for (let span = 0; span < this.#size; span++) start[span] = (start[span] ?? 0) - earliest;
    return earliest;
  }

  /** Siblings are ordered by start, then longest first, then id; so are all spans here, of whatever parent. */
  #sort(): void {
    const { start, duration, high, low, order } = this.#scratch;
    const byPlace = (a: number, b: number) =>
      (start[a] ?? 0) - (start[b] ?? 0) ||
      (duration[b] ?? 0) - (duration[a] ?? 0) ||
      (high[a] ?? 0) - (high[b] ?? 0) ||
      (low[a] ?? 0) - (low[b] ?? 0);
    for (let span = 0; span < this.#size; span++) order[span] = span;
    if (this.#size > FEW) {
      order.subarray(0, this.#size).sort(byPlace);
      return;
    }
    for (let i = 1; i < this.#size; i++) {
      const span = order[i] ?? 0;
      let to = i;
      for (; to > 0 && byPlace(order[to - 1] ?? 0, span) > 0; to--) order[to] = order[to - 1] ?? 0;
      order[to] = span;
    }
  }

  /** Gives every span its place in the tree; the parents that the trace lacks. Null where parents lead in a loop. */
  #place(ranges: readonly SpanRange[], context: TreeContext): ReadonlyMap<number, SpanId> | null {
    const { parent, firstChild, nextSibling } = this.#scratch;
    let missing: Map<number, SpanId> | null = null;
    let filled = 0;
    for (let root = this.#linkChildren(); root !== -1; root = nextSibling[root] ?? -1) {
      for (let span = root; span !== -1; ) {
        const above = this.#putSpan(span, filled, context);
        if (above === MISSING) {
          missing ??= new Map();
          missing.set(filled, parentIdOf(span, ranges));
        }
        filled += 1;
        const child = firstChild[span] ?? -1;
        span = child === -1 ? nextAfter(span, root, parent, nextSibling) : child;
      }
    }
    return filled === this.#size ? (missing ?? NONE_MISSING) : null;
  }

  /** Links siblings to each other in order; the first root. */
  #linkChildren(): number {
    const { order, parent, firstChild, nextSibling } = this.#scratch;
    firstChild.fill(-1, 0, this.#size);
    let firstRoot = -1;
    for (let i = this.#size - 1; i >= 0; i--) {
      const span = order[i] ?? 0;
      const above = parent[span] ?? NO_PARENT;
      if (above < 0) {
        nextSibling[span] = firstRoot;
        firstRoot = span;
      } else {
        nextSibling[span] = firstChild[above] ?? -1;
        firstChild[above] = span;
      }
    }
    return firstRoot;
  }

  /** Its parent, or why it has none. */
  #putSpan(span: number, index: number, context: TreeContext): number {
    const from = this.#scratch;
    const to = this.#columns;
    const above = from.parent[span] ?? NO_PARENT;
    const parent = above < 0 ? -1 : (from.place[above] ?? -1);
    const own = from.operation[span] ?? 0;
    const operation = parent === -1 ? own : context.inherited(own, to.operation[parent] ?? 0);
    const start = from.start[span] ?? 0;
    const duration = from.duration[span] ?? 0;
    from.place[span] = index;
    from.rowOf[index] = span;
    to.parent[index] = parent;
    to.start[index] = start;
    to.end[index] = start + duration;
    to.duration[index] = duration;
    to.operation[index] = operation;
    to.resource[index] = from.resource[span] ?? 0;
    to.kind[index] = context.vocabulary.operations[operation]?.kind ?? 0;
    to.status[index] = from.status[span] ?? 0;
    to.timeFlags[index] = 0;
    to.follows[index] = 0;
    to.events[index] = from.events[span] ?? 0;
    to.idHigh[index] = from.high[span] ?? 0;
    to.idLow[index] = from.low[span] ?? 0;
    return above;
  }

  #latestEnd(): number {
    const { end } = this.#columns;
    let latest = 0;
    for (let span = 0; span < this.#size; span++) {
      if ((end[span] ?? 0) > latest) latest = end[span] ?? 0;
    }
    return latest;
  }
}

/** Below this many spans, moving them costs less than calling a sort. */
const FEW = 32;

/** The span that follows one without children in the tree of `root`, −1 for none. */
function nextAfter(
  last: number,
  root: number,
  parent: Int32Array,
  nextSibling: Int32Array,
): number {
  for (let span = last; span !== root; span = parent[span] ?? -1) {
    const next = nextSibling[span] ?? -1;
    if (next !== -1) return next;
  }
  return -1;
}
