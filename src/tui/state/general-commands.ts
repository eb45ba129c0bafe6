import type { CommandId } from '../keymap.ts';
import { type AppState, type Context, type Selection, topScreen } from './app-state.ts';
import { compareScreen, nameOf } from './compare-commands.ts';
import { back } from './going-back.ts';
import { switchedBy, switchedTo } from './main-screens.ts';
import { analyzedFilters } from './missing-data.ts';
import { type Outcome, told, unchanged } from './outcome.ts';
import { openPrompt } from './prompt.ts';
import { listedTracesOf, selectedTraceOf } from './traces-commands.ts';

/** Commands that mean the same on every screen. */
export const GENERAL_COMMANDS: Partial<
  Record<CommandId, (state: AppState, context: Context) => Outcome>
> = {
  quit: (state) => ({ state, effects: [{ kind: 'quit' }] }),
  suspend: (state) => ({ state, effects: [{ kind: 'suspend' }] }),
  redraw: (state) => ({ state, effects: [{ kind: 'redraw' }] }),
  help: (state) => unchanged({ ...state, helpTop: 0 }),
  'close-help': (state) => unchanged({ ...state, helpTop: null }),
  filter: (state) => ({
    state: openPrompt(state, 'filter'),
    effects: topScreen(state).kind === 'traces' ? [{ kind: 'load-words' }] : [],
  }),
  search: (state) => unchanged(openPrompt(state, 'search')),
  palette: (state) => unchanged(openPrompt(state, 'command')),
  copy: (state) => unchanged(openPrompt(state, 'copy')),
  act: (state) => unchanged(openPrompt(state, 'act')),
  'open-url': (state, { links }) =>
    links.length > 0
      ? unchanged(openPrompt(state, 'open-url'))
      : told(state, 'no links are configured: see tracecli schema explorer-config'),
  bookmark: (state) => unchanged(openPrompt(state, 'note')),
  'go-bookmarks': (state) => unchanged(switchedTo(state, 'bookmarks')),
  write: (state) => unchanged(openPrompt(state, 'write')),
  back,
  'next-screen': (state) => unchanged(switchedBy(state, 1)),
  'previous-screen': (state) => unchanged(switchedBy(state, -1)),
  'go-overview': (state) => unchanged(switchedTo(state, 'overview')),
  'go-traces': (state) => unchanged(switchedTo(state, 'traces')),
  'go-services': (state) => unchanged(switchedTo(state, 'services')),
  'go-dependencies': (state) => unchanged(switchedTo(state, 'dependencies')),
  'go-findings': (state) => unchanged(switchedTo(state, 'findings')),
  'go-operations': (state) => unchanged(switchedTo(state, 'operations')),
  'go-flame': (state) => unchanged(switchedTo(state, 'flame')),
  mark: (state, context) => marked(state, selectedTraceOf(topScreen(state), context)),
  'mark-all': (state) => marked(state, listedTracesOf(topScreen(state))),
  reload: (state) => reloaded(state),
};

/** The first mark is kept; the second one opens the comparison. */
function marked(state: AppState, selection: Selection | null): Outcome {
  if (!selection) return unchanged(state);
  const { marked: first } = state;
  if (first === null) {
    const text = `${nameOf(selection)} is A; press the key again on B`;
    return unchanged({ ...state, marked: selection, message: { text, tone: 'plain' } });
  }
  const stack = [...state.stack, compareScreen(first, selection)];
  return unchanged({ ...state, marked: null, stack });
}

function reloaded(state: AppState): Outcome {
  return { state, effects: [{ kind: 'reload', filters: analyzedFilters(topScreen(state)) }] };
}
