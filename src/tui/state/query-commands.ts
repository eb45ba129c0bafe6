import type { FoundTraces } from '../../model/trace-summary.ts';
import type { AppState, Context, TracesScreen } from './app-state.ts';
import { topScreen } from './app-state.ts';
import { type Outcome, withTop } from './outcome.ts';
import { filterOf } from './traces-query.ts';

/** Whether a typed filter is a query rather than words: it compares something, has braces, or leaves something out. */
export function looksLikeQuery(text: string): boolean {
  return /[{}=<>"]|!~|(?:^|\s)-[\p{L}"]/u.test(text);
}

/** Asks for the traces of a query, among those that the list would show without a filter of its own. */
export function asked(state: AppState, text: string): Outcome {
  const screen = topScreen(state);
  if (screen.kind !== 'traces') return { state, effects: [] };
  const filter = filterOf(withoutQuery({ ...screen, words: '' }));
  return {
    state: { ...state, prompt: null, message: { text: `searching for ${text}`, tone: 'plain' } },
    effects: [{ kind: 'find', text, filter }],
  };
}

/** The list with what a query found. */
export function answered(state: AppState, query: string, found: FoundTraces): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'traces') return state;
  const scope = { ...screen.scope, found };
  const next = { ...screen, words: '', query, scope, selected: 0, top: 0 };
  return { ...withTop(state, next), message: null };
}

export function withoutQuery(screen: TracesScreen): TracesScreen {
  if (screen.query === '') return screen;
  const { found: _, ...scope } = screen.scope;
  return { ...screen, query: '', scope, selected: 0, top: 0 };
}

/** How the end of a typed query can go on, as whole texts, the likeliest first. */
export function completions(text: string, { data }: Context): readonly Completion[] {
  if (text === '') return [];
  const { from, candidates } = data.completion(text);
  const typed = text.slice(from);
  return candidates
    .filter((candidate) => candidate !== typed)
    .map((word) => ({ word, text: text.slice(0, from) + word }));
}

interface Completion {
  /** What is put in. */
  readonly word: string;
  /** The query with it. */
  readonly text: string;
}

/** `text` with the `chosen` completion; as it is when nothing fits. */
export function completed(text: string, chosen: number, context: Context): string {
  const all = completions(text, context);
  return all[chosen % Math.max(1, all.length)]?.text ?? text;
}
