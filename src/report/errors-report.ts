import type { ErrorGroup, ErrorHotspots } from '../analysis/error-hotspots.ts';
import type { TraceErrors } from '../analysis/trace-errors.ts';
import type { TraceNode } from '../model/trace.ts';
import { formatCount } from './format-count.ts';
import { formatRatio } from './format-ratio.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section } from './report.ts';
import { shortTraceId } from './trace-id-text.ts';

/** `errors` of the analysis document. */
export function errorsDocument({ totals, groups }: ErrorHotspots): JsonDocument {
  return {
    totals: { ...totals },
    groups: groups.map(({ exemplars, ...group }) => ({
      ...group,
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

const COLUMNS: readonly Column[] = [
  { header: 'FAILED', align: 'right' },
  { header: 'ORIGIN', align: 'right' },
  { header: 'ABSORBED', align: 'right' },
  { header: 'PASSED ON', align: 'right' },
  { header: 'CANCELLED', align: 'right' },
  { header: 'ERROR', align: 'left', shrinks: true },
  { header: 'OPERATION', align: 'left', shrinks: true },
  { header: 'EXAMPLE', align: 'left' },
];

/** Where errors come from, what failed the most traces first. */
export function errorsSection({ totals, groups }: ErrorHotspots, top: number): Section {
  const shown = groups.slice(0, top);
  if (groups.length === 0) {
    return { title: 'Errors', lines: [cell('no span has an error status')], tables: [] };
  }
  const failed = `${formatCount(totals.failedTraces, 'trace')} failed (${formatRatio(totals.failedTraces / totals.traces)})`;
  const absorbed = totals.tracesWithErrors - totals.failedTraces;
  const more =
    absorbed > 0 ? `; ${absorbed.toLocaleString('en')} more had errors and did not fail` : '';
  return {
    title: 'Errors, what failed most traces first',
    lines: [cell(failed + more)],
    tables: [
      { columns: COLUMNS, rows: shown.map(errorRow), omitted: groups.length - shown.length },
    ],
  };
}

function errorRow(group: ErrorGroup): Cell[] {
  const [exemplar] = group.exemplars;
  return [
    group.primaryTraces > 0 ? cell(group.primaryTraces, 'error') : cell(''),
    ...[group.origins, group.suppressed, group.propagated, group.cancelled].map((count) =>
      cell(count > 0 ? count : ''),
    ),
    cell(group.signature, 'strong'),
    cell(`${group.service}: ${group.operation || '(unnamed)'}`),
    cell(exemplar ? shortTraceId(exemplar.traceId) : '', 'accent'),
  ];
}
