import { SingleBar } from 'cli-progress';
import { cleanText } from '../report/clean-text.ts';
import { formatBytes } from '../report/format-bytes.ts';
import type { Io } from './io.ts';

/** Shows how far an import has come. */
export interface ImportProgress {
  /** `totalBytes` is null when the size of an input (a pipe) is not known. */
  start(totalBytes: number | null): void;
  /** So many more bytes of the inputs were read and spans found, in `dump`. */
  advance(dump: string, bytes: number, spans: number): void;
  stop(): void;
}

/** An import that nobody watches. */
export const NO_PROGRESS: ImportProgress = { start() {}, advance() {}, stop() {} };

/** Imports that are over sooner show nothing. */
const SHOW_AFTER_MS = 1000;

/** A bar on standard error for imports that take over a second; nothing when that is not a terminal. */
export function importProgress(io: Io): ImportProgress {
  if (!io.stderr.isTty) return NO_PROGRESS;
  const startedAt = performance.now();
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: (_options, { value }, payload: { dump: string; spans: number; total: number | null }) =>
      progressLine(value, payload, (performance.now() - startedAt) / 1000),
  });
  let total: number | null = null;
  let bytes = 0;
  let spans = 0;
  let isShown = false;
  return {
    start(totalBytes) {
      total = totalBytes;
    },
    advance(dump, moreBytes, moreSpans) {
      bytes += moreBytes;
      spans += moreSpans;
      if (!isShown && performance.now() - startedAt < SHOW_AFTER_MS) return;
      if (!isShown) bar.start(total ?? 0, bytes, { dump, spans, total });
      isShown = true;
      bar.update(bytes, { dump, spans, total });
    },
    stop() {
      if (isShown) bar.stop();
    },
  };
}

const BAR_CELLS = 24;

/** `━━━━────  42 %  190 MB of 450 MB  84,000 spans  95 MB/s  3 s left  dump.json` */
function progressLine(
  bytes: number,
  { dump, spans, total }: { dump: string; spans: number; total: number | null },
  seconds: number,
): string {
  const rate = bytes / seconds;
  const parts = [
    `${spans.toLocaleString('en')} spans`,
    `${formatBytes(Math.round(rate))}/s`,
    cleanText(dump),
  ];
  if (total === null) return [formatBytes(bytes), ...parts].join('  ');
  const share = total === 0 ? 1 : Math.min(1, bytes / total);
  const done = Math.round(share * BAR_CELLS);
  const left = Math.ceil((total - bytes) / rate);
  return [
    `${'━'.repeat(done)}${'─'.repeat(BAR_CELLS - done)}`,
    `${Math.floor(share * 100)} %`,
    `${formatBytes(bytes)} of ${formatBytes(total)}`,
    parts[0],
    parts[1],
    `${left} s left`,
    parts[2],
  ].join('  ');
}
