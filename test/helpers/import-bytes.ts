import { type DumpReport, importDump } from '../../src/importers/import-dump.ts';
import type { OpenDump } from '../../src/importers/open-dump.ts';
import type { Span } from '../../src/model/span.ts';

/** What importing one dump gave. */
export interface Imported {
  readonly spans: readonly Span[];
  readonly report: DumpReport;
  /** How many spans each batch had. */
  readonly batches: readonly number[];
}

/** A dump called `dump` that is in memory, in chunks of `chunkBytes`. */
export function dumpOf(
  bytes: Uint8Array,
  { chunkBytes = 1024 * 1024, damage = null as string | null } = {},
): OpenDump {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  return {
    name: 'dump',
    sizeBytes: bytes.length,
    chunks,
    bytesRead: () => bytes.length,
    damage: () => damage,
  };
}

/** Imports a dump to its end. */
export async function importWhole(
  dump: OpenDump,
  options: { format?: string; batchSize?: number } = {},
): Promise<Imported> {
  const spans: Span[] = [];
  const batches: number[] = [];
  const importing = importDump(dump, { format: 'auto', ...options });
  for (;;) {
    const next = await importing.next();
    if (next.done === true) return { spans, report: next.value, batches };
    spans.push(...next.value);
    batches.push(next.value.length);
  }
}
