import type { TracePoints } from './trace-source.ts';

/** How many traces took how long, in columns of equal width on a logarithmic scale. */
export interface DurationColumns {
  readonly counts: Uint32Array;
  readonly failed: Uint32Array;
  /** Logarithms to base 10 of the shortest and the longest duration. */
  readonly from: number;
  readonly to: number;
}

export function durationColumns(
  { durationNs, isFailed }: TracePoints,
  columns: number,
): DurationColumns {
  const { from, to } = logRange(durationNs);
  const counts = new Uint32Array(columns);
  const failed = new Uint32Array(columns);
  for (const [i, duration] of durationNs.entries()) {
    const column = columnOf(logOf(duration), from, to, columns);
    counts[column] = (counts[column] ?? 0) + 1;
    failed[column] = (failed[column] ?? 0) + (isFailed[i] ?? 0);
  }
  return { counts, failed, from, to };
}

/** Logarithms of the shortest and the longest, never equal. */
export function logRange(durationNs: Float64Array): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const duration of durationNs) {
    const log = logOf(duration);
    from = Math.min(from, log);
    to = Math.max(to, log);
  }
  if (durationNs.length === 0) return { from: 0, to: 1 };
  return to - from < 0.01 ? { from: from - 0.005, to: to + 0.005 } : { from, to };
}

export function logOf(duration: number): number {
  return Math.log10(Math.max(1, duration));
}

export function columnOf(value: number, from: number, to: number, columns: number): number {
  return Math.max(0, Math.min(columns - 1, Math.floor(((value - from) / (to - from)) * columns)));
}

/** First and last start of the points that have one, in milliseconds, never equal. */
export function timeRange({ startMs }: Pick<TracePoints, 'startMs'>): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const start of startMs) {
    if (start === 0) continue;
    from = Math.min(from, start);
    to = Math.max(to, start);
  }
  if (from > to) return { from: 0, to: 1 };
  return { from, to: Math.max(to, from + 1) };
}
