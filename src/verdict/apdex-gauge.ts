import type { Nanos } from '../model/time.ts';
import { Evidence } from './evidence.ts';
import type { Gauge, Measured } from './gauge.ts';
import { BILLION } from './per-trace-share.ts';
import type { ScopeReader } from './scoped-items.ts';
import type { TraceView } from './trace-view.ts';

/** (satisfied + tolerated / 2) / all: satisfied up to the target, tolerated up to four times that; errors are neither. */
export class ApdexGauge implements Gauge {
  readonly #targetNs: Nanos;
  readonly #read: ScopeReader;
  readonly #evidence = new Evidence();
  readonly #perTrace: number[] = [];
  #points = 0;
  #items = 0;

  constructor(targetNs: Nanos, read: ScopeReader) {
    this.#targetNs = targetNs;
    this.#read = read;
  }

  add(view: TraceView): void {
    let [points, items] = [0, 0];
    for (const { durationNs, isError, span } of this.#read(view)) {
      if (durationNs === null) continue;
      items += 1;
      this.#evidence.add(isError ? Number.MAX_VALUE : durationNs, span);
      if (isError || durationNs > 4 * this.#targetNs) continue;
      points += durationNs <= this.#targetNs ? 1 : 0.5;
    }
    this.#points += points;
    this.#items += items;
    if (items > 0) this.#perTrace.push(Math.round((points / items) * BILLION));
  }

  result(): Measured {
    const perTrace = Float64Array.from(this.#perTrace).sort();
    return {
      sample: { kind: 'ratio', part: this.#points, whole: this.#items, perTrace, traces: null },
      n: this.#items,
      matched: this.#items > 0,
      evidence: this.#evidence.list(),
    };
  }
}
