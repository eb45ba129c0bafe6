import type { FoundTraces } from '../../model/trace-summary.ts';
import type { Choice } from '../choices.ts';
import { type CommandId, commandOf } from '../keymap.ts';
import { helpLayout } from '../layout/help-rows.ts';
import type { TerminalInput } from '../terminal/input-decoder.ts';
import {
  type AppState,
  type Context,
  contextOf,
  isItems,
  keyScreen,
  type MainKind,
  type Message,
  type Screen,
  type Selection,
  type Step,
  type Surroundings,
  topScreen,
} from './app-state.ts';
import { takenChoice } from './choice-commands.ts';
import { compareScreen, nameOf, settleCompare } from './compare-commands.ts';
import { settleDependencies } from './dependencies-commands.ts';
import { settleFlame } from './flame-commands.ts';
import { settleItems } from './items-commands.ts';
import { rowsOf } from './list-cursor.ts';
import { firstScreen, switchedBy, switchedTo } from './main-screens.ts';
import { missingData, waitsForAnalysis } from './missing-data.ts';
import { type ClickedInput, mouseStep } from './mouse.ts';
import { type Outcome, withTop } from './outcome.ts';
import { FIRST_OUTLINE, type Outline, relaxed } from './outline.ts';
import { applyFilter, openPrompt, promptCommand, typed } from './prompt.ts';
import { answered } from './query-commands.ts';
import { screenCommand } from './screen-command.ts';
import { settleSpan } from './span-commands.ts';
import { listedTracesOf, selectedTraceOf, settleTraces, unfiltered } from './traces-commands.ts';
import { settleWaterfall, sifting } from './waterfall-commands.ts';
import { waterfallOf } from './waterfall-screen.ts';

/** Everything that can happen. */
export type AppEvent =
  | Exclude<TerminalInput, { kind: 'mouse' }>
  | ClickedInput
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  /** Data has arrived. */
  | { readonly kind: 'loaded' }
  /** Something outside has been done, or failed. */
  | { readonly kind: 'told'; readonly message: Message }
  /** A query has been answered. */
  | { readonly kind: 'found'; readonly query: string; readonly found: FoundTraces }
  /** The typing has paused. */
  | { readonly kind: 'apply-filter' };

/** The state when the explorer opens. */
export function initialState(columns: number, rows: number, first: MainKind = 'traces'): AppState {
  const stack = [firstScreen(first)];
  return {
    columns,
    rows,
    stack,
    mains: {},
    prompt: null,
    helpTop: null,
    message: null,
    marked: null,
  };
}

/** The state after `event`. Pure but for what `surroundings.data` reads for it. */
export function update(state: AppState, event: AppEvent, surroundings: Surroundings): Outcome {
  const key = event.kind === 'key' ? event.key : '';
  const { state: next, effects } = react(state, event, contextOf(state, surroundings, key));
  const screen = settled(next, contextOf(next, surroundings));
  const missing = missingData(screen, surroundings.data);
  return { state: withTop(next, screen), effects: [...effects, ...missing] };
}

function react(state: AppState, event: AppEvent, context: Context): Outcome {
  switch (event.kind) {
    case 'key':
      return onKey(state.message ? { ...state, message: null } : state, event, context);
    case 'paste':
      return state.prompt ? typed(state, event.text, context) : unchanged(state);
    case 'mouse':
      if (state.prompt || state.helpTop !== null) return unchanged(state);
      return applied(state, mouseStep(topScreen(state), event, context));
    case 'resize':
      return unchanged({ ...state, columns: event.columns, rows: event.rows });
    case 'told':
      return unchanged({ ...state, message: event.message });
    case 'found':
      return unchanged(answered(state, event.query, event.found));
    case 'apply-filter':
      return unchanged(applyFilter(state));
    case 'focus':
    case 'loaded':
      return unchanged(state);
  }
}

function onKey(
  state: AppState,
  { key, text }: Extract<TerminalInput, { kind: 'key' }>,
  context: Context,
): Outcome {
  const screen = keyScreen(state);
  const command = commandOf(screen, key);
  if (command === null) {
    return screen === 'prompt' && text !== '' ? typed(state, text, context) : unchanged(state);
  }
  const general = GENERAL[command];
  if (general) return general(state, context);
  if (screen === 'prompt') {
    const taken = command === 'accept' ? takenChoice(state, context) : null;
    return taken ? take(state, taken, context) : promptCommand(state, command, context);
  }
  if (screen === 'help') return unchanged(helpCommand(state, command, context));
  return applied(state, screenCommand(topScreen(state), command, context, outlineBelow(state)));
}

/** The prompt is closed and what was chosen happens, as if its key had been pressed. */
function take(state: AppState, { action }: Choice, context: Context): Outcome {
  const closed: AppState = { ...state, prompt: null };
  const screen = topScreen(closed);
  switch (action.kind) {
    case 'command': {
      const withKey = { ...context, key: action.key };
      const general = GENERAL[action.command];
      if (general) return general(closed, withKey);
      return applied(closed, screenCommand(screen, action.command, withKey, outlineBelow(closed)));
    }
    case 'copy': {
      const text = action.text();
      const outcome = told(closed, `copied ${text.split('\n', 1)[0] ?? ''}`);
      return { ...outcome, effects: [{ kind: 'copy', text }] };
    }
    case 'open-url':
      return { ...told(closed, action.url), effects: [{ kind: 'open-url', url: action.url }] };
    case 'follow':
      return applied(closed, {
        screen,
        push: waterfallOf(action.link.traceId, action.link.spanId),
      });
    case 'filter':
      return unchanged(filtered(closed, action.filter));
  }
}

/** The waterfall under the details, with only the spans that `filter` finds. */
function filtered(state: AppState, filter: string): AppState {
  const below = popped(state);
  const screen = topScreen(below);
  return screen.kind === 'waterfall' ? withTop(below, sifting(screen, filter)) : state;
}

function told(state: AppState, text: string): Outcome {
  return unchanged({ ...state, message: { text, tone: 'plain' } });
}

/** Commands that mean the same on every screen. */
const GENERAL: Partial<Record<CommandId, (state: AppState, context: Context) => Outcome>> = {
  quit: (state) => ({ state, effects: [{ kind: 'quit' }] }),
  suspend: (state) => ({ state, effects: [{ kind: 'suspend' }] }),
  redraw: (state) => ({ state, effects: [{ kind: 'redraw' }] }),
  help: (state) => unchanged({ ...state, helpTop: 0 }),
  'close-help': (state) => unchanged({ ...state, helpTop: null }),
  filter: (state) => unchanged(openPrompt(state, 'filter')),
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

/** Closes what is open: the help, work that goes on, a search or filter, the screen. The first screen stays. */
function back(state: AppState, { data }: Context): Outcome {
  if (state.helpTop !== null) return unchanged({ ...state, helpTop: null });
  const screen = topScreen(state);
  if (waitsForAnalysis(screen, data)) return { state, effects: [{ kind: 'stop-analysis' }] };
  const cleared = clearedScreen(screen);
  if (cleared) return unchanged(withTop(state, cleared));
  if (state.stack.length > 1) return unchanged(popped(state));
  return unchanged({ ...state, message: { text: 'press q to quit', tone: 'plain' } });
}

/** The screen without its last search or filter; null when it has none. */
export function clearedScreen(screen: Screen): Screen | null {
  if (screen.kind === 'traces') return unfiltered(screen);
  if (isItems(screen) && screen.words !== '') return { ...screen, words: '', selected: 0 };
  if (screen.kind === 'span' && screen.words !== '') return { ...screen, words: '', top: 0 };
  if (screen.kind === 'flame' && screen.root >= 0) return { ...screen, root: -1 };
  if (screen.kind !== 'waterfall') return null;
  if (screen.brush) return { ...screen, brush: null };
  if (screen.search !== '') return { ...screen, search: '' };
  const outline = relaxed(screen.outline);
  if (!outline) return null;
  return {
    ...screen,
    outline,
    window: outline.root === screen.outline.root ? screen.window : null,
  };
}

/** The screen below, with the span selected that was looked at last. */
function popped(state: AppState): AppState {
  const screen = topScreen(state);
  const next = { ...state, stack: state.stack.slice(0, -1) };
  const below = topScreen(next);
  if (screen.kind !== 'span' || below.kind !== 'waterfall') return next;
  return withTop(next, { ...below, selected: screen.node });
}

function helpCommand(state: AppState, command: CommandId, { theme }: Context): AppState {
  const help = helpLayout(topScreen(state).kind, state.columns, state.rows, theme);
  const by = rowsOf(command, help.visibleRows);
  if (by === null) return state;
  const lowest = Math.max(0, help.lines.length - help.visibleRows);
  return { ...state, helpTop: Math.max(0, Math.min(lowest, (state.helpTop ?? 0) + by)) };
}

/** What the waterfall under the details shows. */
function outlineBelow(state: AppState): Outline {
  const below = state.stack.at(-2);
  return below?.kind === 'waterfall' ? below.outline : FIRST_OUTLINE;
}

function applied(state: AppState, { screen, push, message, effect }: Step): Outcome {
  const changed = withTop(state, screen);
  return {
    state: {
      ...changed,
      stack: push ? [...changed.stack, push] : changed.stack,
      message: message ?? null,
    },
    effects: effect ? [effect] : [],
  };
}

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
  return { state, effects: [{ kind: 'reload' }] };
}

/** The shown screen with its selection where there is something to select. */
function settled(state: AppState, context: Context): Screen {
  const screen = topScreen(state);
  if (isItems(screen)) return settleItems(screen, context);
  switch (screen.kind) {
    case 'traces':
      return settleTraces(screen, context);
    case 'waterfall':
      return settleWaterfall(screen, context);
    case 'span':
      return settleSpan(screen, context);
    case 'dependencies':
      return settleDependencies(screen, context);
    case 'flame':
      return settleFlame(screen, context);
    case 'compare':
      return settleCompare(screen, context);
  }
}

function unchanged(state: AppState): Outcome {
  return { state, effects: [] };
}
