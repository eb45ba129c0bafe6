import { cleanText } from '../report/clean-text.ts';
import { formatBytes } from '../report/format-bytes.ts';
import { formatCount } from '../report/format-count.ts';

/** How far an import has come. */
export interface ImportFacts {
  /** The dump that is being read. */
  readonly dump: string;
  readonly bytes: number;
  /** Null when the size of an input (a pipe) is not known. */
  readonly totalBytes: number | null;
  readonly spans: number;
  readonly issues: number;
  /** Of late; null when that cannot be said. */
  readonly bytesPerSecond: number | null;
}

const BAR_CELLS = 24;

/**
 * `━━━━────  42 %  190 MB of 450 MB  84,000 spans  95 MB/s  3 s left  12 issues  dump.json`, without a bar and the time left when the size
 * is not known.
 */
export function progressLine(facts: ImportFacts): string {
  const { dump, bytes, totalBytes, spans, issues, bytesPerSecond } = facts;
  const parts = totalBytes === null ? [formatBytes(bytes)] : barParts(bytes, totalBytes);
  parts.push(formatCount(spans, 'span'));
  if (bytesPerSecond !== null) parts.push(`${formatBytes(Math.round(bytesPerSecond))}/s`);
  if (totalBytes !== null && bytesPerSecond !== null && totalBytes > bytes) {
    parts.push(`${timeLeft((totalBytes - bytes) / bytesPerSecond)} left`);
  }
  if (issues > 0) parts.push(formatCount(issues, 'issue'));
  return [...parts, cleanText(dump)].join('  ');
}

function barParts(bytes: number, total: number): string[] {
  const share = total === 0 ? 1 : Math.min(1, bytes / total);
  const done = Math.floor(share * BAR_CELLS);
  return [
    `${'━'.repeat(done)}${'─'.repeat(BAR_CELLS - done)}`,
    `${Math.floor(share * 100)} %`,
    `${formatBytes(bytes)} of ${formatBytes(total)}`,
  ];
}

/** No more exact than it can be. */
function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
