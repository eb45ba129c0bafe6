import type { DurationStatistics } from '../analysis/duration-statistics.ts';
import type { LatencyExemplars, LatencyIntervals } from '../analysis/latency-figures.ts';
import type { LatencyGroup, LatencyPercentiles } from '../analysis/latency-percentiles.ts';
import type { GroupKey } from '../analysis/span-grouping.ts';
import type { Nanos } from '../model/time.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import { groupText } from './group-text.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section } from './report.ts';

/** `operations` of the analysis document. */
export function latencyDocument({ groups }: LatencyPercentiles<GroupKey>): JsonDocument {
  return groups.map((group) => ({
    key: { ...group.key },
    count: group.count,
    errors: group.errors,
    errorRatio: group.errorRatio,
    ratePerSecond: group.ratePerSecond,
    excluded: group.excluded,
    durationNs: statisticsDocument(group.durationNs),
    selfNs: statisticsDocument(group.selfNs),
    histogram: group.histogram.map((bucket) => ({ ...bucket })),
    intervals: group.intervals && intervalsDocument(group.intervals),
    exemplars: group.exemplars && exemplarsDocument(group.exemplars),
  }));
}

function exemplarsDocument(exemplars: LatencyExemplars): JsonDocument {
  return Object.fromEntries(
    Object.entries(exemplars).map(([figure, { traceId, spanId }]) => [figure, { traceId, spanId }]),
  );
}

function intervalsDocument(intervals: LatencyIntervals): JsonDocument {
  return Object.fromEntries(
    Object.entries(intervals).map(([figure, { lowNs, highNs }]) => [figure, { lowNs, highNs }]),
  );
}

function statisticsDocument(statistics: DurationStatistics | null): JsonDocument {
  return statistics && { ...statistics };
}

const COLUMNS: readonly Column[] = [
  { header: 'COUNT', align: 'right' },
  { header: 'ERRORS', align: 'right' },
  { header: 'P50', align: 'right' },
  { header: 'P95', align: 'right' },
  { header: 'P99', align: 'right', leaves: 2 },
  { header: 'MAX', align: 'right', leaves: 1 },
  { header: 'SELF P50', align: 'right', leaves: 3 },
  { header: 'OPERATION', align: 'left', shrinks: true },
];

/** The operations that took the most time in all. */
export function latencySection({ groups }: LatencyPercentiles<GroupKey>, top: number): Section {
  const shown = groups.slice(0, top);
  const hasLowSample = shown.some(({ durationNs }) => durationNs?.lowSample.includes('p99'));
  return {
    title: 'Latency, most total time first',
    lines: [],
    tables: [
      { columns: COLUMNS, rows: shown.map(latencyRow), omitted: groups.length - shown.length },
    ],
    ...(hasLowSample && { note: '~ too few samples: the percentile is the maximum' }),
  };
}

function latencyRow(group: LatencyGroup<GroupKey>): Cell[] {
  const { key, count, errors, errorRatio, durationNs, selfNs } = group;
  const failed = errors > 0 ? cell(`${errors} (${formatRatio(errorRatio)})`, 'error') : cell('');
  return [
    cell(count.toLocaleString('en')),
    failed,
    percentileCell(durationNs, 'p50'),
    percentileCell(durationNs, 'p95'),
    percentileCell(durationNs, 'p99'),
    cell(durationText(durationNs?.max)),
    cell(durationText(selfNs?.p50)),
    cell(groupText(key)),
  ];
}

function percentileCell(statistics: DurationStatistics | null, name: 'p50' | 'p95' | 'p99'): Cell {
  if (statistics === null) return cell('–', 'dim');
  const mark = statistics.lowSample.includes(name) ? '~' : '';
  return cell(mark + formatDuration(statistics[name]), mark ? 'dim' : 'plain');
}

function durationText(duration: Nanos | undefined): string {
  return duration === undefined ? '–' : formatDuration(duration);
}
