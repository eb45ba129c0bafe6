import { TIME_FLAGS } from '../model/span.ts';
import {
  hasParent,
  type SpanColumns,
  type SpanRange,
  statusOf,
  timeFlagsOf,
  WORD,
  wordOf,
} from './span-columns.ts';

/** What lists show of a trace. */
export interface TraceTotals {
  /** Of the spans that have a start; 0 when none has. */
  readonly start: bigint;
  /** From there to the latest end of these spans; a number that JavaScript gives back unchanged. */
  readonly duration: bigint;
  readonly spans: number;
  readonly errors: number;
  /** Spans that name a parent that the trace does not have. */
  readonly orphans: number;
  /**
   * Of the earliest span without a parent id, one that has a start if there is one, by span id among equals; null when there is none.
   */
  readonly rootOperation: number | null;
  /** Keys of all spans' operations. */
  readonly operations: ReadonlySet<number>;
}

/** The largest integer within SQLite's 64 bits that is a double. */
const LARGEST_DOUBLE = 2n ** 63n - 1024n;

const ERROR = 2;

/** Totals of a trace that consists of `ranges`. */
export function traceTotals(ranges: readonly SpanRange[]): TraceTotals {
  const operations = new Set<number>();
  let spans = 0;
  let errors = 0;
  let root: SpanAt | null = null;
  for (const { columns, first, count } of ranges) {
    spans += count;
    for (let span = first; span < first + count; span++) {
      operations.add(wordOf(columns, span, WORD.operation));
      if (statusOf(columns, span) === ERROR) errors += 1;
      if (!hasParent(columns, span) && (root === null || isEarlier(columns, span, root))) {
        root = { columns, span };
      }
    }
  }
  return {
    ...extent(ranges),
    spans,
    errors,
    orphans: countOrphans(ranges, spans),
    rootOperation: root === null ? null : wordOf(root.columns, root.span, WORD.operation),
    operations,
  };
}

interface SpanAt {
  readonly columns: SpanColumns;
  readonly span: number;
}

function isEarlier(columns: SpanColumns, span: number, root: SpanAt): boolean {
  return compareRoots({ columns, span }, root) < 0;
}

function compareRoots(a: SpanAt, b: SpanAt): number {
  const [startA, startB] = [startOf(a), startOf(b)];
  return (
    noStart(a) - noStart(b) ||
    (startA < startB ? -1 : Number(startA > startB)) ||
    compareIds(a, b) ||
    (a.columns.hashes[a.span] ?? 0) - (b.columns.hashes[b.span] ?? 0)
  );
}

function startOf({ columns, span }: SpanAt): bigint {
  return columns.times[span * 2] ?? 0n;
}

function noStart({ columns, span }: SpanAt): number {
  return timeFlagsOf(columns, span) & TIME_FLAGS.noStart;
}

/** By the ids' hex digits. */
function compareIds(a: SpanAt, b: SpanAt): number {
  for (let i = 0; i < 2; i++) {
    const difference =
      bigEndian(a.columns.ids[a.span * 4 + i] ?? 0) - bigEndian(b.columns.ids[b.span * 4 + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The number that four bytes are when the first is the highest, of the word that they are when it is the lowest, or the reverse. */
export function bigEndian(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

function extent(ranges: readonly SpanRange[]): Pick<TraceTotals, 'start' | 'duration'> {
  let start: bigint | null = null;
  let end = 0n;
  for (const range of ranges) {
    const found = extentOf(range) ?? exactExtentOf(range);
    if (found === null) continue;
    if (start === null || found.start < start) start = found.start;
    if (found.end > end) end = found.end;
  }
  if (start === null) return { start: 0n, duration: 0n };
  const duration = BigInt(Number(end - start));
  return { start, duration: duration > LARGEST_DOUBLE ? LARGEST_DOUBLE : duration };
}

interface Extent {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * Earliest start and latest end of the spans that have a start, worked out in doubles from the first of these spans, which saves an
 * object for every time; null when that is not exact, or no span has a start.
 */
function extentOf({ columns, first, count }: SpanRange): Extent | null {
  const halves = columns.timeHalves;
  let origin = -1;
  let earliest = 0;
  let latest = 0;
  for (let span = first; span < first + count; span++) {
    if ((timeFlagsOf(columns, span) & TIME_FLAGS.noStart) !== 0) continue;
    if (origin === -1) origin = span;
    const start = difference(halves, span * 4, origin * 4);
    const length = (halves[span * 4 + 3] ?? 0) * 2 ** 32 + ((halves[span * 4 + 2] ?? 0) >>> 0);
    earliest = Math.min(earliest, start);
    latest = Math.max(latest, start + Math.max(length, 0));
  }
  if (origin === -1 || !isExact(earliest) || !isExact(latest)) return null;
  const base = columns.times[origin * 2] ?? 0n;
  return { start: base + BigInt(earliest), end: base + BigInt(latest) };
}

/** Of two 64-bit integers, by the indexes of their lower halves. */
function difference(halves: Int32Array, a: number, b: number): number {
  const high = (halves[a + 1] ?? 0) - (halves[b + 1] ?? 0);
  return high * 2 ** 32 + (((halves[a] ?? 0) >>> 0) - ((halves[b] ?? 0) >>> 0));
}

/** Sums of two such numbers, and each of them, were not rounded. */
function isExact(offset: number): boolean {
  return Math.abs(offset) < 2 ** 52;
}

function exactExtentOf({ columns, first, count }: SpanRange): Extent | null {
  let start: bigint | null = null;
  let end = 0n;
  for (let span = first; span < first + count; span++) {
    if ((timeFlagsOf(columns, span) & TIME_FLAGS.noStart) !== 0) continue;
    const from = columns.times[span * 2] ?? 0n;
    const length = columns.times[span * 2 + 1] ?? 0n;
    if (start === null || from < start) start = from;
    const to = length > 0n ? from + length : from;
    if (to > end) end = to;
  }
  return start === null ? null : { start, end };
}

function countOrphans(ranges: readonly SpanRange[], spans: number): number {
  const [only] = ranges;
  if (spans === 1 && only !== undefined) return isOrphanAlone(only) ? 1 : 0;
  const ids = new IdSet(spans);
  for (const range of ranges) ids.addAll(range);
  return ranges.reduce((sum, range) => sum + ids.countOrphans(range), 0);
}

/** Whether the only span of a trace names a parent other than itself. */
function isOrphanAlone({ columns, first }: SpanRange): boolean {
  const { ids } = columns;
  const at = first * 4;
  return hasParent(columns, first) && (ids[at] !== ids[at + 2] || ids[at + 1] !== ids[at + 3]);
}

/** A set of 64-bit ids other than 0, in an open table. */
class IdSet {
  readonly #mask: number;
  readonly #table: Uint32Array;

  /** For up to `size` ids. */
  constructor(size: number) {
    let slots = 4;
    while (slots < size * 2) slots *= 2;
    this.#mask = slots - 1;
    this.#table = new Uint32Array(slots * 2);
  }

  addAll({ columns: { ids }, first, count }: SpanRange): void {
    for (let at = first * 4; at < (first + count) * 4; at += 4) {
      const [high, low] = [ids[at] ?? 0, ids[at + 1] ?? 0];
      const slot = this.#slot(high, low);
      this.#table[slot] = high;
      this.#table[slot + 1] = low;
    }
  }

  /** How many of the spans have a parent that is not in the set. */
  countOrphans({ columns: { ids }, first, count }: SpanRange): number {
    let orphans = 0;
    for (let at = first * 4 + 2; at < (first + count) * 4; at += 4) {
      const [high, low] = [ids[at] ?? 0, ids[at + 1] ?? 0];
      if ((high | low) === 0) continue;
      const slot = this.#slot(high, low);
      if (((this.#table[slot] ?? 0) | (this.#table[slot + 1] ?? 0)) === 0) orphans += 1;
    }
    return orphans;
  }

  /** Where the id is, or else the empty slot where it would be. */
  #slot(high: number, low: number): number {
    const table = this.#table;
    let slot = (Math.imul(high ^ Math.imul(low, 0x9e3779b1), 0x85ebca6b) >>> 7) & this.#mask;
    for (;;) {
      const at = slot * 2;
      const [a, b] = [table[at] ?? 0, table[at + 1] ?? 0];
      if ((a === high && b === low) || (a | b) === 0) return at;
      slot = (slot + 1) & this.#mask;
    }
  }
}
