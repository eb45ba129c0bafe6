import { TRACE_SORTS, type TraceFilter } from '../../model/trace-summary.ts';
import type { CommandId } from '../keymap.ts';
import type { TraceQuery } from '../trace-source.ts';
import type { Context, Step, TracesScreen } from './app-state.ts';
import { clampRow, rowsOf, topShowing } from './list-cursor.ts';
import { waterfallOf } from './waterfall-screen.ts';

/** What a screen of traces asks of the source. */
export function queryOf({
  sort,
  descending,
  words,
  service,
  errorsOnly,
}: TracesScreen): TraceQuery {
  const wanted = words.split(/\s+/).filter((word) => word !== '');
  const filter: TraceFilter = {
    ...(wanted.length > 0 ? { words: wanted } : {}),
    ...(service === null ? {} : { service }),
    ...(errorsOnly ? { withErrors: true } : {}),
  };
  return { sort, descending, filter };
}

type Command = (screen: TracesScreen, context: Context) => Step;

const COMMANDS: Partial<Record<CommandId, Command>> = {
  open: openTrace,
  sort: (screen) => ({ screen: sortedBy(screen, nextSort(screen)) }),
  reverse: (screen) => ({ screen: { ...fromStart(screen), descending: !screen.descending } }),
  'errors-only': (screen) => ({
    screen: { ...fromStart(screen), errorsOnly: !screen.errorsOnly },
  }),
  copy: copyTraceId,
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
  return screen.errorsOnly ? { ...fromStart(screen), errorsOnly: false } : null;
}

function fromStart(screen: TracesScreen): TracesScreen {
  return { ...screen, selected: 0, top: 0 };
}

function nextSort({ sort }: TracesScreen): TracesScreen['sort'] {
  return TRACE_SORTS[(TRACE_SORTS.indexOf(sort) + 1) % TRACE_SORTS.length] ?? 'start';
}

function selectedTrace(screen: TracesScreen, { data }: Context) {
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
    effect: { kind: 'load-trace', traceId },
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
