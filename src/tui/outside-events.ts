import { writeFile } from 'node:fs/promises';
import { UserError } from '../model/user-error.ts';
import type { Effect } from './state/effect.ts';
import type { AppEvent } from './state/update.ts';
import type { TraceSource } from './trace-source.ts';

/** Asks the store which traces a query finds. What is wrong with the query becomes a remark. */
export async function foundEvent(
  { text, filter }: Extract<Effect, { kind: 'find' }>,
  source: TraceSource,
  signal: AbortSignal,
): Promise<AppEvent> {
  try {
    const found = await source.find(text, filter, signal);
    return { kind: 'found', query: text, found };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return told([error.what, error.fix].filter(Boolean).join(': '), 'warning');
  }
}

/** Writes a file, never over one that is there, and tells how that went. */
export async function writtenEvent(path: string, text: string): Promise<AppEvent> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return told(`wrote ${path}`, 'plain');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return told(`not written: ${reason}`, 'warning');
  }
}

function told(text: string, tone: 'plain' | 'warning'): AppEvent {
  return { kind: 'told', message: { text, tone } };
}
