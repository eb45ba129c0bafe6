import type { TraceSummary } from '../../model/trace-summary.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { formatTime } from '../../report/format-time.ts';
import { traceIdText } from '../../report/trace-id-text.ts';
import { chartRows } from '../layout/chart-rows.ts';
import { joinParts, type Part } from '../layout/styled-parts.ts';
import { type TracesLook, traceHead, traceRow } from '../layout/trace-rows.ts';
import type { Context, TracesScreen } from '../state/app-state.ts';
import { unfiltered } from '../state/traces-commands.ts';
import { queryOf } from '../state/traces-query.ts';
import type { Style } from '../theme.ts';
import type { TraceList } from '../trace-list.ts';
import { absentView, emptyView, type ScreenView } from './screen-view.ts';

export function tracesView(screen: TracesScreen, context: Context): ScreenView {
  const loaded = context.data.list(queryOf(screen));
  if (loaded.status !== 'ready') return absentView(loaded, 'the traces', context);
  const list = loaded.value;
  const traces = list.window(screen.top, context.bodyRows);
  const look = lookOf(screen, traces, context);
  const facts = factsLine(screen, list, context);
  const head = [...chartLines(screen, context), traceHead(look, context.theme)];
  if (list.count === 0) return { ...emptyList(screen, context), facts, head };
  const body = traces.map((trace, i) =>
    traceRow(trace, look, context.theme, screen.top + i === screen.selected),
  );
  const selected = traces[screen.selected - screen.top];
  const place: Part[] = [
    [
      `${(screen.selected + 1).toLocaleString('en')}/${list.count.toLocaleString('en')} `,
      context.theme.muted,
    ],
  ];
  return { facts, head, body, about: selected ? aboutTrace(selected, context) : [], place };
}

/** The chart above the list, if one is shown. */
function chartLines(
  screen: TracesScreen,
  { data, columns, headRows, theme, zone }: Context,
): string[] {
  if (screen.chart === 'none') return [];
  // Title, facts and the heads of the columns are no part of it.
  const rows = headRows - 3;
  const points = data.points(queryOf(screen).filter);
  if (points.status !== 'ready') {
    const note = theme.muted(`  reading durations${theme.glyphs.ellipsis}`);
    return [note, ...Array<string>(rows - 1).fill('')];
  }
  return chartRows(points.value, {
    kind: screen.chart,
    columns,
    rows,
    mark: screen.mark,
    theme,
    zone,
  });
}

function lookOf(
  screen: TracesScreen,
  traces: readonly TraceSummary[],
  { columns, zone, traceColumns }: Context,
): TracesLook {
  const { sort, descending } = screen;
  const words = queryOf(screen).filter.words ?? [];
  const longest = traces.reduce((most, { durationNs }) => Math.max(most, durationNs), 1);
  return {
    columns,
    zone,
    sort,
    descending,
    words,
    longestNs: roundedUp(longest),
    wanted: traceColumns,
  };
}

/** To 1, 2 or 5 times a power of ten, so that scrolling by a row seldom changes the scale. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5].find((factor) => factor * power >= value) ?? 10);
}

function factsLine(
  screen: TracesScreen,
  { count }: TraceList,
  { columns, theme }: Context,
): string {
  const { muted, accent, error, strong, glyphs } = theme;
  const parts: Part[] = [
    [' '],
    [count.toLocaleString('en'), strong],
    [count === 1 ? ' trace' : ' traces'],
  ];
  if (screen.service !== null) parts.push([' of service '], [narrowText(screen.service), accent]);
  if (screen.errorsOnly) parts.push([`  ${glyphs.alert}only with errors`, error]);
  if (screen.words !== '') parts.push(['  filter '], [`“${narrowText(screen.words)}”`, accent]);
  if (screen.query !== '') parts.push(['  query '], [narrowText(screen.query), accent]);
  parts.push(...scopeParts(screen, accent));
  const isFiltered = unfiltered(screen) !== null;
  if (isFiltered) parts.push(['  Esc clears', muted]);
  return joinParts(parts, columns, glyphs.ellipsis);
}

/** What was marked in a chart, or which group it is. */
function scopeParts({ scope }: TracesScreen, accent: Style): Part[] {
  const { words = [], minDurationNs, maxDurationNs, since, until } = scope;
  const parts: Part[] = words.length > 0 ? [[`  ${words.map(narrowText).join(', ')}`, accent]] : [];
  if (minDurationNs !== undefined && maxDurationNs !== undefined) {
    parts.push([`  ${formatDuration(minDurationNs)} to ${formatDuration(maxDurationNs)}`, accent]);
  }
  if (since !== undefined && until !== undefined) {
    const clock = (time: typeof since) => formatTime(time, 'utc').slice(11, 19);
    parts.push([`  ${clock(since)} to ${clock(until)} UTC`, accent]);
  }
  return parts;
}

function emptyList(screen: TracesScreen, context: Context): ScreenView {
  const isFiltered = unfiltered(screen) !== null || screen.service !== null;
  return isFiltered
    ? emptyView(['no trace matches the filter', '', 'Esc clears it'], context, context.theme.muted)
    : emptyView(
        ['the store holds no traces', '', 'import some: tracecli import <dump…>'],
        context,
        context.theme.muted,
      );
}

function aboutTrace(trace: TraceSummary, { zone, theme }: Context): Part[] {
  const { muted, error, warning, glyphs } = theme;
  const parts: Part[] = [
    [` ${traceIdText(trace.traceId)}`],
    [`  ${formatTime(trace.startUnixNano, zone)}`, muted],
    [`  ${formatDuration(trace.durationNs)}`],
  ];
  if (trace.errors > 0) parts.push([`  ${glyphs.error} ${trace.errors}`, error]);
  if (trace.orphans > 0) parts.push([`  ${glyphs.missing} ${trace.orphans}`, warning]);
  parts.push([`  ${trace.services.map(narrowText).join(', ')}`, muted]);
  return parts;
}
