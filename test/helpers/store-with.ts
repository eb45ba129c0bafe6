import type { Span } from '../../src/model/span.ts';
import { openTemporaryStore, type Store } from '../../src/store/open-store.ts';
import { refreshSummaries } from '../../src/store/trace-summaries.ts';
import { beginImport, type ImportResult } from '../../src/store/write-spans.ts';

/** A temporary store of `spans`, imported at once. Close it. */
export function storeWith(spans: readonly Span[]): Store {
  const store = openTemporaryStore();
  importSpans(store, spans);
  return store;
}

/** Imports `spans` as one complete dump, in batches of `batchSize`. */
export function importSpans(store: Store, spans: readonly Span[], batchSize = 1000): ImportResult {
  const writer = beginImport(store, { dump: 'test.json', format: 'test', sizeBytes: null });
  for (let at = 0; at < spans.length; at += batchSize)
    writer.write(spans.slice(at, at + batchSize));
  const result = writer.finish({
    format: 'test',
    records: spans.length,
    split: 0,
    issues: [],
  });
  refreshSummaries(store);
  return result;
}
