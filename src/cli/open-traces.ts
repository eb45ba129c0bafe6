import { existsSync } from 'node:fs';
import type { DumpFacts } from '../report/import-report.ts';
import { openStore, type Store } from '../store/open-store.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { looksLikeQuery } from './looks-like-query.ts';
import { storePath } from './store-path.ts';

/** Traces to look at, and where they came from. */
export interface OpenTraces {
  readonly store: Store;
  /** What was imported for the purpose; empty when the store was there before. */
  readonly dumps: readonly DumpFacts[];
  /** For a title: the store's path, or the dumps' names. */
  readonly label: string;
}

export interface OpenTracesOptions extends GlobalOptions {
  readonly format?: string;
  readonly maxMemory?: number | undefined;
}

/**
 * The user's store, or, when dumps are named, a temporary one with what they hold; it is removed when it is closed or the process
 * ends. Says which dumps could not be read; throws the UserError of the first when nothing could be read of any.
 */
export async function openTraces(
  io: Io,
  options: OpenTracesOptions,
  dumpArgs: readonly string[],
): Promise<OpenTraces> {
  const path = storePath(io, options.store);
  if (dumpArgs.length === 0) return { store: openStore(path, 'read'), dumps: [], label: path };
  // The importers are a third of the program, and the explorer is mostly opened on a store.
  const { openDumps } = await import('./open-dumps.ts');
  return openDumps(io, options, dumpArgs);
}

/** Whether a word on the command line means a dump: something that is there, standard input, a pattern, or clearly a file name. */
export function namesDump(word: string): boolean {
  if (looksLikeQuery(word) && !existsSync(word)) return false;
  return (
    word === '-' ||
    existsSync(word) ||
    /[*?{[]/.test(word) ||
    /[/\\]|\.(json|jsonl|ndjson|gz|zst|pb)$/.test(word)
  );
}
