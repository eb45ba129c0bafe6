import type { RedOverTime, RedSeries } from '../analysis/red-over-time.ts';
import { unixNano } from '../model/time.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import { formatTime, type TimeZone } from './format-time.ts';
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

/** How requests, failures and the p95 went over time: a line each, the times above them. */
export function redSection(red: RedOverTime, top: number, zone: TimeZone): Section {
  const shown = red.services.slice(0, top);
  const columns: readonly Column[] = [
    { header: 'OF', align: 'left', shrinks: true },
    { header: 'WHAT', align: 'left' },
    { header: 'TOTAL', align: 'right' },
    { header: clockAxis(red, zone), align: 'left' },
  ];
  return {
    title: `Over time, ${formatDuration(red.stepNs)} a bar`,
    lines: [],
    tables: [
      {
        columns,
        rows: [
          ...redRows('all traces', red.traces),
          ...shown.flatMap((series) => redRows(series.service, series)),
        ],
        omitted: top === 0 ? 0 : red.services.length - shown.length,
      },
    ],
    note: 'each line by its own maximum; blank: no request',
  };
}

/** The clock at the first and the last bar, if both fit above them. */
function clockAxis({ start, stepNs, traces }: RedOverTime, zone: TimeZone): string {
  const bars = traces.intervals.length;
  const last = traces.intervals.at(-1);
  if (start === null || last === undefined) return '';
  const [first, end] = [start, last.start].map((time) => {
    const [day = '', clock = ''] = formatTime(unixNano(time), zone).split(' ');
    return stepNs >= 86_400e9 ? day : clock.slice(0, 8);
  });
  if (first === undefined || end === undefined) return '';
  return bars >= first.length + end.length + 1 ? first.padEnd(bars - end.length) + end : first;
}

function redRows(name: string, { count, errors, intervals }: RedSeries): Cell[][] {
  const p95 = intervals.map(({ p95Ns }) => p95Ns);
  const known = p95.filter((ns) => ns !== null);
  const rows = [
    [
      cell(name, 'strong'),
      cell('requests'),
      cell(count.toLocaleString('en')),
      cell(sparkline(intervals.map((interval) => interval.count))),
    ],
  ];
  if (errors > 0) {
    rows.push([
      cell(''),
      cell('failed'),
      cell(`${errors.toLocaleString('en')} (${formatRatio(errors / count)})`, 'error'),
      cell(sparkline(intervals.map((interval) => interval.errors)), 'error'),
    ]);
  }
  if (known.length > 0) {
    const most = `max ${formatDuration(known.reduce(longer))}`;
    rows.push([cell(''), cell('p95'), cell(most), cell(sparkline(p95))]);
  }
  return rows;
}

function longer<T extends number>(a: T, b: T): T {
  return a > b ? a : b;
}
