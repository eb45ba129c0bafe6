import { DurationSamples } from '../analysis/duration-samples.ts';
import { divideHalfEven, exactSum } from '../analysis/duration-statistics.ts';
import { parseQuantile, percentile } from '../analysis/nearest-rank.ts';
import { TIME_FLAGS, UNKNOWN_SERVICE } from '../model/span.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import type { Check, Comparator, Condition, Count, Field, Quality, Statistic } from './check.ts';
import { Evidence, type SpanEvidence } from './evidence.ts';
import type { ScopedItem, ScopeReader } from './scoped-items.ts';
import type { TraceView } from './trace-view.ts';

/** What a check measured. */
export interface Measured {
  /** Null when there is nothing to say: an empty sample, a rate over no time. */
  readonly actual: number | null;
  /** How many spans, calls or traces it was measured of. */
  readonly n: number;
  /** Whether the scope held anything at all. */
  readonly matched: boolean;
  readonly evidence: readonly SpanEvidence[];
}

/** Measures one thing over all traces; each is added once. */
export interface Gauge {
  add(view: TraceView): void;
  result(): Measured;
}

/** The gauge of a check; null for findings, which are found elsewhere. */
export function gaugeOf({ measure, comparator }: Check, read: ScopeReader): Gauge | null {
  switch (measure.kind) {
    case 'statistic':
      return new SampleGauge(measure.field, measure.statistic, { read, comparator });
    case 'count':
      return new CountGauge(measure.count, read);
    case 'apdex':
      return new ApdexGauge(measure.targetNs, read);
    case 'quality':
      return new QualityGauge(measure.quality);
    case 'matches':
      return new MatchGauge(measure.condition, read);
    case 'findings':
      return null;
  }
}

/** Collects values and takes a statistic of them. */
class SampleGauge implements Gauge {
  readonly #field: Field;
  readonly #statistic: Statistic;
  readonly #read: ScopeReader;
  /** Spans that are worst for an upper limit are the longest. */
  readonly #sign: number;
  readonly #samples = new DurationSamples();
  readonly #evidence = new Evidence();
  #items = 0;

  constructor(
    field: Field,
    statistic: Statistic,
    { read, comparator }: { readonly read: ScopeReader; readonly comparator: Comparator },
  ) {
    this.#field = field;
    this.#statistic = statistic;
    this.#read = read;
    this.#sign = comparator.startsWith('>') ? -1 : 1;
  }

  add(view: TraceView): void {
    const items = this.#read(view);
    const [first] = items;
    if (first === undefined) return;
    this.#items += items.length;
    switch (this.#field) {
      case 'duration':
        for (const { durationNs, span } of items)
          if (durationNs !== null) this.#push(durationNs, span);
        return;
      case 'self':
        for (const { node, durationNs, span } of items)
          if (node && durationNs !== null) this.#push(view.selfNs[node.index] ?? 0, span);
        return;
      case 'calls':
        this.#push(items.length, first.span);
        return;
      case 'traceDuration':
        this.#push(view.trace.durationNs, first.span);
        return;
      case 'critical':
        this.#push(ownedOnPath(view, items), first.span);
    }
  }

  #push(value: number, span: SpanEvidence): void {
    this.#samples.push(nanos(value));
    this.#evidence.add(value * this.#sign, span);
  }

  result(): Measured {
    const sorted = this.#samples.sorted();
    return {
      actual: statisticOf(sorted, this.#statistic),
      n: sorted.length,
      matched: this.#items > 0,
      evidence: this.#evidence.list(),
    };
  }
}

/** A statistic of a sample sorted ascending; null when it is empty, and for the deviation of a single value. */
export function statisticOf(sorted: Float64Array, statistic: Statistic): number | null {
  const count = sorted.length;
  if (count === 0) return null;
  switch (statistic.kind) {
    case 'percentile':
      return percentile(sorted, parseQuantile(statistic.text));
    case 'min':
      return sorted[0] ?? null;
    case 'max':
      return sorted.at(-1) ?? null;
    case 'sum':
      return Number(exactSum(sorted));
    case 'avg':
      return Number(divideHalfEven(exactSum(sorted), BigInt(count)));
    case 'stddev': {
      if (count < 2) return null;
      const mean = Number(exactSum(sorted)) / count;
      let squares = 0;
      for (const value of sorted) squares += (value - mean) ** 2;
      return Math.round(Math.sqrt(squares / (count - 1)));
    }
  }
}

function ownedOnPath({ path }: TraceView, items: readonly ScopedItem[]): number {
  const owners = new Set(items.flatMap(({ node }) => (node ? [node.index] : [])));
  let owned = 0;
  for (const { node, startNs, endNs } of path.sections)
    if (node !== null && owners.has(node.index)) owned += endNs - startNs;
  return owned;
}

class CountGauge implements Gauge {
  readonly #count: Count;
  readonly #read: ScopeReader;
  readonly #evidence = new Evidence();
  #items = 0;
  #traces = 0;
  #errors = 0;
  #ownedNs = 0;
  #pathNs = 0;
  #first: bigint | null = null;
  #last: bigint | null = null;

  constructor(count: Count, read: ScopeReader) {
    this.#count = count;
    this.#read = read;
  }

  add(view: TraceView): void {
    const items = this.#read(view);
    if (this.#count === 'critical_share') {
      this.#ownedNs += ownedOnPath(view, items);
      this.#pathNs += view.path.endNs - view.path.startNs;
    }
    if (items.length === 0) return;
    this.#traces += 1;
    this.#items += items.length;
    const isOfErrors = this.#count === 'errors' || this.#count === 'error_ratio';
    for (const { span, isError } of items) {
      this.#errors += Number(isError);
      if (isError || !isOfErrors) this.#evidence.add(0, span);
      const start = span.startUnixNano;
      if ((span.timeFlags & TIME_FLAGS.noStart) !== 0) continue;
      if (this.#first === null || start < this.#first) this.#first = start;
      if (this.#last === null || start > this.#last) this.#last = start;
    }
  }

  result(): Measured {
    const isOfTraces = this.#count === 'traces' || this.#count === 'critical_share';
    return {
      actual: this.#value(),
      n: isOfTraces ? this.#traces : this.#items,
      matched: this.#items > 0,
      evidence: this.#evidence.list(),
    };
  }

  #value(): number | null {
    switch (this.#count) {
      case 'count':
        return this.#items;
      case 'traces':
        return this.#traces;
      case 'errors':
        return this.#errors;
      case 'error_ratio':
        return this.#items === 0 ? null : this.#errors / this.#items;
      case 'critical_share':
        return this.#pathNs === 0 ? null : this.#ownedNs / this.#pathNs;
      case 'rate': {
        const seconds = Number((this.#last ?? 0n) - (this.#first ?? 0n)) / 1e9;
        return seconds === 0 ? null : this.#items / seconds;
      }
    }
  }
}

/** (satisfied + tolerated / 2) / all: satisfied up to the target, tolerated up to four times that; errors are neither. */
class ApdexGauge implements Gauge {
  readonly #targetNs: Nanos;
  readonly #read: ScopeReader;
  readonly #evidence = new Evidence();
  #points = 0;
  #items = 0;

  constructor(targetNs: Nanos, read: ScopeReader) {
    this.#targetNs = targetNs;
    this.#read = read;
  }

  add(view: TraceView): void {
    for (const { durationNs, isError, span } of this.#read(view)) {
      if (durationNs === null) continue;
      this.#items += 1;
      this.#evidence.add(isError ? Number.MAX_VALUE : durationNs, span);
      if (isError || durationNs > 4 * this.#targetNs) continue;
      this.#points += durationNs <= this.#targetNs ? 1 : 0.5;
    }
  }

  result(): Measured {
    const actual = this.#items === 0 ? null : this.#points / this.#items;
    return { actual, n: this.#items, matched: this.#items > 0, evidence: this.#evidence.list() };
  }
}

/** How many spans of a scope satisfy a condition; all of them without one. */
class MatchGauge implements Gauge {
  readonly #condition: Condition | null;
  readonly #read: ScopeReader;
  readonly #evidence = new Evidence();
  #items = 0;
  #found = 0;

  constructor(condition: Condition | null, read: ScopeReader) {
    this.#condition = condition;
    this.#read = read;
  }

  add(view: TraceView): void {
    for (const item of this.#read(view)) {
      this.#items += 1;
      if (this.#condition !== null && !satisfies(item, this.#condition, view)) continue;
      this.#found += 1;
      this.#evidence.add(item.durationNs ?? 0, item.span);
    }
  }

  result(): Measured {
    return {
      actual: this.#found,
      n: this.#items,
      matched: this.#items > 0,
      evidence: this.#evidence.list(),
    };
  }
}

function satisfies(
  { node, durationNs }: ScopedItem,
  { field, comparator, value }: Condition,
  { trace, selfNs }: TraceView,
): boolean {
  const values = {
    duration: () => durationNs,
    self: () => (node ? (selfNs[node.index] ?? null) : null),
    traceDuration: () => trace.durationNs,
    children: () => node?.children.length ?? null,
  };
  const actual = values[field]();
  // What is not known does not keep a limit: the negated comparison would let it pass.
  return actual === null || holds(actual, comparator, value);
}

/** Whether a comparison holds. Never for NaN. */
export function holds(actual: number, comparator: Comparator, limit: number): boolean {
  if (Number.isNaN(actual) || Number.isNaN(limit)) return false;
  switch (comparator) {
    case '<':
      return actual < limit;
    case '<=':
      return actual <= limit;
    case '>':
      return actual > limit;
    case '>=':
      return actual >= limit;
    case '==':
      return actual === limit;
    case '!=':
      return actual !== limit;
  }
}

class QualityGauge implements Gauge {
  readonly #quality: Quality;
  readonly #evidence = new Evidence();
  #bad = 0;
  #all = 0;

  constructor(quality: Quality) {
    this.#quality = quality;
  }

  add(view: TraceView): void {
    const [first] = view.trace.nodes;
    if (this.#quality === 'lost_share') {
      const { startNs, endNs, lostNs } = view.path;
      this.#all += endNs - startNs;
      this.#addBad(lostNs, first?.span);
    } else if (this.#quality === 'clock_skew_ratio') {
      this.#all += view.trace.nodes.length;
      this.#addBad(view.path.shifts.length, view.path.shifts[0]?.node.span);
    } else {
      this.#addSpans(view.trace, SPAN_DEFECTS[this.#quality]);
    }
  }

  #addSpans({ nodes }: Trace, isBad: (node: Trace['nodes'][number]) => boolean): void {
    this.#all += nodes.length;
    const bad = nodes.filter(isBad);
    this.#addBad(bad.length, bad[0]?.span);
  }

  #addBad(amount: number, span: SpanEvidence | undefined): void {
    if (amount === 0 || span === undefined) return;
    this.#bad += amount;
    this.#evidence.add(amount, span);
  }

  result(): Measured {
    const actual = this.#all === 0 ? null : this.#bad / this.#all;
    return { actual, n: this.#all, matched: this.#all > 0, evidence: this.#evidence.list() };
  }
}

const SPAN_DEFECTS: Readonly<
  Record<
    Exclude<Quality, 'lost_share' | 'clock_skew_ratio'>,
    (node: Trace['nodes'][number]) => boolean
  >
> = {
  orphan_ratio: ({ missingParent }) => missingParent !== null,
  unfinished_ratio: ({ span }) => (span.timeFlags & (TIME_FLAGS.noStart | TIME_FLAGS.noEnd)) !== 0,
  unnamed_ratio: ({ span }) => span.name === '',
  unknown_service_ratio: ({ service }) => service === UNKNOWN_SERVICE || service === '',
};
