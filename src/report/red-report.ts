import type { RedOverTime, RedSeries } from '../analysis/red-over-time.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section } from './report.ts';
import { sparkline } from './sparkline.ts';

/** `red` of the analysis document. */
export function redDocument(red: RedOverTime): JsonDocument {
  return {
    stepNs: red.stepNs,
    startUnixNano: red.start,
    relativeError: red.relativeError,
    traces: seriesDocument(red.traces),
    services: red.services.map(({ service, ...series }) => ({
      service,
      ...seriesDocument(series),
    })),
  };
}

function seriesDocument({ count, errors, intervals }: RedSeries) {
  return {
    count,
    errors,
    intervals: intervals.map(({ start, ...figures }) => ({ startUnixNano: start, ...figures })),
  };
}

const COLUMNS: readonly Column[] = [
  { header: 'COUNT', align: 'right' },
  { header: 'ERRORS', align: 'right' },
  { header: 'REQUESTS', align: 'left' },
  { header: 'FAILED', align: 'left' },
  { header: 'P95', align: 'left' },
  { header: 'MOST', align: 'right' },
  { header: 'OF', align: 'left' },
];

/** How requests, failures and the p95 went over time. */
export function redSection(red: RedOverTime, top: number): Section {
  const shown = red.services.slice(0, top);
  return {
    title: `Over time, ${formatDuration(red.stepNs)} a bar`,
    lines: [],
    tables: [
      {
        columns: COLUMNS,
        rows: [
          redRow('all traces', red.traces),
          ...shown.map((series) => redRow(series.service, series)),
        ],
        omitted: top === 0 ? 0 : red.services.length - shown.length,
      },
    ],
    note: 'each line by its own maximum; MOST is the highest p95 of an interval; blank: no request',
  };
}

function redRow(name: string, { count, errors, intervals }: RedSeries): Cell[] {
  const p95 = intervals.map(({ p95Ns }) => p95Ns);
  const known = p95.filter((ns) => ns !== null);
  const failed =
    errors > 0 ? cell(`${errors} (${formatRatio(errors / count)})`, 'error') : cell('');
  return [
    cell(count.toLocaleString('en')),
    failed,
    cell(sparkline(intervals.map((interval) => interval.count))),
    errors > 0 ? cell(sparkline(intervals.map((interval) => interval.errors)), 'error') : cell(''),
    cell(sparkline(p95)),
    known.length === 0 ? cell('–', 'dim') : cell(formatDuration(known.reduce(longer))),
    cell(name),
  ];
}

function longer<T extends number>(a: T, b: T): T {
  return a > b ? a : b;
}
