import { choiceList } from '../components/choice-list.ts';
import { hintAt } from '../components/hints.ts';
import { dialogBox, dialogLineAt } from '../layout/dialog-box.ts';
import { helpLayout } from '../layout/help-rows.ts';
import { type AppState, type Context, topScreen } from './app-state.ts';
import { chosenBy } from './choice-commands.ts';
import type { ClickedInput } from './mouse.ts';
import { type Outcome, unchanged } from './outcome.ts';
import { runCommand } from './run-command.ts';

/**
 * What the mouse does to dialogs and to the bottom line: the wheel moves, a click on a choice takes it, one beside the dialog
 * closes it, one on a hint is its key. Null where it is meant for the screen.
 */
export function chromeMouse(
  state: AppState,
  input: ClickedInput,
  context: Context,
): Outcome | null {
  if (state.helpTop !== null) return helpMouse(state, input, context);
  if (state.prompt) return promptMouse(state, input, context);
  if (!isClick(input) || input.y !== state.rows - 1) return null;
  const hint = hintAt(input.x, state, context);
  return hint ? runCommand(state, hint.id, { ...context, key: hint.name }) : null;
}

function isClick({ action, button }: ClickedInput): boolean {
  return action === 'down' && button === 'left';
}

function helpMouse(state: AppState, input: ClickedInput, context: Context): Outcome {
  if (input.action === 'wheel-up') return runCommand(state, 'up', context);
  if (input.action === 'wheel-down') return runCommand(state, 'down', context);
  const { kind } = topScreen(state);
  const help = helpLayout(kind, state.columns, state.rows, context.theme);
  const box = dialogBox(help.widthCells, help.visibleRows, state);
  const isOutside = dialogLineAt(box, input.x, input.y) === null;
  return isClick(input) && isOutside ? runCommand(state, 'close-help', context) : unchanged(state);
}

/** Where no list is open, only the line that is typed is: the screen above waits for it. */
function promptMouse(state: AppState, input: ClickedInput, context: Context): Outcome {
  const list = choiceList(state, context);
  if (!list) return unchanged(state);
  if (input.action === 'wheel-up') return unchanged(chosenBy(state, -1, context));
  if (input.action === 'wheel-down') return unchanged(chosenBy(state, 1, context));
  if (!isClick(input)) return unchanged(state);
  const line = dialogLineAt(dialogBox(list.widthCells, list.lines.length, state), input.x, input.y);
  if (line === null) return runCommand(state, 'cancel', context);
  if (line < 0) return unchanged(state);
  const chosen = chosenBy(state, list.top + line - (state.prompt?.chosen ?? 0), context);
  return runCommand(chosen, 'accept', context);
}
