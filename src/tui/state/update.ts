import type { FoundTraces } from '../../model/trace-summary.ts';
import { type CommandId, commandOf } from '../keymap.ts';
import type { TerminalInput } from '../terminal/input-decoder.ts';
import {
  type AppState,
  type Context,
  isItems,
  keyScreen,
  type MainKind,
  type Message,
  type Screen,
  type Surroundings,
  topScreen,
} from './app-state.ts';
import { chromeMouse } from './chrome-mouse.ts';
import { settleCompare } from './compare-commands.ts';
import { contextOf } from './context-of.ts';
import { settleDependencies } from './dependencies-commands.ts';
import { settleFlame } from './flame-commands.ts';
import { settleItems } from './items-commands.ts';
import { firstScreen } from './main-screens.ts';
import { missingData } from './missing-data.ts';
import { type ClickedInput, mouseStep } from './mouse.ts';
import { applied, type Outcome, unchanged, withTop } from './outcome.ts';
import { applyFilter, typed } from './prompt.ts';
import { answered } from './query-commands.ts';
import { runCommand } from './run-command.ts';
import { settleSpan } from './span-commands.ts';
import { settleTraces } from './traces-commands.ts';
import { settleWaterfall } from './waterfall-commands.ts';

/** Everything that can happen. */
export type AppEvent =
  | Exclude<TerminalInput, { kind: 'mouse' }>
  | ClickedInput
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  /** A command was called by its name. */
  | { readonly kind: 'command'; readonly command: CommandId; readonly key: string }
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
  const key = 'key' in event ? event.key : '';
  const { state: next, effects } = react(state, event, contextOf(state, surroundings, key));
  const screen = settled(next, contextOf(next, surroundings));
  const missing = missingData(screen, surroundings.data);
  return { state: withTop(next, screen), effects: [...effects, ...missing] };
}

function react(state: AppState, event: AppEvent, context: Context): Outcome {
  switch (event.kind) {
    case 'key':
      return onKey(state.message ? { ...state, message: null } : state, event, context);
    case 'command':
      return runCommand({ ...state, message: null }, event.command, context);
    case 'paste':
      return state.prompt ? typed(state, event.text, context) : unchanged(state);
    case 'mouse':
      return (
        chromeMouse(state, event, context) ??
        applied(state, mouseStep(topScreen(state), event, context))
      );
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
  return runCommand(state, command, context);
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
