import { importDump } from '../../src/importers/import-dump.ts';
import { findDumps, openDump } from '../../src/importers/open-dump.ts';
import type { Span } from '../../src/model/span.ts';

/** All spans of a dump, its format told from its content. */
export async function readDump(file: string): Promise<Span[]> {
  const spans: Span[] = [];
  for (const dump of await findDumps([file])) {
    for await (const batch of importDump(openDump(dump), { format: 'auto' })) spans.push(...batch);
  }
  return spans;
}
