import { bindingsOf, type CommandId, keyLabel } from '../keymap.ts';
import { textWidth } from '../layout/fit-text.ts';
import { type AppState, type Context, keyScreen, topScreen } from '../state/app-state.ts';
import { clearedScreen } from '../state/going-back.ts';

/** A key and what it does, for the bottom line. */
export interface Hint {
  readonly id: CommandId;
  /** The key as it is bound, and as people write it. */
  readonly name: string;
  readonly key: string;
  readonly text: string;
}

/** Before the first hint, and between two. */
const MARGIN = 1;
const BETWEEN = 2;

function widthOf({ key, text }: Hint): number {
  return textWidth(key) + 1 + textWidth(text) + BETWEEN;
}

/** The hint in column `x` of the bottom line; null between them. */
export function hintAt(x: number, state: AppState, context: Context): Hint | null {
  let from = MARGIN;
  for (const hint of fittingHints(state, context)) {
    const to = from + widthOf(hint);
    if (x >= from && x < to - BETWEEN) return hint;
    from = to;
  }
  return null;
}

/** The hints of the current keys as far as there is room; those for help and quitting always. */
export function fittingHints(state: AppState, { theme }: Context): Hint[] {
  const { isUnicode } = theme;
  const all = bindingsOf(keyScreen(state)).flatMap(({ id, keys, hint }) =>
    hint === null || (id === 'back' && !canGoBack(state))
      ? []
      : [{ id, name: keys[0] ?? '', key: keyLabel(keys[0] ?? '', isUnicode), text: hint }],
  );
  const isAlways = (id: string) => id === 'help' || id === 'quit' || id === 'close-help';
  let room = state.columns - 1;
  for (const hint of all) if (isAlways(hint.id)) room -= widthOf(hint);
  return all.filter((hint) => {
    if (isAlways(hint.id)) return true;
    room -= widthOf(hint);
    return room >= 0;
  });
}

function canGoBack(state: AppState): boolean {
  return state.stack.length > 1 || clearedScreen(topScreen(state)) !== null;
}
