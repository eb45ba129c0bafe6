import type { TraceNode } from '../model/trace.ts';
import { UserError } from '../model/user-error.ts';
import { compileField } from './compile-field.ts';
import { isDurationField } from './is-duration.ts';
import type { MetricsWindow } from './metrics-window.ts';
import { printField } from './print-query.ts';
import type { Measure, MeasureName, NamedField } from './query.ts';
import type { ReadValue } from './read-field.ts';
import {
  type QuantileCells,
  quantileCells,
  type SampleCells,
  sampleCells,
} from './sample-cells.ts';
import { type Label, type Series, sortSeries } from './series.ts';
import type { TraceFacts } from './trace-facts.ts';
import { AnyOf, isNumber, type Value, valueText } from './value.ts';

export type SeriesMeasure = Extract<Measure, { measure: MeasureName }>;

/** Gathers one metrics function over spans. */
export interface SpanMeasure {
  /** `step` is that of the span's start. */
  readonly add: (node: TraceNode, facts: TraceFacts, step: number) => void;
  /** In order of their labels. */
  readonly series: () => Series[];
}

/** So many values of series and steps together, at 8 bytes each. */
const MOST_CELLS = 20_000_000;

/** Gathers `measure` over the spans that are added. Throws a `UserError` when a query groups by so much that memory would not do. */
export function measureSpans(measure: SeriesMeasure, window: MetricsWindow): SpanMeasure {
  const groups = new SeriesGroups(measure, window);
  if (measure.measure === 'quantile_over_time') return quantiles(measure, groups);
  const cellsOf = (labels: readonly Label[]) => groups.cells(labels);
  const read = valueReader(measure.of);
  const isHistogram = measure.measure === 'histogram_over_time';
  return {
    add: (node, facts, step) => {
      const value = read(node, facts);
      if (value === null) return;
      const labels = groups.labels(node, facts);
      cellsOf(
        isHistogram ? [...labels, bucketLabel(value, isDurationField(measure.of))] : labels,
      ).add(step, value);
    },
    series: () => groups.series(({ labels, cells }) => [{ labels, samples: cells.samples() }]),
  };
}

function quantiles(measure: SeriesMeasure, groups: SeriesGroups): SpanMeasure {
  const read = valueReader(measure.of);
  return {
    add: (node, facts, step) => {
      const value = read(node, facts);
      if (value !== null) groups.quantileCells(groups.labels(node, facts)).add(step, value);
    },
    series: () =>
      groups.quantileSeries(({ labels, cells }) =>
        measure.quantiles.map((quantile) => ({
          labels: [...labels, { name: 'p', value: String(quantile) }],
          samples: cells.samples(quantile),
        })),
      ),
  };
}

/** The number to measure, durations in seconds; null for spans that have none. Counting needs none. */
function valueReader(
  field: NamedField | null,
): (node: TraceNode, facts: TraceFacts) => number | null {
  if (field === null) return () => 0;
  const read = compileField(field);
  const unit = isDurationField(field) ? 1e9 : 1;
  return (node, facts) => {
    const number = firstNumber(read(node, facts));
    return number === null ? null : Number(number) / unit;
  };
}

function firstNumber(value: Value): bigint | number | null {
  if (isNumber(value)) return value;
  return value instanceof AnyOf ? (value.values.find(isNumber) ?? null) : null;
}

/** The smallest power of two at or above the value: of nanoseconds for durations, shown in seconds. */
function bucketLabel(value: number, isDuration: boolean): Label {
  const scale = isDuration ? 1e9 : 1;
  const bound = powerAbove(isDuration ? Math.round(value * scale) : value);
  return { name: '__bucket', value: String(bound / scale) };
}

function powerAbove(value: number): number {
  if (value <= 0) return 0;
  const guess = 2 ** Math.ceil(Math.log2(value));
  if (guess / 2 >= value) return guess / 2;
  return guess < value ? guess * 2 : guess;
}

interface Group<Cells> {
  readonly labels: readonly Label[];
  readonly cells: Cells;
}

/** The series of one function, by the values that it groups by. */
class SeriesGroups {
  readonly #measure: SeriesMeasure;
  readonly #window: MetricsWindow;
  readonly #by: readonly { name: string; read: ReadValue; isDuration: boolean }[];
  readonly #groups = new Map<string, Group<SampleCells>>();
  readonly #quantiles = new Map<string, Group<QuantileCells>>();

  constructor(measure: SeriesMeasure, window: MetricsWindow) {
    this.#measure = measure;
    this.#window = window;
    this.#by = measure.by.map((field) => ({
      name: printField(field),
      read: compileField(field),
      isDuration: isDurationField(field),
    }));
  }

  labels(node: TraceNode, facts: TraceFacts): readonly Label[] {
    const { measure } = this.#measure;
    if (this.#by.length > 0) {
      return this.#by.map(({ name, read, isDuration }) => ({
        name,
        value: valueText(read(node, facts), isDuration),
      }));
    }
    const hasOwn = measure === 'quantile_over_time' || measure === 'histogram_over_time';
    return hasOwn ? [] : [{ name: '__name__', value: measure }];
  }

  cells(labels: readonly Label[]): SampleCells {
    const { steps, stepNs } = this.#window;
    const { measure } = this.#measure;
    return this.#of(this.#groups, labels, () =>
      sampleCells(
        measure === 'quantile_over_time' ? 'count_over_time' : measure,
        steps,
        Number(stepNs) / 1e9,
      ),
    );
  }

  quantileCells(labels: readonly Label[]): QuantileCells {
    return this.#of(this.#quantiles, labels, () => quantileCells(this.#window.steps));
  }

  #of<Cells>(
    groups: Map<string, Group<Cells>>,
    labels: readonly Label[],
    create: () => Cells,
  ): Cells {
    const key = labels.map(({ value }) => value).join('\0');
    const known = groups.get(key);
    if (known) return known.cells;
    if ((groups.size + 1) * this.#window.steps > MOST_CELLS) throw tooMany(groups.size);
    const cells = create();
    groups.set(key, { labels, cells });
    return cells;
  }

  series(of: (group: Group<SampleCells>) => Series[]): Series[] {
    return sortSeries(Array.from(this.#groups.values(), of).flat());
  }

  quantileSeries(of: (group: Group<QuantileCells>) => Series[]): Series[] {
    return sortSeries(Array.from(this.#quantiles.values(), of).flat());
  }
}

function tooMany(series: number): UserError {
  return new UserError('usage', `the query makes more than ${series} series, too many for memory`, {
    fix: 'group by something with fewer values, or take longer steps: --step 1h',
  });
}
