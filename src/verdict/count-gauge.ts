import { TIME_FLAGS } from '../model/span.ts';
import type { Count } from './check.ts';
import { Evidence } from './evidence.ts';
import type { Gauge, Measured } from './gauge.ts';
import type { MeasureSample } from './measure-sample.ts';
import { ownedOnPath } from './owned-path.ts';
import { BILLION } from './per-trace-share.ts';
import type { ScopedItem, ScopeReader } from './scoped-items.ts';
import type { TraceView } from './trace-view.ts';

/** Counts what a scope holds. */
export class CountGauge implements Gauge {
  readonly #count: Count;
  readonly #read: ScopeReader;
  readonly #evidence = new Evidence();
  #items = 0;
  #traces = 0;
  #errors = 0;
  #failedTraces = 0;
  #ownedNs = 0;
  #pathNs = 0;
  readonly #pathShares: number[] = [];
  #first: bigint | null = null;
  #last: bigint | null = null;

  constructor(count: Count, read: ScopeReader) {
    this.#count = count;
    this.#read = read;
  }

  add(view: TraceView): void {
    const items = this.#read(view);
    if (this.#count === 'critical_share') this.#addPath(view, items);
    if (items.length === 0) return;
    this.#traces += 1;
    this.#items += items.length;
    this.#failedTraces += Number(items.some(({ isError }) => isError));
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

  #addPath(view: TraceView, items: readonly ScopedItem[]): void {
    const owned = ownedOnPath(view, items);
    const length = view.path.endNs - view.path.startNs;
    this.#ownedNs += owned;
    this.#pathNs += length;
    if (length > 0) this.#pathShares.push(Math.round((owned / length) * BILLION));
  }

  result(): Measured {
    const isOfTraces = this.#count === 'traces' || this.#count === 'critical_share';
    return {
      sample: this.#sample(),
      n: isOfTraces ? this.#traces : this.#items,
      matched: this.#items > 0,
      evidence: this.#evidence.list(),
    };
  }

  #sample(): MeasureSample {
    const amount = (count: number) => ({ kind: 'amount', amount: count, runs: 1 }) as const;
    switch (this.#count) {
      case 'count':
        return amount(this.#items);
      case 'traces':
        return amount(this.#traces);
      case 'errors':
        return amount(this.#errors);
      case 'error_ratio':
        return {
          kind: 'ratio',
          part: this.#errors,
          whole: this.#items,
          perTrace: null,
          traces: { count: this.#failedTraces, all: this.#traces },
        };
      case 'critical_share':
        return {
          kind: 'ratio',
          part: this.#ownedNs,
          whole: this.#pathNs,
          perTrace: Float64Array.from(this.#pathShares).sort(),
          traces: null,
        };
      case 'rate':
        return {
          kind: 'ratio',
          part: this.#items,
          whole: Number((this.#last ?? 0n) - (this.#first ?? 0n)) / 1e9,
          perTrace: null,
          traces: null,
        };
    }
  }
}
