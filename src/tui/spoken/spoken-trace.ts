import type { TraceSummary } from '../../model/trace-summary.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { formatTime, type TimeZone } from '../../report/format-time.ts';
import { traceIdText } from '../../report/trace-id-text.ts';

/** A row of the list of traces in words. */
export function spokenTrace(trace: TraceSummary, zone: TimeZone): string {
  const { root, durationNs, spans, errors, orphans, services, startUnixNano, traceId } = trace;
  return [
    root
      ? `${narrowText(root.service)} ${narrowText(root.operation) || '(unnamed)'}`
      : 'a trace without a root',
    formatDuration(durationNs),
    counted(spans, 'span'),
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(orphans > 0 ? [counted(orphans, 'orphan')] : []),
    `started ${formatTime(startUnixNano, zone)}`,
    `services ${services.map(narrowText).join(' ')}`,
    `id ${traceIdText(traceId)}`,
  ].join(', ');
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
