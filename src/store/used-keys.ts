import type { Connection } from './connection.ts';
import { chunkKeys, readChunk } from './span-chunks.ts';
import { WORD, wordOf } from './span-columns.ts';

/** What spans refer to by key, each in the column `…_key` of its table `…_rows`. */
export const KEYED = ['operation', 'resource', 'scope', 'source'] as const;

export type UsedKeys = Record<(typeof KEYED)[number], ReadonlySet<number>>;

/** Every key that some span refers to. Reads all chunks. */
export function usedKeys(connection: Connection): UsedKeys {
  const used = {
    operation: new Set<number>(),
    resource: new Set<number>(),
    scope: new Set<number>(),
    source: new Set<number>(),
  };
  for (const key of chunkKeys(connection)) {
    const columns = readChunk(connection, key);
    for (let span = 0; columns !== null && span < columns.length; span++) {
      used.operation.add(wordOf(columns, span, WORD.operation));
      used.resource.add(wordOf(columns, span, WORD.resource));
      used.scope.add(wordOf(columns, span, WORD.scope));
      used.source.add(columns.sources[span] ?? 0);
    }
  }
  return used;
}
