import type { PotentialSaving } from '../analysis/critical-path-saving.ts';
import type { ErrorEdge } from '../analysis/error-absorption.ts';
import type { ErrorGroup } from '../analysis/error-group.ts';
import type { ErrorHotspots } from '../analysis/error-hotspots.ts';
import type { TraceErrors } from '../analysis/trace-errors.ts';
import type { TraceNode } from '../model/trace.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import { nodeText } from './node-text.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section } from './report.ts';
import { savingCell } from './saving-cell.ts';
import { shortTraceId } from './trace-id-text.ts';

/** Where errors come from, and what the worst cost. */
export interface ErrorFacts extends Omit<ErrorHotspots, 'groups'> {
  readonly groups: readonly ErrorGroupFacts[];
}

export interface ErrorGroupFacts extends ErrorGroup {
  /** How much shorter all traces together would be if the group's error spans took no time. Null where it was not worked out. */
  readonly saving: PotentialSaving | null;
}

/** `errors` of the analysis document. */
export function errorsDocument({ totals, groups, edges }: ErrorFacts): JsonDocument {
  return {
    totals: { ...totals },
    groups: groups.map(({ exemplars, suppressedAt, saving, ...group }) => ({
      ...group,
      suppressedAt: suppressedAt.map((absorber) => ({ ...absorber })),
      saving: saving && { replayNs: saving.replayNs, exclusiveNs: saving.exclusiveNs },
      exemplars: exemplars.map(({ traceId, spanId }) => ({ traceId, spanId })),
    })),
    edges: edges.map(({ exemplars, ...edge }) => ({
      ...edge,
      exemplars: exemplars.map(({ traceId, spanId }) => ({ traceId, spanId })),
    })),
  };
}

/** `errors` of one trace's document. */
export function traceErrorsDocument(errors: TraceErrors): JsonDocument {
  return {
    traceFailed: errors.traceFailed,
    origins: ids(errors.origins),
    propagated: ids(errors.propagated),
    cancelled: ids(errors.cancelled),
    suppressedAt: ids(errors.suppressedAt),
    primary: errors.primary?.span.spanId ?? null,
    chain: ids(errors.chain),
  };
}

function ids(nodes: readonly TraceNode[]): string[] {
  return nodes.map(({ span }) => span.spanId);
}

/** A column of the table, and what it says of a group: `''` where there is nothing to say. */
interface ErrorColumn extends Column {
  readonly of: (group: ErrorGroupFacts) => Cell;
  /** Left out where it says nothing of any group shown. */
  readonly isOptional?: boolean;
  /** Only for somebody who asked for the errors. */
  readonly isDetail?: boolean;
}

const COLUMNS: readonly ErrorColumn[] = [
  {
    header: 'FAILED',
    align: 'right',
    of: ({ primaryTraces }) => (primaryTraces > 0 ? cell(primaryTraces, 'error') : cell('')),
  },
  { header: 'ORIGIN', align: 'right', of: ({ origins }) => counted(origins) },
  {
    header: 'ABSORBED',
    align: 'right',
    leaves: 2,
    note: 'something above it did not fail',
    of: ({ suppressed }) => counted(suppressed),
  },
  {
    header: 'PASSED ON',
    align: 'right',
    leaves: 3,
    note: 'failed because of an error below',
    of: ({ propagated }) => counted(propagated),
  },
  {
    header: 'CANCELLED',
    align: 'right',
    leaves: 4,
    note: 'failed because the caller had given up',
    isOptional: true,
    of: ({ cancelled }) => counted(cancelled),
  },
  {
    header: 'HANDLED',
    align: 'right',
    leaves: 5,
    note: 'exceptions on spans that did not fail',
    isOptional: true,
    of: ({ handled }) => counted(handled),
  },
  {
    header: 'REACHED',
    align: 'right',
    leaves: 6,
    note: 'services that failed with it, up to the root',
    isDetail: true,
    of: ({ services }) =>
      services.length > 0 ? cell(formatCount(services.length, 'service')) : cell(''),
  },
  {
    header: 'COST',
    align: 'right',
    leaves: 1,
    note: 'what traces would be shorter by without it, at least–at most',
    of: costCell,
  },
  {
    header: 'ERROR',
    align: 'left',
    shrinks: true,
    of: ({ signature }) => cell(signature, 'strong'),
  },
  {
    header: 'OPERATION',
    align: 'left',
    shrinks: true,
    of: ({ service, operation }) => cell(`${service}: ${operation || '(unnamed)'}`),
  },
  {
    header: 'EXAMPLE',
    align: 'left',
    of: ({ exemplars: [first] }) => cell(first ? shortTraceId(first.traceId) : '', 'accent'),
  },
];

function counted(count: number): Cell {
  return cell(count > 0 ? count.toLocaleString('en') : '');
}

function costCell({ criticalPathNs, saving }: ErrorGroupFacts): Cell {
  if (saving !== null && saving.exclusiveNs > 0) return savingCell(saving);
  return cell(criticalPathNs > 0 ? formatDuration(criticalPathNs) : '');
}

/** Where errors come from, what failed the most traces first. */
export function errorsSection(
  { totals, groups }: ErrorFacts,
  top: number,
  isDetailed: boolean,
): Section {
  const title = 'Errors, what failed most traces first';
  const shown = groups.slice(0, top);
  if (groups.length === 0) {
    return { title: 'Errors', lines: [cell('no span has an error status')], tables: [] };
  }
  const columns = COLUMNS.filter(
    ({ isOptional, isDetail, of }) =>
      (isDetailed || !isDetail) && (!isOptional || shown.some((group) => of(group).text !== '')),
  );
  return {
    title,
    lines: [cell(sentence(totals))],
    tables: [
      {
        columns,
        rows: shown.map((group) => columns.map(({ of }) => of(group))),
        omitted: groups.length - shown.length,
      },
    ],
  };
}

function sentence(totals: ErrorFacts['totals']): string {
  const { traces, failedTraces, tracesWithErrors, handled } = totals;
  const absorbed = tracesWithErrors - failedTraces;
  return [
    failedTraces === 0
      ? 'no trace failed'
      : `${formatCount(failedTraces, 'trace')} failed at their root (${formatRatio(failedTraces / traces)})`,
    absorbed > 0 &&
      `${absorbed.toLocaleString('en')}${failedTraces === 0 ? '' : ' more'} had errors and did not fail`,
    handled > 0 && `${formatCount(handled, 'exception')} handled without an error`,
  ]
    .filter((part) => part !== false)
    .join('; ');
}

const EDGE_COLUMNS: readonly Column[] = [
  { header: 'FAILURES', align: 'right' },
  { header: 'HANDED UP', align: 'right' },
  {
    header: 'ABSORBED',
    align: 'right',
    note: 'the caller went on and did not fail: a retry, a fallback',
  },
  { header: 'CALLER → CALLEE', align: 'left', shrinks: true },
  { header: 'EXAMPLE', align: 'left', leaves: 1 },
];

/** What callers did with failures, most first; null where no failure crossed from one side to the other. */
export function absorptionSection({ edges }: ErrorFacts, top: number): Section | null {
  if (edges.length === 0) return null;
  const shown = edges.slice(0, top);
  return {
    title: 'Who absorbs failures, and who hands them up',
    lines: [],
    tables: [
      { columns: EDGE_COLUMNS, rows: shown.map(edgeRow), omitted: edges.length - shown.length },
    ],
  };
}

function edgeRow(edge: ErrorEdge): Cell[] {
  const [exemplar] = edge.exemplars;
  const share = edge.absorbed > 0 ? ` (${formatRatio(edge.absorbedRatio)})` : '';
  return [
    cell(edge.failures.toLocaleString('en'), 'error'),
    counted(edge.handedUp),
    cell(`${counted(edge.absorbed).text}${share}`),
    cell(`${nodeText(edge.source)} → ${nodeText(edge.target)}`),
    cell(exemplar ? shortTraceId(exemplar.traceId) : '', 'accent'),
  ];
}
