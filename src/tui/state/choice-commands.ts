import { type Choice, choicesOf } from '../choices.ts';
import type { CommandId } from '../keymap.ts';
import {
  type AppState,
  type Context,
  type Prompt,
  type PromptPurpose,
  topScreen,
} from './app-state.ts';
import { clampRow } from './list-cursor.ts';

/** By how many choices the keys of a prompt move. */
export const CHOICE_MOVES: Partial<Record<CommandId, number>> = {
  'next-hit': 1,
  'previous-hit': -1,
};

const TEXTS: ReadonlySet<PromptPurpose> = new Set(['filter', 'search', 'write', 'note']);

/** Whether something is chosen from a list, and the text only narrows it. */
export function hasChoices({ purpose }: Prompt): boolean {
  return !TEXTS.has(purpose);
}

export function shownChoices(state: AppState, context: Context): readonly Choice[] {
  const { prompt } = state;
  if (!prompt || !hasChoices(prompt)) return [];
  return choicesOf(prompt.purpose, prompt.text, topScreen(state), context);
}

export function chosenBy(state: AppState, by: number, context: Context): AppState {
  if (!state.prompt) return state;
  const { length } = shownChoices(state, context);
  const chosen = clampRow(state.prompt.chosen + by, length);
  return { ...state, prompt: { ...state.prompt, chosen } };
}

/** The marked choice; null when there is none to take. */
export function takenChoice(state: AppState, context: Context): Choice | null {
  return shownChoices(state, context)[state.prompt?.chosen ?? 0] ?? null;
}
