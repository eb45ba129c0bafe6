import type { Span } from '../model/span.ts';
import type { Comparator, Field, Measure, NumberAttribute, Statistic } from './check.ts';
import { Evidence, type SpanEvidence } from './evidence.ts';
import type { Gauge, Measured } from './gauge.ts';
import { ownedOnPath } from './owned-path.ts';
import type { ScopedItem, ScopeReader } from './scoped-items.ts';
import type { TraceView } from './trace-view.ts';

/** How the values of one trace become one: what the statistic is about decides. */
type OfTrace = (values: readonly number[]) => number;

/** Collects values to take a statistic of. */
export class StatisticGauge implements Gauge {
  readonly #field: Field | NumberAttribute;
  readonly #read: ScopeReader;
  readonly #ofTrace: OfTrace;
  /** Spans that are worst for an upper limit are the longest. */
  readonly #sign: number;
  readonly #values: number[] = [];
  readonly #perTrace: number[] = [];
  readonly #evidence = new Evidence();
  #items = 0;
  #severalTimes = false;

  constructor(
    { field, statistic }: Extract<Measure, { kind: 'statistic' }>,
    { read, comparator }: { readonly read: ScopeReader; readonly comparator: Comparator },
  ) {
    this.#field = field;
    this.#read = read;
    this.#ofTrace = ofTrace(statistic);
    this.#sign = comparator.startsWith('>') ? -1 : 1;
  }

  add(view: TraceView): void {
    const items = this.#read(view);
    const [first] = items;
    if (first === undefined) return;
    this.#items += items.length;
    const values: number[] = [];
    const push = (value: number, span: SpanEvidence) => {
      values.push(value);
      this.#evidence.add(value * this.#sign, span);
    };
    switch (this.#field) {
      case 'duration':
        for (const { durationNs, span } of items) if (durationNs !== null) push(durationNs, span);
        break;
      case 'self':
        for (const { node, durationNs, span } of items)
          if (node && durationNs !== null) push(view.selfNs[node.index] ?? 0, span);
        break;
      case 'calls':
        push(items.length, first.span);
        break;
      case 'traceDuration':
        push(view.trace.durationNs, first.span);
        break;
      case 'critical':
        push(ownedOnPath(view, items), first.span);
        break;
      default:
        pushNumbers(items, this.#field, push);
    }
    this.#keep(values);
  }

  #keep(values: readonly number[]): void {
    if (values.length === 0) return;
    if (values.length > 1) this.#severalTimes = true;
    for (const value of values) this.#values.push(value);
    this.#perTrace.push(this.#ofTrace(values));
  }

  result(): Measured {
    const values = Float64Array.from(this.#values).sort();
    const perTrace = this.#severalTimes ? Float64Array.from(this.#perTrace).sort() : values;
    return {
      sample: { kind: 'values', values, perTrace },
      n: values.length,
      matched: this.#items > 0,
      evidence: this.#evidence.list(),
    };
  }
}

function pushNumbers(
  items: readonly ScopedItem[],
  attribute: NumberAttribute,
  push: (value: number, span: SpanEvidence) => void,
): void {
  for (const { span } of items) {
    const value = numberOf(span, attribute);
    if (value !== null) push(value, span);
  }
}

/** Null where the span has no such number: texts are none. */
function numberOf({ attributes, resource }: Span, { of, key }: NumberAttribute): number | null {
  const own = of === 'resource' ? undefined : attributes.get(key);
  const value = own ?? (of === 'span' ? undefined : resource.attributes.get(key));
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** High percentiles and the maximum are about a trace's largest value, the minimum about its least, others about the mean. */
function ofTrace(statistic: Statistic): OfTrace {
  const isHigh = statistic.kind === 'percentile' && Number(statistic.text.slice(1)) > 50;
  if (isHigh || statistic.kind === 'max')
    return (values) => values.reduce((a, b) => Math.max(a, b));
  if (statistic.kind === 'min') return (values) => values.reduce((a, b) => Math.min(a, b));
  return (values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.every(Number.isInteger) ? Math.round(mean) : mean;
  };
}
