import type { TraceSummary } from '../model/trace-summary.ts';
import { formatDuration } from './format-duration.ts';
import { DOUBTFUL_TIME, formatTime, isDoubtfulTime, type TimeZone } from './format-time.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Report } from './report.ts';
import { shortTraceId, traceIdText } from './trace-id-text.ts';

/** Some of the traces that match a filter. */
export interface TraceList {
  readonly traces: readonly TraceSummary[];
  /** How many match; `traces` may hold fewer. */
  readonly matching: number;
}

/** `tracecli traces --json`. */
export function tracesDocument({ traces, matching }: TraceList, version: string): JsonDocument {
  return {
    ...documentHead('traces', version),
    matching,
    traces: traces.map((trace) => ({
      traceId: trace.traceId,
      startUnixNano: trace.startUnixNano,
      durationNs: trace.durationNs,
      spans: trace.spans,
      errors: trace.errors,
      services: trace.services,
      root: trace.root && { service: trace.root.service, operation: trace.root.operation },
      orphans: trace.orphans,
    })),
  };
}

const COLUMNS: readonly Column[] = [
  { header: 'TRACE', align: 'left' },
  { header: 'START', align: 'left' },
  { header: 'DURATION', align: 'right' },
  { header: 'SPANS', align: 'right', leaves: 1 },
  { header: 'ERRORS', align: 'right' },
  { header: 'SERVICES', align: 'right', leaves: 2 },
  { header: 'ROOT', align: 'left', shrinks: true },
];

/** Below this width ids are shortened, as git does with commits. */
const WIDE = 120;

/** The list for reading. */
export function tracesReport(
  { traces, matching }: TraceList,
  { zone, width }: { zone: TimeZone; width: number },
): Report {
  const idText = width < WIDE ? shortTraceId : traceIdText;
  const rows = traces.map((trace) => [
    cell(idText(trace.traceId), 'accent'),
    cell(formatTime(trace.startUnixNano, zone)),
    cell(formatDuration(trace.durationNs), 'strong'),
    cell(trace.spans),
    trace.errors > 0 ? cell(trace.errors, 'error') : cell('', 'dim'),
    cell(trace.services.length),
    rootCell(trace),
  ]);
  if (matching === 0) {
    return { sections: [{ title: '', lines: [cell('no trace matches')], tables: [] }] };
  }
  const table = { columns: COLUMNS, rows, omitted: matching - traces.length };
  const note = traces.some(({ startUnixNano }) => isDoubtfulTime(startUnixNano)) && {
    note: DOUBTFUL_TIME,
  };
  return { sections: [{ title: '', lines: [], tables: [table], ...note }] };
}

function rootCell({ root, orphans }: TraceSummary): Cell {
  if (root) return cell(`${root.service}: ${root.operation || '(unnamed)'}`);
  return cell(`(no root; ${orphans} without their parent)`, 'warning');
}
