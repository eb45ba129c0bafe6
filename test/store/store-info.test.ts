import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TIME_FLAGS } from '../../src/model/span.ts';
import { SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { listServices, storeInfo } from '../../src/store/store-info.ts';
import { spanOf } from '../helpers/span-of.ts';
import { storeWith } from '../helpers/store-with.ts';

test('counts, time range and sizes of what is stored', () => {
  const store = storeWith([
    spanOf({ traceId: '1', service: 'b', name: 'x' }),
    spanOf({
      traceId: '1',
      spanId: '2',
      service: 'b',
      name: 'x',
      kind: 'server',
      statusCode: 'error',
    }),
    spanOf({ traceId: '2', service: 'a', name: 'x', startUnixNano: 400n, durationNs: 700 }),
    spanOf({ traceId: '3', service: 'Z', startUnixNano: 0n, timeFlags: TIME_FLAGS.noStart }),
  ]);
  const info = storeInfo(store);
  expect(info).toMatchObject({
    path: store.path,
    schemaVersion: SCHEMA_VERSION,
    traces: 3,
    spans: 4,
    errors: 1,
    services: 3,
    operations: 3,
    firstStart: 400n,
    lastEnd: 1_700_000_000_001_000_000n,
    imports: [{ dump: 'test.json', completed: true, spansAdded: 4 }],
  });
  expect(info.sizeBytes).toBe(statSync(store.path).size);
  expect(info.tables).toContainEqual({ name: 'span_chunks', rows: 1, bytes: 4096 });
  expect(info.tables.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(info.sizeBytes);
  expect(listServices(store)).toEqual(['Z', 'a', 'b']);
  store.close();
});

test('an empty store has no time range', () => {
  const store = storeWith([]);
  expect(storeInfo(store)).toMatchObject({ traces: 0, spans: 0, firstStart: null, lastEnd: null });
  expect(listServices(store)).toEqual([]);
  store.close();
});
