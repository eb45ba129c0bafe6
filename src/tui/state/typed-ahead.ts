import type { AppData } from '../app-data.ts';
import { type CommandId, commandOf } from '../keymap.ts';
import { type AppState, keyScreen, topScreen } from './app-state.ts';
import { waitsForTrace } from './missing-data.ts';
import type { AppEvent } from './update.ts';

/** What people press because the trace is not there yet, or whether it is or not. */
const IMPATIENT: ReadonlySet<CommandId> = new Set(['back', 'quit', 'suspend', 'redraw', 'help']);

/** Whether the event is meant for a trace that is still being read. */
export function isTypedAhead(event: AppEvent, state: AppState, data: AppData): boolean {
  const screen = keyScreen(state);
  if (screen === 'prompt' || screen === 'help') return false;
  if (!waitsForTrace(topScreen(state), data)) return false;
  if (event.kind !== 'key') return event.kind === 'paste';
  const command = commandOf(screen, event.key);
  return command === null || !IMPATIENT.has(command);
}
