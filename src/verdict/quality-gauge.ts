import { TIME_FLAGS, UNKNOWN_SERVICE } from '../model/span.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import type { Quality } from './check.ts';
import { Evidence, type SpanEvidence } from './evidence.ts';
import type { Gauge, Measured } from './gauge.ts';
import type { TraceView } from './trace-view.ts';

/** How much of the data has a defect. */
export class QualityGauge implements Gauge {
  readonly #quality: Quality;
  readonly #evidence = new Evidence();
  #bad = 0;
  #all = 0;
  #badTraces = 0;
  #traces = 0;

  constructor(quality: Quality) {
    this.#quality = quality;
  }

  add(view: TraceView): void {
    const [first] = view.trace.nodes;
    this.#traces += 1;
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

  #addSpans({ nodes }: Trace, isBad: (node: TraceNode) => boolean): void {
    this.#all += nodes.length;
    const bad = nodes.filter(isBad);
    this.#addBad(bad.length, bad[0]?.span);
  }

  #addBad(amount: number, span: SpanEvidence | undefined): void {
    if (amount === 0 || span === undefined) return;
    this.#bad += amount;
    this.#badTraces += 1;
    this.#evidence.add(amount, span);
  }

  result(): Measured {
    return {
      sample: {
        kind: 'ratio',
        part: this.#bad,
        whole: this.#all,
        perTrace: null,
        traces: { count: this.#badTraces, all: this.#traces },
      },
      n: this.#all,
      matched: this.#all > 0,
      evidence: this.#evidence.list(),
    };
  }
}

const SPAN_DEFECTS: Readonly<
  Record<Exclude<Quality, 'lost_share' | 'clock_skew_ratio'>, (node: TraceNode) => boolean>
> = {
  orphan_ratio: ({ missingParent }) => missingParent !== null,
  unfinished_ratio: ({ span }) => (span.timeFlags & (TIME_FLAGS.noStart | TIME_FLAGS.noEnd)) !== 0,
  unnamed_ratio: ({ span }) => span.name === '',
  unknown_service_ratio: ({ service }) => service === UNKNOWN_SERVICE || service === '',
};
