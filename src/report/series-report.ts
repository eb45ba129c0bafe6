import { unixNano } from '../model/time.ts';
import { formatRatio } from './format-ratio.ts';
import { formatTime, type TimeZone } from './format-time.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { type Column, cell, type Report } from './report.ts';
import { sparkline } from './sparkline.ts';
import { threeDigits } from './three-digits.ts';

/** The stretch of time of a series, in nanoseconds since 1970. */
export interface SeriesWindow {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly stepNs: bigint;
  readonly steps: number;
}

/** Values over time, with what tells them from others. */
export interface LabelledSeries {
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  /** Null where nothing is known. */
  readonly samples: readonly (number | null)[];
}

/** What a metrics query gave. */
export interface SeriesFacts {
  readonly query: string;
  readonly window: SeriesWindow;
  readonly series: readonly LabelledSeries[];
}

/** `tracecli query --json` for a query that gives series. A sample's time is the end of its step, as Tempo has it. */
export function seriesDocument(
  { query, window, series }: SeriesFacts,
  version: string,
): JsonDocument {
  return {
    ...documentHead('query', version),
    query,
    kind: 'series',
    window: windowJson(window),
    series: series.map(({ labels, samples }) => ({
      labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
      samples: samples.map((value, step) => ({
        endUnixNano: window.startNs + BigInt(step + 1) * window.stepNs,
        value: value === null || Number.isFinite(value) ? value : String(value),
      })),
    })),
  };
}

function windowJson({ startNs, endNs, stepNs, steps }: SeriesWindow): JsonDocument {
  return { startUnixNano: startNs, endUnixNano: endNs, stepNs: Number(stepNs), steps };
}

/** Series that are printed; JSON has all. */
const SERIES_SHOWN = 50;

/** Widest sparkline, in cells. */
const SPARK_CELLS = 60;

/** Series as a table, the largest last value first; with several steps also how they went. */
export function seriesReport(
  { window, series }: SeriesFacts,
  { zone }: { readonly zone: TimeZone },
): Report {
  if (series.length === 0) {
    return { sections: [{ title: '', lines: [cell('no series: no span matches')], tables: [] }] };
  }
  const isSingle = window.steps === 1;
  const rows = series
    .map((one) => ({ ...one, ...summary(one.samples) }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, SERIES_SHOWN);
  const columns: Column[] = isSingle
    ? [SERIES, { header: 'VALUE', align: 'right' }]
    : [
        SERIES,
        ...['MIN', 'MEAN', 'MAX', 'LAST'].map((header): Column => ({ header, align: 'right' })),
        { header: 'OVER TIME', align: 'left' },
      ];
  return {
    sections: [
      {
        title: '',
        lines: [cell(windowText(window, zone), 'dim')],
        tables: [
          {
            columns,
            rows: rows.map(({ labels, samples, min, mean, max, last }) => [
              cell(labelsText(labels)),
              ...(isSingle
                ? [cell(numberText(last), 'strong')]
                : [
                    ...[min, mean, max].map((value) => cell(numberText(value))),
                    cell(numberText(last), 'strong'),
                    cell(sparkline(fewer(samples, SPARK_CELLS)), 'accent'),
                  ]),
            ]),
            omitted: series.length - rows.length,
          },
        ],
      },
    ],
  };
}

const SERIES: Column = { header: 'SERIES', align: 'left', shrinks: true };

function windowText({ startNs, endNs, stepNs, steps }: SeriesWindow, zone: TimeZone): string {
  const range = `${formatTime(unixNano(startNs), zone)} – ${formatTime(unixNano(endNs), zone)}`;
  return steps === 1 ? range : `${range}, ${steps} steps of ${numberText(Number(stepNs) / 1e9)} s`;
}

function labelsText(labels: LabelledSeries['labels']): string {
  const [only] = labels;
  if (labels.length === 1 && only?.name === '__name__') return only.value;
  return labels.map(({ name, value }) => `${name}=${value}`).join(' ');
}

function summary(samples: LabelledSeries['samples']) {
  const known = samples.filter((sample) => sample !== null);
  return {
    min: Math.min(...known),
    max: Math.max(...known),
    mean: known.reduce((sum, sample) => sum + sample, 0) / known.length,
    last: known.at(-1) ?? 0,
  };
}

/** At most `cells` values: means of neighbours. */
function fewer(samples: LabelledSeries['samples'], cells: number): (number | null)[] {
  if (samples.length <= cells) return [...samples];
  const size = samples.length / cells;
  return Array.from({ length: cells }, (_, at) => {
    const part = samples.slice(Math.floor(at * size), Math.floor((at + 1) * size));
    const known = part.filter((sample) => sample !== null);
    if (known.length === 0) return null;
    return known.reduce((sum, sample) => sum + sample, 0) / known.length;
  });
}

/** Whole numbers as they are, others to three digits. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en');
  if (Math.abs(value) >= 1 && Math.abs(value) < 1e6) return threeDigits(value);
  return value.toPrecision(3);
}

/** How selected spans differ from the rest. */
export interface ComparisonFacts {
  readonly query: string;
  readonly window: SeriesWindow;
  readonly selectionSpans: number;
  readonly baselineSpans: number;
  /** By score, largest first. */
  readonly attributes: readonly {
    readonly name: string;
    readonly selectionTotal: number;
    readonly baselineTotal: number;
    readonly values: readonly {
      readonly value: string;
      readonly selection: number;
      readonly baseline: number;
      readonly score: number;
      readonly p: number;
    }[];
  }[];
}

/** `tracecli query --json` for `compare()`. */
export function comparisonDocument(facts: ComparisonFacts, version: string): JsonDocument {
  const { query, window, selectionSpans, baselineSpans, attributes } = facts;
  return {
    ...documentHead('query', version),
    query,
    kind: 'comparison',
    window: windowJson(window),
    selectionSpans,
    baselineSpans,
    attributes: attributes.map(({ name, selectionTotal, baselineTotal, values }) => ({
      name,
      selectionTotal,
      baselineTotal,
      values: values.map(({ value, selection, baseline, score, p }) => ({
        value,
        selection,
        baseline,
        score,
        p,
      })),
    })),
  };
}

/** Values that are printed. */
const VALUES_SHOWN = 30;

/** The values whose shares differ most. */
export function comparisonReport(facts: ComparisonFacts): Report {
  const { selectionSpans, baselineSpans, attributes } = facts;
  const rows = attributes
    .flatMap(({ name, values }) => values.map((value) => ({ name, ...value })))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.p - b.p || (a.name < b.name ? -1 : 1));
  return {
    sections: [
      {
        title: '',
        lines: [
          cell(
            `${selectionSpans.toLocaleString('en')} selected spans, ${baselineSpans.toLocaleString('en')} others`,
          ),
        ],
        tables: [
          {
            columns: [
              { header: 'ATTRIBUTE', align: 'left' },
              { header: 'VALUE', align: 'left', shrinks: true },
              { header: 'SELECTED', align: 'right' },
              { header: 'OTHERS', align: 'right' },
              { header: 'CHANCE', align: 'right' },
            ],
            rows: rows
              .slice(0, VALUES_SHOWN)
              .map(({ name, value, selection, baseline, p }) => [
                cell(name),
                cell(value),
                cell(formatRatio(share(selection, selectionSpans)), 'strong'),
                cell(formatRatio(share(baseline, baselineSpans))),
                cell(p < 1e-4 ? '<0.01%' : formatRatio(p), 'dim'),
              ]),
            omitted: Math.max(0, rows.length - VALUES_SHOWN),
          },
        ],
        note: 'CHANCE: how likely shares so different are if the attribute had nothing to do with the selection (Fisher).',
      },
    ],
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
