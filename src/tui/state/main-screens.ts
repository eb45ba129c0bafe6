import {
  type AppState,
  FIRST_TRACES,
  MAIN_KINDS,
  type MainKind,
  type Screen,
} from './app-state.ts';
import { flameScreen } from './flame-commands.ts';
import { dependenciesScreen, itemsScreen } from './navigation.ts';

/** A main screen as it is when it is opened first. */
export function firstScreen(kind: MainKind): Screen {
  if (kind === 'traces') return FIRST_TRACES;
  if (kind === 'dependencies') return dependenciesScreen({});
  if (kind === 'flame') return flameScreen({ kind: 'traces', filter: {}, label: 'all traces' });
  return itemsScreen(kind, {});
}

/** Another main screen at the bottom, as it was left; what lay on the old one is closed. */
export function switchedTo(state: AppState, kind: MainKind): AppState {
  const [bottom] = state.stack;
  const old = mainKind(bottom);
  if (old === kind && state.stack.length === 1) return state;
  const mains = bottom && old ? { ...state.mains, [old]: bottom } : state.mains;
  return { ...state, mains, stack: [mains[kind] ?? firstScreen(kind)] };
}

/** The main screen after (or before) the one at the bottom, going round. */
export function switchedBy(state: AppState, by: 1 | -1): AppState {
  const at = MAIN_KINDS.indexOf(mainKind(state.stack[0]) ?? 'traces');
  const { length } = MAIN_KINDS;
  return switchedTo(state, MAIN_KINDS[(at + by + length) % length] ?? 'traces');
}

function mainKind(screen: Screen | undefined): MainKind | null {
  return MAIN_KINDS.find((kind) => kind === screen?.kind) ?? null;
}
