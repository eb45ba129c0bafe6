import type { SpanBatch } from '../../src/encoding/span-batch.ts';
import { SpanBatchBuilder } from '../../src/encoding/span-batch-builder.ts';
import { type DumpReport, importBatches, importDump } from '../../src/importers/import-dump.ts';
import { IMPORT_ISSUES } from '../../src/importers/import-issue.ts';
import type { MemoryLimits } from '../../src/importers/memory-limits.ts';
import type { OpenDump } from '../../src/importers/open-dump.ts';
import type { Span } from '../../src/model/span.ts';
import { UserError } from '../../src/model/user-error.ts';
import { checkStore } from '../../src/store/check-store.ts';
import { openTemporaryStore, type Store } from '../../src/store/open-store.ts';
import { scanTraces } from '../../src/store/read-spans.ts';
import { refreshSummaries } from '../../src/store/trace-summaries.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { rowsOf } from './batch-rows.ts';

/** What an import of bytes of any kind came to, when everything held that has to. */
export interface SurvivedImport {
  /** What was read; null for a dump that was refused. */
  readonly report: DumpReport | null;
  /** The message of the refusal. */
  readonly refusal: string | null;
}

interface Read<Item> {
  readonly items: readonly Item[];
  readonly report: DumpReport | null;
  readonly refusal: string | null;
}

/**
 * Reads a dump in both ways, stores what came and reads that back. Throws when the two ways differ, an error is none that tells the
 * user what to do, the counts do not add up, the store is damaged or does not give back what went in. `look` sees the store.
 */
export async function surviveImport(
  dump: () => OpenDump,
  { limits, look }: { limits?: MemoryLimits; look?: (store: Store) => void } = {},
): Promise<SurvivedImport> {
  const options = { format: 'auto', ...(limits && { limits }) };
  const plain = await read<readonly Span[]>(importDump(dump(), options));
  const fast = await read<SpanBatch>(importBatches(dump(), options));
  const builder = new SpanBatchBuilder();
  for (const span of plain.items.flat()) builder.add(span);
  const rows = rowsOf([builder.take()]);
  expectEqual('rows of the two ways', rowsOf(fast.items), rows);
  expectEqual('reports of the two ways', outcome(fast), outcome(plain));
  if (plain.report !== null) expectAccounted(plain.report, rows.length);
  storeAndReadBack(fast.items, rows, look);
  return { report: plain.report, refusal: plain.refusal };
}

function outcome({ report, refusal }: Read<unknown>): unknown {
  return report ?? refusal;
}

async function read<Item>(items: AsyncGenerator<Item, DumpReport>): Promise<Read<Item>> {
  const all: Item[] = [];
  try {
    for (;;) {
      const next = await items.next();
      if (next.done === true) return { items: all, report: next.value, refusal: null };
      all.push(next.value);
    }
  } catch (error) {
    // Anything else is a bug of the program.
    if (!(error instanceof UserError) || error.kind !== 'input') throw error;
    return {
      items: all,
      report: null,
      refusal: `${error.what}\n${error.where.join('\n')}\n${error.fix}`,
    };
  }
}

function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value, null, 1));
  if (a !== b) throw new Error(`${what} differ:\n${firstDifference(a ?? '', b ?? '')}`);
}

function firstDifference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 200);
  return `…${a.slice(from, at + 300)}\n--- instead of ---\n…${b.slice(from, at + 300)}`;
}

/** No span is lost without an issue that says so. */
function expectAccounted({ records, split, spans, issues }: DumpReport, rows: number): void {
  expectEqual('spans reported and given', spans, rows);
  const lost = records + split - spans;
  const dropped = issues
    .filter(({ code }) => IMPORT_ISSUES[code].severity === 'dropped' && code !== 'link-id-missing')
    .reduce((sum, { count }) => sum + count, 0);
  if (lost < 0 || lost > dropped) {
    throw new Error(`${records} records gave ${spans} spans, ${dropped} are said to be dropped`);
  }
}

function storeAndReadBack(
  batches: readonly SpanBatch[],
  rows: readonly string[],
  look?: (store: Store) => void,
): void {
  const store = openTemporaryStore();
  try {
    const writer = beginImport(store, { dump: 'dump', format: 'any', sizeBytes: null });
    for (const batch of batches) writer.writeBatch(batch);
    writer.finish({ format: 'any', records: 0, split: 0, issues: [] });
    refreshSummaries(store);
    const problems = checkStore(store).flatMap((check) => check.problems);
    if (problems.length > 0) throw new Error(`the store is damaged: ${problems.join('; ')}`);
    const builder = new SpanBatchBuilder();
    for (const spans of scanTraces(store)) for (const span of spans) builder.add(span);
    const unique = [...new Set(rows)];
    expectEqual('stored spans', rowsOf([builder.take()]), unique);
    look?.(store);
  } finally {
    store.close();
  }
}
