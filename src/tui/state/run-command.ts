import type { Choice } from '../choices.ts';
import type { CommandId } from '../keymap.ts';
import { helpLayout } from '../layout/help-rows.ts';
import { type AppState, type Context, keyScreen, topScreen } from './app-state.ts';
import { takenChoice } from './choice-commands.ts';
import { GENERAL_COMMANDS } from './general-commands.ts';
import { popped } from './going-back.ts';
import { rowsOf } from './list-cursor.ts';
import { applied, type Outcome, told, unchanged, withTop } from './outcome.ts';
import { FIRST_OUTLINE, type Outline } from './outline.ts';
import { promptCommand } from './prompt.ts';
import { screenCommand } from './screen-command.ts';
import { sifting } from './waterfall-commands.ts';
import { waterfallOf } from './waterfall-screen.ts';

/** What a command does where the user is: everywhere the same, in the line that is typed, in the help, or on the shown screen. */
export function runCommand(state: AppState, command: CommandId, context: Context): Outcome {
  const general = GENERAL_COMMANDS[command];
  if (general) return general(state, context);
  const screen = keyScreen(state);
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
    case 'command':
      return runCommand(closed, action.command, { ...context, key: action.key });
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
