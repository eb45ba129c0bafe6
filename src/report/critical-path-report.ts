import type { AggregatedCriticalPath, PathGroup } from '../analysis/aggregated-critical-path.ts';
import type { PotentialSaving } from '../analysis/critical-path-saving.ts';
import type { CallPath } from '../analysis/path-grouping.ts';
import type { SlowTail } from '../analysis/slow-tail.ts';
import type { GroupKey } from '../analysis/span-grouping.ts';
import { nanos } from '../model/time.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import { groupText } from './group-text.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section } from './report.ts';
import { savingCell } from './saving-cell.ts';
import { shortTraceId } from './trace-id-text.ts';

/** Where the time goes, and what the largest groups could give back. */
export interface AggregatedPathFacts extends Omit<AggregatedCriticalPath<GroupKey>, 'groups'> {
  readonly groups: readonly PathGroupFacts[];
  /** The same by the calls from the root down; only the largest. */
  readonly callPaths: readonly PathGroup<CallPath>[];
}

export interface PathGroupFacts extends PathGroup<GroupKey> {
  /** How much shorter all traces together would be if the group took no time: at least and at most. Null where it was not worked out. */
  readonly saving: PotentialSaving | null;
}

/** `criticalPath` of the analysis document. */
export function aggregatedPathDocument(path: AggregatedPathFacts): JsonDocument {
  return {
    traces: path.traces,
    totalNs: path.totalNs,
    roots: path.roots.map(({ service, operation, traces }) => ({ service, operation, traces })),
    groups: path.groups.map(({ key, saving, ...group }) => ({
      key: { ...key },
      ...groupDocument(group),
      saving: saving && { replayNs: saving.replayNs, exclusiveNs: saving.exclusiveNs },
    })),
    callPaths: path.callPaths.map(({ key, ...group }) => ({
      path: key.map(({ service, operation }) => ({ service, operation })),
      ...groupDocument(group),
    })),
    tail: path.tail && tailDocument(path.tail),
  };
}

function groupDocument({ exemplars, ...figures }: Omit<PathGroup<unknown>, 'key'>) {
  return {
    ...figures,
    exemplars: Object.fromEntries(
      Object.entries(exemplars).map(([figure, span]) => [
        figure,
        span && { traceId: span.traceId, spanId: span.spanId },
      ]),
    ),
  };
}

function tailDocument({ groups, ...sides }: SlowTail<GroupKey>): JsonDocument {
  return {
    ...sides,
    groups: groups.map(({ key, ...figures }) => ({ key: { ...key }, ...figures })),
  };
}

const COLUMNS: readonly Column[] = [
  { header: 'SHARE', align: 'right' },
  { header: 'TOTAL', align: 'right' },
  { header: 'TRACES', align: 'right', leaves: 2 },
  { header: 'P50', align: 'right', leaves: 3 },
  { header: 'P95', align: 'right', leaves: 1 },
  { header: 'P99', align: 'right', leaves: 4 },
  {
    header: 'COULD SAVE',
    align: 'right',
    note: 'what all traces together would be shorter by if it took no time: at least–at most',
  },
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
    lines: [...(mixed || []), ...tailLine(path.tail)],
    tables: [
      { columns: COLUMNS, rows: shown.map(pathRow), omitted: path.groups.length - shown.length },
    ],
    note: 'percentiles are per trace, of all traces',
  };
}

/** In one sentence what makes slow traces slow. */
function tailLine(tail: SlowTail<GroupKey> | null): Cell[] {
  const [most] = tail?.groups ?? [];
  if (!tail || !most || most.deltaNs <= 0) return [];
  const text = `the slowest ${formatCount(tail.tailTraces, 'trace')} (from ${formatDuration(tail.tailFromNs)}) spend most more on ${groupText(most.key)}: ${formatDuration(most.tailMeanNs)} each, ordinary ones ${formatDuration(most.middleMeanNs)}`;
  return [cell(text)];
}

const TAIL_COLUMNS: readonly Column[] = [
  { header: 'MORE', align: 'right' },
  { header: 'SLOW', align: 'right' },
  { header: 'ORDINARY', align: 'right' },
  { header: 'WHERE', align: 'left', shrinks: true },
];

/** What makes slow traces slow, most first; null where no trace is slower than the ordinary ones. */
export function slowTailSection({ tail }: AggregatedPathFacts, top: number): Section | null {
  if (!tail) return null;
  const slower = tail.groups.filter(({ deltaNs }) => deltaNs > 0);
  const shown = slower.slice(0, top);
  return {
    title: 'What makes slow traces slow',
    lines: [
      cell(
        `${formatCount(tail.tailTraces, 'trace')} from ${formatDuration(tail.tailFromNs)} (p95) against ${formatCount(tail.middleTraces, 'trace')} of ${formatDuration(tail.middleFromNs)} to ${formatDuration(tail.middleToNs)} (p40 to p60)`,
      ),
    ],
    tables: [
      {
        columns: TAIL_COLUMNS,
        rows: shown.map(({ key, tailMeanNs, middleMeanNs, deltaNs }) => [
          cell(formatDuration(nanos(deltaNs)), 'strong'),
          cell(formatDuration(tailMeanNs)),
          cell(formatDuration(middleMeanNs)),
          cell(groupText(key)),
        ]),
        omitted: slower.length - shown.length,
      },
    ],
    note: 'mean time on the critical path per trace',
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
    cell(groupText(key)),
    cell(exemplars.max ? shortTraceId(exemplars.max.traceId) : '', 'accent'),
  ];
}
