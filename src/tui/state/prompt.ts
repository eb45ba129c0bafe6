import type { CommandId } from '../keymap.ts';
import {
  type AppState,
  type Context,
  isItems,
  type Prompt,
  type PromptPurpose,
  type Screen,
  topScreen,
} from './app-state.ts';
import { noted } from './bookmark-commands.ts';
import { CHOICE_MOVES, chosenBy, hasChoices } from './choice-commands.ts';
import { jumpAmong } from './jumps.ts';
import { type Outcome, withTop } from './outcome.ts';
import { asked, completed, completions, looksLikeQuery, withoutQuery } from './query-commands.ts';
import { withWords } from './traces-commands.ts';
import { showing } from './waterfall-change.ts';
import { searching, sifting } from './waterfall-commands.ts';
import { fileNameFor, written } from './write-commands.ts';

/** Longer texts are not typed but pasted by mistake. */
const LONGEST_TEXT = 200;

/** Opens the line to type in, with what is being filtered or searched for already. */
export function openPrompt(state: AppState, purpose: PromptPurpose): AppState {
  const before = topScreen(state);
  return { ...state, prompt: { purpose, text: textBefore(before, purpose), chosen: 0, before } };
}

function textBefore(screen: Screen, purpose: PromptPurpose): string {
  if (purpose === 'write') return fileNameFor(screen);
  if (purpose !== 'filter') return '';
  if (screen.kind === 'waterfall') return screen.outline.sieve.filter;
  if (screen.kind === 'traces' && screen.query !== '') return screen.query;
  return 'words' in screen ? screen.words : '';
}

type Command = (state: AppState, text: string, context: Context) => Outcome;

const COMMANDS: Partial<Record<CommandId, Command>> = {
  accept: (state, _, context) => accepted(state, context),
  cancel: (state) => ({ state: cancelled(state), effects: [] }),
  erase: (state, text, context) => edited(state, Array.from(text).slice(0, -1).join(''), context),
  'erase-word': (state, text, context) => edited(state, text.replace(/\S*\s*$/, ''), context),
  complete: (state, text, context) =>
    state.prompt?.before.kind === 'traces'
      ? edited(state, completed(text, state.prompt.chosen, context), context)
      : { state, effects: [] },
  'erase-all': (state, _, context) => edited(state, '', context),
  'next-hit': (state, _, context) => ({ state: movedToHit(state, context, 1), effects: [] }),
  'previous-hit': (state, _, context) => ({ state: movedToHit(state, context, -1), effects: [] }),
};

export function promptCommand(state: AppState, command: CommandId, context: Context): Outcome {
  if (state.prompt && hasChoices(state.prompt) && command in CHOICE_MOVES) {
    return { state: chosenBy(state, CHOICE_MOVES[command] ?? 0, context), effects: [] };
  }
  if (state.prompt && isQuery(state.prompt) && command in CHOICE_MOVES) {
    const all = completions(state.prompt.text, context).length;
    const chosen = (state.prompt.chosen + (CHOICE_MOVES[command] ?? 0) + all) % Math.max(1, all);
    return { state: { ...state, prompt: { ...state.prompt, chosen } }, effects: [] };
  }
  const run = COMMANDS[command];
  return run ? run(state, state.prompt?.text ?? '', context) : { state, effects: [] };
}

/** Whether a query may be typed, which can be completed. */
function isQuery({ purpose, before }: Prompt): boolean {
  return purpose === 'filter' && before.kind === 'traces';
}

/** Adds typed or pasted text; line breaks and other controls become spaces. */
export function typed(state: AppState, text: string, context: Context): Outcome {
  const clean = text.replace(/\p{Cc}+/gu, ' ');
  const all = ((state.prompt?.text ?? '') + clean).slice(0, LONGEST_TEXT);
  return edited(state, all, context);
}

/** Filters by what has been typed so far. */
export function applyFilter(state: AppState): AppState {
  const screen = topScreen(state);
  if (state.prompt?.purpose !== 'filter') return state;
  const { text } = state.prompt;
  if (screen.kind === 'traces') {
    return looksLikeQuery(text) ? state : withTop(state, withWords(withoutQuery(screen), text));
  }
  if (screen.kind === 'span') return withTop(state, { ...screen, words: text, top: 0 });
  return isItems(screen) ? withTop(state, { ...screen, words: text, selected: 0, top: 0 }) : state;
}

/** A search follows each key at once; a filter of the list asks the store and waits until the typing pauses. */
function edited(state: AppState, text: string, context: Context): Outcome {
  if (!state.prompt) return { state, effects: [] };
  const { before, purpose } = state.prompt;
  const next = { ...state, prompt: { ...state.prompt, text, chosen: 0 } };
  if (before.kind === 'waterfall' && purpose === 'search') {
    return { state: withTop(next, searching(before, text, context)), effects: [] };
  }
  if (purpose !== 'filter') return { state: next, effects: [] };
  if (before.kind === 'waterfall') {
    return { state: withTop(next, sifting(before, text)), effects: [] };
  }
  if (before.kind !== 'traces') return { state: applyFilter(next), effects: [] };
  return { state: next, effects: [{ kind: 'filter-soon' }] };
}

function accepted(state: AppState, context: Context): Outcome {
  const { prompt } = state;
  if (prompt?.before.kind === 'traces' && looksLikeQuery(prompt.text)) {
    return asked(withTop(state, prompt.before), prompt.text);
  }
  if (prompt?.purpose === 'note') return noted(state, prompt.text, context);
  if (prompt?.purpose === 'write') return written(state, prompt.text, context);
  const next = { ...applyFilter(state), prompt: null };
  const screen = topScreen(next);
  if (screen.kind !== 'waterfall') return { state: next, effects: [] };
  const view = context.data.trace(screen.traceId);
  const { filter } = screen.outline.sieve;
  const wanted = state.prompt?.purpose === 'search' ? screen.search : filter;
  const isFound = view.status !== 'ready' || view.value.matches(wanted).length > 0;
  if (wanted === '' || isFound) return { state: next, effects: [] };
  const text = `nothing matches “${wanted}”`;
  return { state: { ...next, message: { text, tone: 'warning' } }, effects: [] };
}

function cancelled(state: AppState): AppState {
  if (!state.prompt) return state;
  return { ...withTop(state, state.prompt.before), prompt: null };
}

function movedToHit(state: AppState, { data, bodyRows }: Context, by: 1 | -1): AppState {
  const screen = topScreen(state);
  const view = screen.kind === 'waterfall' ? data.trace(screen.traceId) : null;
  if (screen.kind !== 'waterfall' || view?.status !== 'ready') return state;
  const { outline, search } = screen;
  const matches = view.value.rows.within(outline, view.value.matches(search));
  const target = jumpAmong(matches, screen.selected, by);
  if (target === null) return state;
  return withTop(state, showing(screen, view.value, target.position, bodyRows));
}
