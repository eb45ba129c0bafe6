import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Span } from '../../src/model/span.ts';
import { readTrace } from '../../src/store/read-spans.ts';
import { anySpan } from '../helpers/any-span.ts';
import { plainSpan } from '../helpers/plain-span.ts';
import { spanOf } from '../helpers/span-of.ts';
import { storeWith } from '../helpers/store-with.ts';

test('any spans survive the store', () => {
  const differentTraces = fc.uniqueArray(anySpan, { selector: (span) => span.traceId });
  fc.assert(
    fc.property(differentTraces, (spans) => {
      const store = storeWith(spans);
      try {
        for (const span of spans) {
          const read = readTrace(store, span.traceId);
          expect(read.map(plainSpan)).toEqual([span]);
          expect([...(read[0]?.attributes.keys() ?? [])]).toEqual([...span.attributes.keys()]);
        }
      } finally {
        store.close();
      }
    }),
    { numRuns: 200 },
  );
});

const CHANGES: readonly Partial<Span>[] = [
  { name: 'other' },
  { kind: 'server' },
  { statusCode: 'error' },
  { statusMessage: 'boom' },
  { traceState: 'a=b' },
  { flags: 1 },
  { timeFlags: 2 },
  { dropped: { attributes: 1, events: 0, links: 0 } },
  { origin: { ...spanOf().origin, shared: true } },
  { origin: { ...spanOf().origin, warnings: ['clock skew'] } },
  { attributes: new Map([['a', 1n]]) },
  { attributes: new Map([['a', 1]]) },
  {
    resource: {
      attributes: new Map([
        ['service.name', 'svc'],
        ['pod', 'a'],
      ]),
      schemaUrl: '',
    },
  },
  { scope: { ...spanOf().scope, version: '2' } },
];

test('spans with the same ids that differ in any field are both kept', () => {
  const spans = [spanOf(), ...CHANGES.map((change) => ({ ...spanOf(), ...change }))];
  spans.push(
    spanOf({ parentSpanId: '9' }),
    spanOf({ durationNs: 5 }),
    spanOf({ startUnixNano: 7n }),
  );
  const store = storeWith(spans);
  expect(readTrace(store, spanOf().traceId)).toHaveLength(spans.length);
  store.close();
});

test('the same span from two formats, its ids spelled differently, is one span', () => {
  const { origin } = spanOf();
  const store = storeWith([
    spanOf(),
    { ...spanOf(), origin: { ...origin, format: 'other', traceIdRaw: '1', spanIdRaw: '0001' } },
  ]);
  expect(readTrace(store, spanOf().traceId).map((span) => span.origin)).toEqual([origin]);
  store.close();
});

test('spans of one trace that spell its id differently keep their spelling', () => {
  const { origin } = spanOf();
  const spans = ['0001', null, 'ONE'].map((traceIdRaw, i) => ({
    ...spanOf({ spanId: `${i + 1}` }),
    origin: { ...origin, traceIdRaw },
  }));
  const store = storeWith(spans);
  expect(readTrace(store, spanOf().traceId).map((span) => span.origin.traceIdRaw)).toEqual([
    '0001',
    null,
    'ONE',
  ]);
  store.close();
});

test('a copied span keeps its attributes', () => {
  const store = storeWith([spanOf({ attributes: { a: 1n } })]);
  const [span] = readTrace(store, spanOf().traceId);
  const copy = { ...(span ?? spanOf()), name: 'copy' };
  expect([...copy.attributes]).toEqual([['a', 1n]]);
  expect(copy.attributes.get('a')).toBe(1n);
  expect(copy.attributes.size).toBe(1);
  store.close();
});
