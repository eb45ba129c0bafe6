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

/** What can be completed: names of facts and attributes, and values of those that are known. */
const NAMES = [
  'service=',
  'name=',
  'status=error',
  'kind=server',
  'kind=client',
  'duration>',
  'error',
];

/** How the last word of a query can go on, the shortest first. */
export function completions(text: string, { data }: Context): readonly string[] {
  const word = /\S*$/.exec(text)?.[0] ?? '';
  const [, key = '', value = ''] = /^(service|name)=(.*)$/.exec(word) ?? [];
  const analysis = data.analysis({});
  const known = analysis.status === 'ready' ? analysis.value : null;
  const values: Readonly<Record<string, readonly string[]>> = {
    service: known?.dataset.services ?? [],
    name: [...new Set(known?.latency.groups.map((group) => group.key.name))],
  };
  const wanted = value.toLowerCase();
  const all =
    key === ''
      ? NAMES.filter((name) => word !== '' && name.startsWith(word) && name !== word)
      : (values[key] ?? [])
          .filter((name) => name.toLowerCase().startsWith(wanted) && name !== value)
          .map((name) => `${key}=${/\s/.test(name) ? `"${name}"` : name}`);
  return all.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** `text` with its last word completed; as it is when nothing fits. */
export function completed(text: string, context: Context): string {
  const [first] = completions(text, context);
  return first === undefined ? text : text.replace(/\S*$/, () => first);
}
