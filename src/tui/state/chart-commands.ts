import { nanos, unixNano } from '../../model/time.ts';
import type { TraceFilter } from '../../model/trace-summary.ts';
import type { CommandId } from '../keymap.ts';
import { chartColumns } from '../layout/chart-columns.ts';
import { logRange, timeRange } from '../trace-histogram.ts';
import type { TracePoints } from '../trace-source.ts';
import { CHARTS, type Context, type Step, type TracesScreen } from './app-state.ts';
import { filterOf } from './traces-query.ts';

type Command = (screen: TracesScreen, context: Context) => Step;

/** Commands about the chart above the list. */
export const CHART_COMMANDS: Partial<Record<CommandId, Command>> = {
  chart: (screen) => {
    const next = CHARTS[(CHARTS.indexOf(screen.chart) + 1) % CHARTS.length] ?? 'none';
    return { screen: { ...screen, chart: next, mark: null } };
  },
  'mark-right': (screen, context) => ({ screen: moved(screen, context, 1, 1) }),
  'mark-left': (screen, context) => ({ screen: moved(screen, context, -1, -1) }),
  'mark-wider': (screen, context) => ({ screen: moved(screen, context, 0, 1) }),
  'mark-narrower': (screen, context) => ({ screen: moved(screen, context, 0, -1) }),
  'mark-apply': (screen, context) => ({ screen: markApplied(screen, context) }),
};

function moved(screen: TracesScreen, { columns }: Context, from: number, to: number): TracesScreen {
  if (screen.chart === 'none') return screen;
  const width = chartColumns(columns).width;
  const mark = screen.mark ?? { from: (width >> 1) - from, to: (width >> 1) + 1 - to };
  const start = Math.max(0, Math.min(width - 1, mark.from + from));
  return {
    ...screen,
    mark: { from: start, to: Math.max(start + 1, Math.min(width, mark.to + to)) },
  };
}

/** Only traces in the marked columns: of such durations, or of such times. */
export function markApplied(screen: TracesScreen, { data, columns }: Context): TracesScreen {
  const points = data.points(filterOf(screen));
  if (!screen.mark || points.status !== 'ready') return screen;
  const { width } = chartColumns(columns);
  const [from, to] = [screen.mark.from / width, screen.mark.to / width];
  const range =
    screen.chart === 'histogram'
      ? durationsBetween(points.value, from, to)
      : timesBetween(points.value, from, to);
  return { ...screen, scope: { ...screen.scope, ...range }, mark: null, selected: 0, top: 0 };
}

/** `from` and `to` are parts of the chart's width. A nanosecond of room at both ends, because logarithms are not exact. */
function durationsBetween({ durationNs }: TracePoints, from: number, to: number): TraceFilter {
  const range = logRange(durationNs);
  const at = (part: number) => 10 ** (range.from + (range.to - range.from) * part);
  return {
    minDurationNs: nanos(Math.max(0, Math.floor(at(from)) - Number(from === 0))),
    maxDurationNs: nanos(Math.ceil(at(to)) + Number(to === 1)),
  };
}

function timesBetween(points: TracePoints, from: number, to: number): TraceFilter {
  const range = timeRange(points);
  const at = (part: number) => Math.round((range.from + (range.to - range.from) * part) * 1e3);
  return {
    since: unixNano(BigInt(at(from)) * 1000n),
    until: unixNano(BigInt(at(to) + 1) * 1000n),
  };
}
