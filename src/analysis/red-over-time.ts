import { SPAN_KINDS, STATUS_CODES, TIME_FLAGS } from '../model/span.ts';
import { type SpanTree, ZERO_START } from '../model/span-tree.ts';
import { type Nanos, nanos, type UnixNano, unixNano } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { compareText } from './dependency-node.ts';
import { DurationSketch } from './duration-sketch.ts';
import { PERCENTILES } from './duration-statistics.ts';
import { SKETCH_RELATIVE_ERROR } from './sketch-bins.ts';
import { mainRootOf } from './slow-traces.ts';

/** Rate, errors and duration of requests over time. */
export interface RedOverTime {
  /** How long an interval is: of 1, 5, 10, 50, 100 and 500 ms, 1, 5, 10 and 30 s, and so on the shortest that makes at most 60 intervals. */
  readonly stepNs: Nanos;
  /** Start of the first interval, a multiple of the step since 1970; null when nothing has a start. */
  readonly start: UnixNano | null;
  /** Traces, by their main roots. */
  readonly traces: RedSeries;
  /** What each service was asked for: its server and consumer spans, roots, and spans that another service called without one of these. Most requests first, then by name. */
  readonly services: readonly ServiceRed[];
  /** Percentiles are at most this share away from the exact ones. */
  readonly relativeError: number;
}

export interface ServiceRed extends RedSeries {
  readonly service: string;
}

/** One after the other without gaps; every series has the same intervals. */
export interface RedSeries {
  readonly count: number;
  readonly errors: number;
  readonly intervals: readonly RedInterval[];
}

/** Requests that started in an interval. */
export interface RedInterval {
  readonly start: UnixNano;
  readonly count: number;
  readonly errors: number;
  /** Null when no request has a known duration. */
  readonly p50Ns: Nanos | null;
  readonly p95Ns: Nanos | null;
}

/** Collects traces; each must be added once and whole. The result does not depend on their order. */
export interface RedAccumulator {
  add(trace: Trace): void;
  /** Of the traces so far. */
  result(): RedOverTime;
}

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
/** Each divides the next, so that intervals can be merged when time turns out to be longer. */
const STEPS: readonly bigint[] = [
  ...[1n, 5n, 10n, 50n, 100n, 500n].map((ms) => ms * 1_000_000n),
  ...[1n, 5n, 10n, 30n].map((s) => s * SECOND),
  ...[1n, 5n, 10n, 30n].map((m) => m * MINUTE),
  ...[1n, 2n, 6n, 12n].map((h) => h * HOUR),
  ...[1n, 10n, 100n, 1000n, 10_000n].map((d) => d * DAY),
];
const MAX_INTERVALS = 60;

/** Counts requests per interval while the traces pass by. Keeps at most 60 small sketches a service. */
export function redOverTime(): RedAccumulator {
  return new Accumulator();
}

interface Cell {
  count: number;
  errors: number;
  readonly durations: DurationSketch;
}

/** By the number of the interval since 1970. */
type Cells = Map<number, Cell>;

class Accumulator implements RedAccumulator {
  #step = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #traces: Cells = new Map();
  /** A trace's start, as interval and rest at a step. */
  #base = { start: unixNano(0n), step: 1n, interval: 0, restNs: 0 };
  #services = new Map<string, Cells>();

  add(trace: Trace): void {
    const { tree } = trace;
    const root = mainRootOf(tree);
    if (root !== -1 && hasStart(tree, root)) {
      // First the interval: it may replace the cells.
      const interval = this.#intervalOf(trace, root);
      count(cellOf(this.#traces, interval), tree, root);
    }
    for (let span = 0; span < tree.size; span++) {
      if (!isRequest(tree, span) || !hasStart(tree, span)) continue;
      const interval = this.#intervalOf(trace, span);
      const service = tree.vocabulary.serviceOf(tree.operation[span] ?? -1);
      count(cellOf(this.#cellsOf(service), interval), tree, span);
    }
  }

  #cellsOf(service: string): Cells {
    let cells = this.#services.get(service);
    if (cells === undefined) {
      cells = new Map();
      this.#services.set(service, cells);
    }
    return cells;
  }

  /** The interval of a start, after making intervals long enough for it. */
  #intervalOf(trace: Trace, span: number): number {
    const interval = this.#numberOf(trace, span);
    return interval >= this.#first && interval <= this.#last ? interval : this.#include(interval);
  }

  /** The interval of a start at the current step: with plain numbers, from the start of the trace. */
  #numberOf({ tree, startUnixNano }: Trace, span: number): number {
    if (((tree.timeFlags[span] ?? 0) & ZERO_START) !== 0) return 0;
    const step = this.#stepNs();
    const startNs = tree.start[span] ?? 0;
    if (step > DAY) return Number((startUnixNano + BigInt(startNs)) / step);
    if (this.#base.start !== startUnixNano || this.#base.step !== step) {
      const start = startUnixNano;
      this.#base = { start, step, interval: Number(start / step), restNs: Number(start % step) };
    }
    return this.#base.interval + Math.floor((this.#base.restNs + startNs) / Number(step));
  }

  /** The interval after making intervals long enough for it. */
  #include(wanted: number): number {
    let interval = wanted;
    let first = Math.min(this.#first, interval);
    let last = Math.max(this.#last, interval);
    while (last - first >= MAX_INTERVALS && this.#step < STEPS.length - 1) {
      const factor = this.#lengthen();
      interval = Math.floor(interval / factor);
      first = Math.floor(first / factor);
      last = Math.floor(last / factor);
    }
    this.#first = first;
    this.#last = last;
    return interval;
  }

  #stepNs(): bigint {
    return STEPS[this.#step] ?? DAY;
  }

  /** Takes the next longer step; how many times longer it is. */
  #lengthen(): number {
    const before = this.#stepNs();
    this.#step += 1;
    const factor = Number(this.#stepNs() / before);
    this.#traces = merged(this.#traces, factor);
    for (const [service, cells] of this.#services)
      this.#services.set(service, merged(cells, factor));
    return factor;
  }

  result(): RedOverTime {
    const isEmpty = this.#last < this.#first;
    const services = Array.from(this.#services, ([service, cells]) => ({
      service,
      ...this.#seriesOf(cells),
    }));
    return {
      stepNs: nanos(Number(this.#stepNs())),
      start: isEmpty ? null : this.#startOf(this.#first),
      traces: this.#seriesOf(this.#traces),
      services: services.sort((a, b) => b.count - a.count || compareText(a.service, b.service)),
      relativeError: SKETCH_RELATIVE_ERROR,
    };
  }

  #startOf(interval: number): UnixNano {
    return unixNano(BigInt(interval) * this.#stepNs());
  }

  #seriesOf(cells: Cells): RedSeries {
    const intervals: RedInterval[] = [];
    for (let interval = this.#first; interval <= this.#last; interval++) {
      const cell = cells.get(interval);
      intervals.push({
        start: this.#startOf(interval),
        count: cell?.count ?? 0,
        errors: cell?.errors ?? 0,
        p50Ns: cell?.durations.percentile(PERCENTILES.p50) ?? null,
        p95Ns: cell?.durations.percentile(PERCENTILES.p95) ?? null,
      });
    }
    const sum = (field: 'count' | 'errors') => intervals.reduce((all, i) => all + i[field], 0);
    return { count: sum('count'), errors: sum('errors'), intervals };
  }
}

function hasStart({ timeFlags }: SpanTree, span: number): boolean {
  return ((timeFlags[span] ?? 0) & TIME_FLAGS.noStart) === 0;
}

const ERROR = STATUS_CODES.indexOf('error');

function count(cell: Cell, { status, timeFlags, duration }: SpanTree, span: number): void {
  cell.count += 1;
  cell.errors += Number(status[span] === ERROR);
  if (((timeFlags[span] ?? 0) & TIME_FLAGS.noEnd) === 0) {
    cell.durations.add(nanos(duration[span] ?? 0));
  }
}

const SERVER = SPAN_KINDS.indexOf('server');
const CLIENT = SPAN_KINDS.indexOf('client');
const PRODUCER = SPAN_KINDS.indexOf('producer');
const CONSUMER = SPAN_KINDS.indexOf('consumer');

function isRequest(tree: SpanTree, span: number): boolean {
  const kind = tree.kind[span];
  if (kind === SERVER || kind === CONSUMER) return true;
  const parent = tree.parent[span] ?? -1;
  if (parent === -1) return !tree.missingParents.has(span);
  if (kind === CLIENT || kind === PRODUCER) return false;
  const { operations } = tree.vocabulary;
  const serviceOf = (of: number) => operations[tree.operation[of] ?? -1]?.service;
  return serviceOf(parent) !== serviceOf(span);
}

function cellOf(cells: Cells, interval: number): Cell {
  let cell = cells.get(interval);
  if (cell === undefined) {
    cell = { count: 0, errors: 0, durations: new DurationSketch() };
    cells.set(interval, cell);
  }
  return cell;
}

function merged(cells: Cells, factor: number): Cells {
  const longer: Cells = new Map();
  for (const [interval, { count, errors, durations }] of cells) {
    const cell = cellOf(longer, Math.floor(interval / factor));
    cell.count += count;
    cell.errors += errors;
    cell.durations.merge(durations);
  }
  return longer;
}
