import type { DumpReport } from '../../src/importers/import-dump.ts';

/** All that an import gives, and its report, or the message of the error that ended it. */
export async function drained<Item>(
  items: AsyncGenerator<Item, DumpReport>,
): Promise<{ items: Item[]; report: DumpReport | string }> {
  const all: Item[] = [];
  try {
    for (;;) {
      const next = await items.next();
      if (next.done === true) return { items: all, report: next.value };
      all.push(next.value);
    }
  } catch (error) {
    return { items: all, report: String(error) };
  }
}
