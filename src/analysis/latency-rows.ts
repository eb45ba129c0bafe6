import type { SpanId, TraceId } from '../model/ids.ts';
import { spanIdOfWords } from '../model/span-id-words.ts';
import { type Nanos, nanos } from '../model/time.ts';

/** Where to find a span again. */
export interface SpanReference {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
}

/** A span of the trace with this id, as it is added and as it comes out again. */
export interface MeasuredSpan {
  readonly traceId: TraceId;
  readonly idHigh: number;
  readonly idLow: number;
  readonly durationNs: Nanos;
  readonly selfNs: Nanos;
}

const FIRST_CAPACITY = 1024;

/**
 * Every span's duration, self time, group and ids in columns of 32 bytes a span. One set of columns for all groups, because
 * operations with an id in their name make as many groups as spans.
 */
export class LatencyRows {
  #count = 0;
  #group = new Uint32Array(FIRST_CAPACITY);
  #durationNs = new Float64Array(FIRST_CAPACITY);
  #selfNs = new Float64Array(FIRST_CAPACITY);
  #trace = new Uint32Array(FIRST_CAPACITY);
  #spanIdHigh = new Uint32Array(FIRST_CAPACITY);
  #spanIdLow = new Uint32Array(FIRST_CAPACITY);
  readonly #traceIds: TraceId[] = [];

  /** The spans of this trace follow. */
  startTrace(traceId: TraceId): void {
    this.#traceIds.push(traceId);
  }

  /** Adds a span of the trace that was started last. */
  push(group: number, { durationNs, selfNs, idHigh, idLow }: MeasuredSpan): void {
    if (this.#count === this.#group.length) this.#grow();
    const index = this.#count++;
    this.#group[index] = group;
    this.#durationNs[index] = durationNs;
    this.#selfNs[index] = selfNs;
    this.#trace[index] = this.#traceIds.length - 1;
    this.#spanIdHigh[index] = idHigh;
    this.#spanIdLow[index] = idLow;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether another row makes the columns twice as long. */
  get isFull(): boolean {
    return this.#count === this.#group.length;
  }

  /** Takes out the rows of the groups that `isWanted`, and hands them over. */
  drain(
    isWanted: (group: number) => boolean,
    take: (group: number, span: MeasuredSpan) => void,
  ): void {
    let kept = 0;
    for (let row = 0; row < this.#count; row++) {
      const group = this.#group[row] ?? 0;
      if (isWanted(group)) {
        const durationNs = nanos(this.#durationNs[row] ?? 0);
        const selfNs = nanos(this.#selfNs[row] ?? 0);
        const [idHigh, idLow] = [this.#spanIdHigh[row] ?? 0, this.#spanIdLow[row] ?? 0];
        take(group, { traceId: this.#traceIdOf(row), idHigh, idLow, durationNs, selfNs });
      } else {
        this.#move(row, kept++);
      }
    }
    this.#count = kept;
  }

  #move(from: number, to: number): void {
    this.#group[to] = this.#group[from] ?? 0;
    this.#durationNs[to] = this.#durationNs[from] ?? 0;
    this.#selfNs[to] = this.#selfNs[from] ?? 0;
    this.#trace[to] = this.#trace[from] ?? 0;
    this.#spanIdHigh[to] = this.#spanIdHigh[from] ?? 0;
    this.#spanIdLow[to] = this.#spanIdLow[from] ?? 0;
  }

  #grow(): void {
    const capacity = this.#count * 2;
    this.#group = grown(this.#group, new Uint32Array(capacity));
    this.#durationNs = grown(this.#durationNs, new Float64Array(capacity));
    this.#selfNs = grown(this.#selfNs, new Float64Array(capacity));
    this.#trace = grown(this.#trace, new Uint32Array(capacity));
    this.#spanIdHigh = grown(this.#spanIdHigh, new Uint32Array(capacity));
    this.#spanIdLow = grown(this.#spanIdLow, new Uint32Array(capacity));
  }

  /** The durations of each of `groups` groups, ascending. */
  durationsByGroup(groups: number): Float64Array[] {
    return this.#sortedByGroup(this.#durationNs, groups);
  }

  /** The self times of each of `groups` groups, ascending. */
  selfTimesByGroup(groups: number): Float64Array[] {
    return this.#sortedByGroup(this.#selfNs, groups);
  }

  /** A counting sort by group, then a sort within each group. */
  #sortedByGroup(column: Float64Array, groups: number): Float64Array[] {
    const ends = new Uint32Array(groups + 1);
    for (let row = 0; row < this.#count; row++) increment(ends, (this.#group[row] ?? 0) + 1);
    for (let group = 1; group <= groups; group++) add(ends, group, ends[group - 1] ?? 0);
    const next = ends.slice();
    const values = new Float64Array(this.#count);
    for (let row = 0; row < this.#count; row++) {
      values[increment(next, this.#group[row] ?? 0)] = column[row] ?? 0;
    }
    return Array.from({ length: groups }, (_, group) =>
      values.subarray(ends[group], ends[group + 1]).sort(),
    );
  }

  /**
   * For each group and each of its durations in `targets`, the span that took just that long; of several the one with the smallest
   * trace id, then span id. Every target must be a duration of its group.
   */
  findSpans(targets: readonly Float64Array[]): SpanReference[][] {
    const found = targets.map((durations) => new Int32Array(durations.length).fill(-1));
    for (let row = 0; row < this.#count; row++) {
      const group = this.#group[row] ?? 0;
      const durations = targets[group];
      const rows = found[group];
      if (durations !== undefined && rows !== undefined) this.#offer(row, durations, rows);
    }
    return found.map((rows) => Array.from(rows, (row) => this.#reference(row)));
  }

  /** Puts `row` where `durations` asks for its duration, unless a row there comes first. */
  #offer(row: number, durations: Float64Array, rows: Int32Array): void {
    for (let i = 0; i < durations.length; i++) {
      if (durations[i] !== this.#durationNs[row]) continue;
      const best = rows[i] ?? -1;
      if (best === -1 || this.#precedes(row, best)) rows[i] = row;
    }
  }

  #precedes(a: number, b: number): boolean {
    const traceA = this.#traceIds[this.#trace[a] ?? 0] ?? '';
    const traceB = this.#traceIds[this.#trace[b] ?? 0] ?? '';
    if (traceA !== traceB) return traceA < traceB;
    const high = (this.#spanIdHigh[a] ?? 0) - (this.#spanIdHigh[b] ?? 0);
    return high === 0 ? (this.#spanIdLow[a] ?? 0) < (this.#spanIdLow[b] ?? 0) : high < 0;
  }

  #reference(row: number): SpanReference {
    return {
      traceId: this.#traceIdOf(row),
      spanId: spanIdOfWords(this.#spanIdHigh[row] ?? 0, this.#spanIdLow[row] ?? 0),
    };
  }

  #traceIdOf(row: number): TraceId {
    const traceId = this.#traceIds[this.#trace[row] ?? -1];
    if (traceId === undefined) throw new RangeError(`no span in row ${row}`);
    return traceId;
  }
}

function grown<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Adds one; the value before. */
function increment(counts: Uint32Array, index: number): number {
  return add(counts, index, 1);
}

function add(counts: Uint32Array, index: number, amount: number): number {
  const before = counts[index] ?? 0;
  counts[index] = before + amount;
  return before;
}
