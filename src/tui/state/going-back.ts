import { type AppState, type Context, isItems, type Screen, topScreen } from './app-state.ts';
import { waitsForAnalysis } from './missing-data.ts';
import { type Outcome, unchanged, withTop } from './outcome.ts';
import { relaxed } from './outline.ts';
import { unfiltered } from './traces-commands.ts';

/** Closes what is open: the help, work that goes on, a search or filter, the screen. The first screen stays. */
export function back(state: AppState, { data }: Context): Outcome {
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
export function popped(state: AppState): AppState {
  const screen = topScreen(state);
  const next = { ...state, stack: state.stack.slice(0, -1) };
  const below = topScreen(next);
  if (screen.kind !== 'span' || below.kind !== 'waterfall') return next;
  return withTop(next, { ...below, selected: screen.node });
}
