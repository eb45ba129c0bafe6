import { type AppState, type Screen, topScreen } from './app-state.ts';
import type { Effect } from './effect.ts';

/** What follows from an event: the new state, and what to do outside of it. */
export interface Outcome {
  readonly state: AppState;
  readonly effects: readonly Effect[];
}

/** `state` with another screen on top of the stack. */
export function withTop(state: AppState, screen: Screen): AppState {
  return screen === topScreen(state)
    ? state
    : { ...state, stack: [...state.stack.slice(0, -1), screen] };
}
