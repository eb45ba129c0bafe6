import { type AppState, type Screen, type Step, topScreen } from './app-state.ts';
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

/** Nothing is to be done outside. */
export function unchanged(state: AppState): Outcome {
  return { state, effects: [] };
}

/** `state` with a remark. */
export function told(state: AppState, text: string): Outcome {
  return unchanged({ ...state, message: { text, tone: 'plain' } });
}

/** What a command makes of the shown screen, in the whole. */
export function applied(state: AppState, { screen, push, message, effect }: Step): Outcome {
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
