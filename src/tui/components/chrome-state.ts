import { narrowText } from '../../report/clean-text.ts';
import { shortTraceId } from '../../report/trace-id-text.ts';
import { cutText } from '../layout/fit-text.ts';
import { type HelpLayout, helpLayout } from '../layout/help-rows.ts';
import {
  type AppState,
  type Context,
  type PromptPurpose,
  type Screen,
  type TracesScreen,
  topScreen,
} from '../state/app-state.ts';
import { placeAmong } from '../state/jumps.ts';
import { completions } from '../state/query-commands.ts';
import { isTooSmall, MIN_COLUMNS, MIN_ROWS } from '../state/smallest-terminal.ts';
import { type ChoiceList, choiceList } from './choice-list.ts';
import { fittingHints, type Hint } from './hints.ts';

/** What Ink composes around the dense rows. Changes seldom: moving about in a list changes nothing here. */
export interface ChromeState {
  readonly columns: number;
  readonly rows: number;
  /** The way to the shown screen. */
  readonly crumbs: readonly string[];
  readonly source: string;
  readonly hints: readonly Hint[];
  readonly prompt: { readonly sign: string; readonly text: string; readonly note: string } | null;
  readonly choices: ChoiceList | null;
  readonly help: (HelpLayout & { readonly title: string; readonly top: number }) | null;
  /** Instead of everything else when the terminal is too small. */
  readonly warning: readonly string[] | null;
}

const TITLES = {
  traces: 'Traces',
  waterfall: 'Trace',
  span: 'Span',
  dependencies: 'Dependencies',
  overview: 'Overview',
  services: 'Services',
  service: 'Service',
  findings: 'Findings',
  finding: 'Finding',
  operations: 'Requests',
  bookmarks: 'Bookmarks',
  flame: 'Flame graph',
  compare: 'Compare',
} as const;

/** What stands before the text that is typed. */
const SIGNS: Readonly<Record<PromptPurpose, string>> = {
  filter: 'filter',
  search: '/',
  command: ':',
  copy: 'copy',
  act: 'find',
  'open-url': 'open in',
  write: 'write to',
  note: 'note',
};

export function chromeState(state: AppState, context: Context): ChromeState {
  const { columns, rows } = state;
  const { kind } = topScreen(state);
  return {
    columns,
    rows,
    crumbs: state.stack.map((screen) => crumb(screen, context)),
    source: narrowText(context.data.source.label),
    hints: fittingHints(state, context),
    choices: choiceList(state, context),
    prompt: state.prompt && {
      sign: SIGNS[state.prompt.purpose],
      text: narrowText(state.prompt.text),
      note: promptNote(state, context),
    },
    help:
      state.helpTop === null
        ? null
        : {
            ...helpLayout(kind, columns, rows, context.theme),
            title: `Keys: ${TITLES[kind]}`,
            top: state.helpTop,
          },
    warning: isTooSmall(state)
      ? [
          `The terminal is ${columns}${context.theme.glyphs.multiply}${rows};`,
          `the explorer needs ${MIN_COLUMNS}${context.theme.glyphs.multiply}${MIN_ROWS}.`,
        ]
      : null,
  };
}

function crumb(screen: Screen, { data }: Context): string {
  if (screen.kind === 'waterfall') return `Trace ${shortTraceId(screen.traceId)}`;
  if (screen.kind === 'service') return `${TITLES.service} ${narrowText(screen.subject)}`;
  if (screen.kind === 'traces') return tracesCrumb(screen);
  if (screen.kind !== 'span') return TITLES[screen.kind];
  const view = data.trace(screen.traceId);
  const node = view.status === 'ready' ? view.value.nodes[screen.node] : undefined;
  return `Span ${node?.span.spanId.slice(0, 8) ?? ''}`;
}

function tracesCrumb({ service }: TracesScreen): string {
  return service === null ? TITLES.traces : `Traces of ${narrowText(service)}`;
}

/** Of a word that is proposed; what is typed has to be seen too. */
const WIDEST_WORD = 30;

/** How many there are of what is being typed, or how it can go on. */
function promptNote(state: AppState, context: Context): string {
  const { data } = context;
  const screen = topScreen(state);
  if (screen.kind === 'traces' && state.prompt?.purpose === 'filter') {
    const all = completions(state.prompt.text, context);
    const chosen = all[state.prompt.chosen % Math.max(1, all.length)];
    if (!chosen) return '';
    const place = all.length > 1 ? `  ${state.prompt.chosen + 1}/${all.length}` : '';
    return `Tab ${cutText(narrowText(chosen.word), WIDEST_WORD, context.theme.glyphs.ellipsis)}${place}`;
  }
  if (screen.kind !== 'waterfall' || screen.search === '') return '';
  const view = data.trace(screen.traceId);
  if (view.status !== 'ready') return '';
  const matches = view.value.matches(screen.search);
  return matches.length === 0 ? 'no match' : placeAmong(matches, screen.selected);
}
