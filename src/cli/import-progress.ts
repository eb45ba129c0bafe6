import { SingleBar } from 'cli-progress';
import type { Io } from './io.ts';
import { type ImportFacts, progressLine } from './progress-line.ts';
import { RecentRate } from './recent-rate.ts';

/** Shows how far an import has come. */
export interface ImportProgress {
  /** `totalBytes` is null when the size of an input (a pipe) is not known. */
  start(totalBytes: number | null): void;
  /** So many more bytes of the inputs were read, and spans and issues found, in `dump`. */
  advance(dump: string, more: { bytes: number; spans?: number; issues?: number }): void;
  /** Everything is read and written; the lists of traces are brought up to date, which takes a while for many. */
  summarize(): void;
  stop(): void;
}

/** An import that nobody watches. */
export const NO_PROGRESS: ImportProgress = {
  start() {},
  advance() {},
  summarize() {},
  stop() {},
};

/** Imports that are over sooner show nothing. */
const SHOW_AFTER_MS = 1000;
const CLEAR_LINE = '\r\x1b[K';

/** A line on standard error for imports that take over a second; nothing when that is not a terminal. */
export function importProgress(io: Io): ImportProgress {
  if (!io.stderr.isTty) return NO_PROGRESS;
  const startedAt = performance.now();
  const rate = new RecentRate(startedAt);
  const facts = { dump: '', bytes: 0, totalBytes: 0 as number | null, spans: 0, issues: 0 };
  const line = (): string => {
    const bytesPerSecond = rate.perSecond(performance.now(), facts.bytes);
    return progressLine({ ...facts, bytesPerSecond } satisfies ImportFacts);
  };
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: line,
  });
  let isShown = false;
  return {
    start(totalBytes) {
      facts.totalBytes = totalBytes;
    },
    advance(dump, { bytes, spans = 0, issues = 0 }) {
      facts.dump = dump;
      facts.bytes += bytes;
      facts.spans += spans;
      facts.issues += issues;
      rate.note(performance.now(), facts.bytes);
      if (!isShown && performance.now() - startedAt < SHOW_AFTER_MS) return;
      if (!isShown) bar.start(facts.totalBytes ?? 0, facts.bytes);
      isShown = true;
      bar.update(facts.bytes);
    },
    summarize() {
      if (!isShown) return;
      bar.stop();
      io.stderr.write('bringing the list of traces up to date');
    },
    stop() {
      if (!isShown) return;
      bar.stop();
      io.stderr.write(CLEAR_LINE);
    },
  };
}
