import { expect, test } from 'vitest';
import { serviceName } from '../../src/model/span.ts';
import { operationDurations } from '../../src/store/operation-durations.ts';
import { scanTraces } from '../../src/store/read-spans.ts';
import { spanOf } from '../helpers/span-of.ts';
import { storeWith } from '../helpers/store-with.ts';
import { numberedSpans } from './numbered-spans.ts';

test('every span counts under its operation, as when spans are read one by one', () => {
  const spans = [
    ...numberedSpans(0, 1000),
    spanOf({ traceId: 'aaaa', name: 'long', durationNs: 2 ** 52 + 1 }),
    spanOf({ traceId: 'aaab', name: 'long', kind: 'server', durationNs: 5 }),
    { ...spanOf({ traceId: 'aaac', name: 'backwards' }), endUnixNano: spanOf().startUnixNano },
  ];
  const store = storeWith(spans);
  const expected = new Map<string, number[]>();
  for (const { name, kind, durationNs, resource } of [...scanTraces(store)].flat()) {
    const key = `${serviceName(resource)} ${name} ${kind}`;
    expected.set(key, [...(expected.get(key) ?? []), durationNs]);
  }
  const found = operationDurations(store);
  expect(
    new Map(
      found.map(({ service, name, kind, durations }) => [
        `${service} ${name} ${kind}`,
        [...durations.slice().sort()],
      ]),
    ),
  ).toEqual(new Map([...expected].map(([key, list]) => [key, list.sort((a, b) => a - b)])));
  expect(found.map(({ service }) => service)).toEqual(found.map(({ service }) => service).sort());
  store.close();
});

test('a store without spans has no operations', () => {
  const store = storeWith([]);
  expect(operationDurations(store)).toEqual([]);
  store.close();
});
