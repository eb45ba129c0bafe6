import type { AggregatedCriticalPath, PathGroup } from '../analysis/aggregated-critical-path.ts';
import type { PotentialSaving } from '../analysis/critical-path-saving.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section } from './report.ts';
import { shortTraceId } from './trace-id-text.ts';

/** What the critical path is summed by. */
export type PathKey = Readonly<Record<string, string | null>> & { readonly service: string };

/** Where the time goes, and what the largest groups could give back. */
export interface AggregatedPathFacts extends Omit<AggregatedCriticalPath<PathKey>, 'groups'> {
  readonly groups: readonly PathGroupFacts[];
}

export interface PathGroupFacts extends PathGroup<PathKey> {
  /** How much shorter all traces together would be if the group took no time: at least and at most. Null where it was not worked out. */
  readonly saving: PotentialSaving | null;
}

/** `criticalPath` of the analysis document. */
export function aggregatedPathDocument(path: AggregatedPathFacts): JsonDocument {
  return {
    traces: path.traces,
    totalNs: path.totalNs,
    roots: path.roots.map(({ service, operation, traces }) => ({ service, operation, traces })),
    groups: path.groups.map(({ key, exemplars, saving, ...group }) => ({
      key: { ...key },
      ...group,
      saving: saving && { replayNs: saving.replayNs, exclusiveNs: saving.exclusiveNs },
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
  { header: 'COULD SAVE', align: 'right' },
  { header: 'WHERE', align: 'left', shrinks: true },
  { header: 'EXAMPLE', align: 'left' },
];

/** Where the time of the traces goes, most first. */
export function criticalPathSection(path: AggregatedPathFacts, top: number): Section {
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
    note: 'P50 to P99 are per trace, of all traces; COULD SAVE is what all of them would be shorter by if it took no time: at least–at most',
  };
}

function pathRow({ key, exemplars, ...group }: PathGroupFacts): Cell[] {
  return [
    cell(formatRatio(group.shareOfTotal), 'strong'),
    cell(formatDuration(group.totalNs)),
    cell(group.traces.toLocaleString('en')),
    cell(formatDuration(group.p50Ns)),
    cell(formatDuration(group.p95Ns)),
    cell(formatDuration(group.p99Ns)),
    savingCell(group.saving),
    cell(
      key['operation'] === undefined
        ? key.service
        : `${key.service}: ${key['operation'] || '(unnamed)'}`,
    ),
    cell(exemplars.max ? shortTraceId(exemplars.max.traceId) : '', 'accent'),
  ];
}

function savingCell(saving: PotentialSaving | null): Cell {
  if (saving === null) return cell('');
  const most = formatDuration(saving.exclusiveNs);
  const least = formatDuration(saving.replayNs);
  return cell(least === most ? most : `${least}–${most}`);
}
