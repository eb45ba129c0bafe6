import { TRACE_SORTS, type TraceSummary } from '../../model/trace-summary.ts';
import { formatDuration } from '../../report/format-duration.ts';
import type { CommandId } from '../keymap.ts';
import type { Context, Screen, Selection, Step, TracesScreen } from './app-state.ts';
import { CHART_COMMANDS } from './chart-commands.ts';
import { flameScreen } from './flame-commands.ts';
import { clampRow, rowsOf, topShowing } from './list-cursor.ts';
import { itemsScreen } from './navigation.ts';
import { withoutQuery } from './query-commands.ts';
import { queryOf } from './traces-query.ts';
import { waterfallOf } from './waterfall-screen.ts';

type Command = (screen: TracesScreen, context: Context) => Step;

const COMMANDS: Partial<Record<CommandId, Command>> = {
  ...CHART_COMMANDS,
  open: openTrace,
  flame: (screen) => ({ screen, push: flameScreen(listedTracesOf(screen)) }),
  overview: (screen) => ({ screen, push: itemsScreen('overview', queryOf(screen).filter) }),
  sort: (screen) => ({ screen: sortedBy(screen, nextSort(screen)) }),
  reverse: (screen) => ({ screen: { ...fromStart(screen), descending: !screen.descending } }),
  'errors-only': (screen) => ({
    screen: { ...fromStart(screen), errorsOnly: !screen.errorsOnly },
  }),
  'copy-trace': copyTraceId,
};

export function tracesCommand(screen: TracesScreen, command: CommandId, context: Context): Step {
  const by = rowsOf(command, context.bodyRows);
  if (by !== null) return { screen: { ...screen, selected: screen.selected + by } };
  return COMMANDS[command]?.(screen, context) ?? { screen };
}

/** Another column orders by the largest first; the same one the other way round. */
export function sortedBy(screen: TracesScreen, sort: TracesScreen['sort']): TracesScreen {
  const descending = sort === screen.sort ? !screen.descending : true;
  return { ...fromStart(screen), sort, descending };
}

/** The screen with selection and scroll position inside the list. */
export function settleTraces(screen: TracesScreen, { data, bodyRows }: Context): TracesScreen {
  const list = data.list(queryOf(screen));
  const count = list.status === 'ready' ? list.value.count : 0;
  const selected = clampRow(screen.selected, count);
  return { ...screen, selected, top: topShowing(screen.top, selected, count, bodyRows) };
}

export function withWords(screen: TracesScreen, words: string): TracesScreen {
  return words === screen.words ? screen : { ...fromStart(screen), words };
}

/** Takes the filters off, the last one first; null when there is none. */
export function unfiltered(screen: TracesScreen): TracesScreen | null {
  if (screen.words !== '') return withWords(screen, '');
  if (screen.query !== '') return withoutQuery(screen);
  if (screen.errorsOnly) return { ...fromStart(screen), errorsOnly: false };
  if (screen.mark) return { ...screen, mark: null };
  return rangeless(screen);
}

/** The list without the range of durations or times that was marked in a chart; null when there is none. */
function rangeless(screen: TracesScreen): TracesScreen | null {
  const { minDurationNs, maxDurationNs, since, until, ...scope } = screen.scope;
  const hasRange = [minDurationNs, maxDurationNs, since, until].some((end) => end !== undefined);
  return hasRange ? { ...fromStart(screen), scope } : null;
}

/** The trace that the list's cursor is on, or that the screen shows. */
export function selectedTraceOf(screen: Screen, context: Context): Selection | null {
  if (screen.kind === 'waterfall') return { kind: 'trace', traceId: screen.traceId };
  const trace = screen.kind === 'traces' ? selectedTrace(screen, context) : null;
  return trace && { kind: 'trace', traceId: trace.traceId };
}

/** All traces of the list. */
export function listedTracesOf(screen: TracesScreen): Selection;
export function listedTracesOf(screen: Screen): Selection | null;
export function listedTracesOf(screen: Screen): Selection | null {
  if (screen.kind !== 'traces') return null;
  const { filter } = queryOf(screen);
  return { kind: 'traces', filter, label: labelOf(screen) };
}

function labelOf(screen: TracesScreen): string {
  const { service, words, errorsOnly, scope } = screen;
  const { minDurationNs, maxDurationNs } = scope;
  const parts = [
    service,
    ...(scope.words ?? []),
    words,
    screen.query,
    errorsOnly ? 'with errors' : '',
  ];
  if (minDurationNs !== undefined) parts.push(`from ${formatDuration(minDurationNs)}`);
  if (maxDurationNs !== undefined) parts.push(`to ${formatDuration(maxDurationNs)}`);
  const label = parts.filter((part) => part !== null && part !== '').join(' ');
  return label === '' ? 'all traces' : label;
}

function fromStart(screen: TracesScreen): TracesScreen {
  return { ...screen, selected: 0, top: 0 };
}

function nextSort({ sort }: TracesScreen): TracesScreen['sort'] {
  return TRACE_SORTS[(TRACE_SORTS.indexOf(sort) + 1) % TRACE_SORTS.length] ?? 'start';
}

/** What is known of the trace that the list's cursor is on. */
export function selectedTrace(screen: TracesScreen, { data }: Context): TraceSummary | null {
  const list = data.list(queryOf(screen));
  return list.status === 'ready' ? list.value.at(screen.selected) : null;
}

function openTrace(screen: TracesScreen, context: Context): Step {
  const trace = selectedTrace(screen, context);
  if (!trace) return { screen };
  const { traceId } = trace;
  return {
    screen,
    push: waterfallOf(traceId),
  };
}

function copyTraceId(screen: TracesScreen, context: Context): Step {
  const trace = selectedTrace(screen, context);
  if (!trace) return { screen };
  return {
    screen,
    effect: { kind: 'copy', text: trace.traceId },
    message: { text: `copied trace id ${trace.traceId}`, tone: 'plain' },
  };
}
