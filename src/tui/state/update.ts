import { type CommandId, commandOf } from '../keymap.ts';
import { helpLayout } from '../layout/help-rows.ts';
import type { TerminalInput } from '../terminal/input-decoder.ts';
import {
  type AppState,
  type Context,
  contextOf,
  FIRST_TRACES,
  keyScreen,
  type Screen,
  type Step,
  type Surroundings,
  topScreen,
} from './app-state.ts';
import {
  dependenciesCommand,
  FIRST_DEPENDENCIES,
  settleDependencies,
} from './dependencies-commands.ts';
import { rowsOf } from './list-cursor.ts';
import { type ClickedInput, mouseStep } from './mouse.ts';
import { FIRST_OUTLINE, type Outline, relaxed } from './outline.ts';
import { applyFilter, type Outcome, openPrompt, promptCommand, typed, withTop } from './prompt.ts';
import { settleSpan, spanCommand } from './span-commands.ts';
import { settleTraces, tracesCommand, unfiltered } from './traces-commands.ts';
import { settleWaterfall, waterfallCommand } from './waterfall-commands.ts';

/** Everything that can happen. */
export type AppEvent =
  | Exclude<TerminalInput, { kind: 'mouse' }>
  | ClickedInput
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  /** Data has arrived. */
  | { readonly kind: 'loaded' }
  /** The typing has paused. */
  | { readonly kind: 'apply-filter' };

/** The state when the explorer opens. */
export function initialState(columns: number, rows: number): AppState {
  return { columns, rows, stack: [FIRST_TRACES], prompt: null, helpTop: null, message: null };
}

/** The state after `event`. Pure but for what `surroundings.data` reads for it. */
export function update(state: AppState, event: AppEvent, surroundings: Surroundings): Outcome {
  const key = event.kind === 'key' ? event.key : '';
  const { state: next, effects } = react(state, event, contextOf(state, surroundings, key));
  const screen = settled(next, contextOf(next, surroundings));
  return { state: withTop(next, screen), effects };
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
  if (general) return general(state);
  if (screen === 'prompt') return promptCommand(state, command, context);
  if (screen === 'help') return unchanged(helpCommand(state, command, context));
  return applied(state, screenCommand(state, command, context));
}

/** Commands that mean the same on every screen. */
const GENERAL: Partial<Record<CommandId, (state: AppState) => Outcome>> = {
  quit: (state) => ({ state, effects: [{ kind: 'quit' }] }),
  suspend: (state) => ({ state, effects: [{ kind: 'suspend' }] }),
  redraw: (state) => ({ state, effects: [{ kind: 'redraw' }] }),
  help: (state) => unchanged({ ...state, helpTop: 0 }),
  'close-help': (state) => unchanged({ ...state, helpTop: null }),
  filter: (state) => unchanged(openPrompt(state, 'filter')),
  search: (state) => unchanged(openPrompt(state, 'search')),
  back: (state) => unchanged(back(state)),
  switch: switched,
};

/** Closes what is open: the help, a search or filter, the screen. The first screen stays. */
function back(state: AppState): AppState {
  if (state.helpTop !== null) return { ...state, helpTop: null };
  const screen = topScreen(state);
  const cleared = clearedScreen(screen);
  if (cleared) return withTop(state, cleared);
  if (state.stack.length > 1) return popped(state);
  return { ...state, message: { text: 'press q to quit', tone: 'plain' } };
}

/** The screen without its last search or filter; null when it has none. */
export function clearedScreen(screen: Screen): Screen | null {
  if (screen.kind === 'traces') return unfiltered(screen);
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

function screenCommand(state: AppState, command: CommandId, context: Context): Step {
  const screen = topScreen(state);
  switch (screen.kind) {
    case 'traces':
      return tracesCommand(screen, command, context);
    case 'waterfall':
      return waterfallCommand(screen, command, context);
    case 'span':
      return spanCommand(screen, command, context, outlineBelow(state));
    case 'dependencies':
      return dependenciesCommand(screen, command, context);
  }
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

/** Traces and dependencies lie side by side: going from one to the other does not pile them up. */
function switched(state: AppState): Outcome {
  const isOnTraces = topScreen(state).kind === 'traces';
  const below = state.stack.at(-2);
  if (!isOnTraces || below?.kind === 'dependencies') return unchanged(popped(state));
  const stack = [...state.stack, FIRST_DEPENDENCIES];
  return { state: { ...state, stack }, effects: [{ kind: 'load-dependencies' }] };
}

/** The shown screen with its selection where there is something to select. */
function settled(state: AppState, context: Context): Screen {
  const screen = topScreen(state);
  switch (screen.kind) {
    case 'traces':
      return settleTraces(screen, context);
    case 'waterfall':
      return settleWaterfall(screen, context);
    case 'span':
      return settleSpan(screen, context);
    case 'dependencies':
      return settleDependencies(screen, context);
  }
}

function unchanged(state: AppState): Outcome {
  return { state, effects: [] };
}
