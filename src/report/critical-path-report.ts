import type { AggregatedCriticalPath, PathGroup } from '../analysis/aggregated-critical-path.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section } from './report.ts';
import { shortTraceId } from './trace-id-text.ts';

/** What the critical path is summed by. */
export type PathKey = { readonly service: string; readonly operation?: string };

/** `criticalPath` of the analysis document. */
export function aggregatedPathDocument(path: AggregatedCriticalPath<PathKey>): JsonDocument {
  return {
    traces: path.traces,
    totalNs: path.totalNs,
    roots: path.roots.map(({ service, operation, traces }) => ({ service, operation, traces })),
    groups: path.groups.map(({ key, exemplars, ...group }) => ({
      key: { ...key },
      ...group,
      exemplars: Object.fromEntries(
        Object.entries(exemplars).map(([figure, span]) => [
          figure,
          span && { traceId: span.traceId, spanId: span.spanId },
        ]),
      ),
    })),
  };
}

const COLUMNS: readonly Column[] = [
  { header: 'SHARE', align: 'right' },
  { header: 'TOTAL', align: 'right' },
  { header: 'TRACES', align: 'right' },
  { header: 'P50', align: 'right' },
  { header: 'P95', align: 'right' },
  { header: 'P99', align: 'right' },
  { header: 'WHERE', align: 'left', shrinks: true },
  { header: 'EXAMPLE', align: 'left' },
];

/** Where the time of the traces goes, most first. */
export function criticalPathSection(path: AggregatedCriticalPath<PathKey>, top: number): Section {
  const shown = path.groups.slice(0, top);
  const [root] = path.roots;
  const mixed = path.roots.length > 1 && [
    cell(
      `traces of ${formatCount(path.roots.length, 'root operation')} together, most of ${root?.service}: ${root?.operation}`,
      'dim',
    ),
  ];
  return {
    title: 'Critical path: where the time of the traces goes',
    lines: mixed || [],
    tables: [
      { columns: COLUMNS, rows: shown.map(pathRow), omitted: path.groups.length - shown.length },
    ],
  };
}

function pathRow({ key, exemplars, ...group }: PathGroup<PathKey>): Cell[] {
  return [
    cell(formatRatio(group.shareOfTotal), 'strong'),
    cell(formatDuration(group.totalNs)),
    cell(group.traces.toLocaleString('en')),
    cell(formatDuration(group.p50Ns)),
    cell(formatDuration(group.p95Ns)),
    cell(formatDuration(group.p99Ns)),
    cell(
      key.operation === undefined ? key.service : `${key.service}: ${key.operation || '(unnamed)'}`,
    ),
    cell(exemplars.max ? shortTraceId(exemplars.max.traceId) : '', 'accent'),
  ];
}
