import { compareValues } from './compare-values.ts';
import { foldFloats, type NumberOperator } from './number-expression.ts';
import type { SeriesStage } from './query.ts';

/** What tells a series from the others of a query. */
export interface Label {
  /** As the query says it, in its canonical form; `__name__` where the query does not group, `p` for quantiles, `__bucket` for histograms. */
  readonly name: string;
  /** `nil` where the spans have no such value. */
  readonly value: string;
}

/** Values over time. */
export interface Series {
  readonly labels: readonly Label[];
  /** One for each step; null where there is none. Durations are seconds. */
  readonly samples: readonly (number | null)[];
}

/** Labels as Prometheus writes them: `{name="GET /cart"}`. Also the order of series. */
export function labelText(labels: readonly Label[]): string {
  return `{${labels.map(({ name, value }) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

/** Series in order of their labels. */
export function sortSeries(series: readonly Series[]): Series[] {
  return series
    .map((one) => ({ one, key: labelText(one.labels) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ one }) => one);
}

/** What is left of series, in their order, after a stage; those without any sample are gone. */
export function applyStage(series: readonly Series[], stage: SeriesStage): Series[] {
  const kept = stage.stage === 'keep' ? keepSamples(series, stage) : keepExtremes(series, stage);
  return kept.filter(({ samples }) => samples.some((sample) => sample !== null));
}

function keepSamples(
  series: readonly Series[],
  { operator, value }: SeriesStage & { stage: 'keep' },
): Series[] {
  return series.map(({ labels, samples }) => ({
    labels,
    samples: samples.map((sample) =>
      sample !== null && compareValues(operator, sample, value) ? sample : null,
    ),
  }));
}

/** For every step the `count` largest or smallest samples; of equal ones those whose labels come first. */
function keepExtremes(
  series: readonly Series[],
  { stage, count }: SeriesStage & { stage: 'topk' | 'bottomk' },
): Series[] {
  const kept = sortSeries(series).map(({ labels, samples }) => ({
    labels,
    samples,
    left: samples.map((): number | null => null),
  }));
  const sign = stage === 'topk' ? -1 : 1;
  const steps = kept[0]?.samples.length ?? 0;
  for (let step = 0; step < steps; step++) {
    const at = (one: { readonly samples: Series['samples'] }) => one.samples[step] ?? 0;
    const candidates = kept.filter(({ samples }) => samples[step] !== null);
    candidates.sort((a, b) => sign * (at(a) - at(b)));
    for (const one of candidates.slice(0, count)) one.left[step] = at(one);
  }
  return kept.map(({ labels, left }) => ({ labels, samples: left }));
}

/**
 * Arithmetic between series with equal labels, or with a number; series that only one side has are left out, and so is every sample
 * that is divided by zero. Names of functions do not count as labels.
 */
export function reckonSeries(
  operator: NumberOperator,
  left: readonly Series[] | number,
  right: readonly Series[] | number,
): Series[] {
  if (typeof left === 'number') {
    return typeof right === 'number' ? [] : mapSeries(right, (x) => reckon(operator, left, x));
  }
  if (typeof right === 'number') return mapSeries(left, (x) => reckon(operator, x, right));
  const others = new Map(right.map((one) => [labelText(groupLabels(one)), one]));
  return left.flatMap((one) => {
    const other = others.get(labelText(groupLabels(one)));
    if (other === undefined) return [];
    const samples = one.samples.map((x, step) => reckon(operator, x, other.samples[step] ?? null));
    return [{ labels: commonLabels(one, other), samples }];
  });
}

function mapSeries(series: readonly Series[], f: (x: number | null) => number | null): Series[] {
  return series.map(({ labels, samples }) => ({ labels, samples: samples.map(f) }));
}

function reckon(operator: NumberOperator, x: number | null, y: number | null): number | null {
  if (x === null || y === null || (operator === '/' && y === 0)) return null;
  return foldFloats(operator, x, y);
}

function groupLabels({ labels }: Series): Label[] {
  return labels.filter(({ name }) => name !== '__name__');
}

function commonLabels(one: Series, other: Series): readonly Label[] {
  return labelText(one.labels) === labelText(other.labels) ? one.labels : groupLabels(one);
}
