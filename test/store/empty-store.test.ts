import { expect, test } from 'vitest';
import { emptyStore } from '../../src/store/empty-store.ts';
import { countTraces } from '../../src/store/find-traces.ts';
import { storedCounts, storeInfo } from '../../src/store/store-info.ts';
import { spanOf } from '../helpers/span-of.ts';
import { importSpans, storeWith } from '../helpers/store-with.ts';

test('an emptied store has nothing, and takes the same dump again as new', () => {
  const spans = [spanOf(), spanOf({ traceId: '2' }), spanOf({ traceId: '2', spanId: '2' })];
  const store = storeWith(spans);
  expect(storedCounts(store)).toEqual({ traces: 2, spans: 3 });
  emptyStore(store);
  expect(storedCounts(store)).toEqual({ traces: 0, spans: 0 });
  expect(storeInfo(store)).toMatchObject({ services: 0, operations: 0, imports: [] });
  expect(importSpans(store, spans)).toEqual({ spansAdded: 3, spansDuplicate: 0, traces: 2 });
  expect(countTraces(store, {})).toBe(2);
  store.close();
});
