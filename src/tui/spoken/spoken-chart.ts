import { nanos, unixNano } from '../../model/time.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { formatTime, type TimeZone } from '../../report/format-time.ts';
import type { ChartKind } from '../state/app-state.ts';
import { columnOf, durationColumns, timeRange } from '../trace-histogram.ts';
import type { TracePoints } from '../trace-source.ts';
import { counted } from './spoken-trace.ts';

/** As many as one remembers. */
const STEPS = 8;

/** The chart above the list of traces in a sentence for each step that has traces. */
export function spokenChart(points: TracePoints, chart: ChartKind, zone: TimeZone): string[] {
  if (chart === 'none') return [];
  return chart === 'histogram' ? byDuration(points) : overTime(points, zone);
}

function byDuration(points: TracePoints): string[] {
  const { counts, failed, from, to } = durationColumns(points, STEPS);
  const limit = (step: number) =>
    formatDuration(nanos(Math.round(10 ** (from + ((to - from) * step) / STEPS))));
  return [...counts].flatMap((count, step) =>
    count === 0
      ? []
      : [
          `${limit(step)} to ${limit(step + 1)}: ${counted(count, 'trace')}, ${failed[step] ?? 0} failed`,
        ],
  );
}

function overTime({ startMs, durationNs, isFailed }: TracePoints, zone: TimeZone): string[] {
  const { from, to } = timeRange({ startMs });
  const steps = Array.from({ length: STEPS }, () => ({ count: 0, failed: 0, longest: 0 }));
  for (const [i, start] of startMs.entries()) {
    const step = start === 0 ? undefined : steps[columnOf(start, from, to, STEPS)];
    if (!step) continue;
    step.count++;
    step.failed += isFailed[i] ?? 0;
    step.longest = Math.max(step.longest, durationNs[i] ?? 0);
  }
  return steps.flatMap(({ count, failed, longest }, i) => {
    if (count === 0) return [];
    const ms = Math.round(from + ((to - from) * i) / STEPS);
    const time = formatTime(unixNano(BigInt(ms) * 1_000_000n), zone);
    const slowest = formatDuration(nanos(longest));
    return [`from ${time}: ${counted(count, 'trace')}, ${failed} failed, the slowest ${slowest}`];
  });
}
