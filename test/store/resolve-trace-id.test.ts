import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../src/model/user-error.ts';
import { resolveTraceId } from '../../src/store/resolve-trace-id.ts';
import { spanOf, traceIdOf } from '../helpers/span-of.ts';
import { storeWith } from '../helpers/store-with.ts';

const LONG = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
const OPAQUE = '5e0aa9a1b3b54c12a3e5a93c02c5f6aa';
const store = storeWith([
  ...[LONG, 'a1b2ffffffffffffffffffffffffffff', 'abc', 'abcd', '77cafe0000000001'].map((traceId) =>
    spanOf({ traceId }),
  ),
  ...[0, 1, 2, 3, 4, 5, 6].map((i) => spanOf({ traceId: `e${i}`.padEnd(32, '0') })),
  { ...spanOf({ traceId: OPAQUE }), origin: { ...spanOf().origin, traceIdRaw: 'Order-7/böse' } },
]);
afterAll(() => store.close());

test.each([
  ['the whole id', LONG, LONG],
  ['upper case, with spaces around', ` ${LONG.toUpperCase()}\n`, LONG],
  ['a UUID', 'a1b2c3d4-e5f6-0718-293a-4b5c6d7e8f90', LONG],
  ['a beginning that only one id has', 'a1b2c', LONG],
  ['a 64-bit id as its dump spells it', '77cafe0000000001', '77cafe0000000001'],
  ['the beginning of a 64-bit id', '77CA', '77cafe0000000001'],
  ['a short id, although a longer one begins with it', 'abc', 'abc'],
  ['an id that is not hex', 'Order-7/böse', OPAQUE],
  ['the beginning of an id that is not hex', 'Order-', OPAQUE],
  ['the hash that stands for it', OPAQUE.slice(0, 8), OPAQUE],
])('%s names a trace', (_, text, id) => {
  expect(resolveTraceId(store, text)).toBe(traceIdOf(id));
});

function failure(text: string): UserError {
  try {
    resolveTraceId(store, text);
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('it did not fail');
}

test('a beginning that several ids have lists them', () => {
  const error = failure('a1b2');
  expect(error.kind).toBe('usage');
  expect(error.what).toBe('"a1b2" is the beginning of more than one trace id');
  expect(error.where).toEqual([LONG, 'a1b2ffffffffffffffffffffffffffff']);
});

test('no more than five candidates are listed', () => {
  const { where } = failure('e');
  expect(where).toEqual([...[0, 1, 2, 3, 4].map((i) => `e${i}`.padEnd(32, '0')), '…']);
});

test('an id that is nowhere shows the ids that begin most like it', () => {
  const error = failure('Order-8');
  expect(error.kind).toBe('usage');
  expect(error.what).toBe('no trace has the id "Order-8"');
  expect(error.where).toEqual(['the nearest ids are', `${OPAQUE} (Order-7/böse)`]);
});

test.each([
  ['nothing', ''],
  ['a wildcard', '%'],
  ['a word', 'zzz'],
  ['a very long text', 'z'.repeat(10_000)],
])('%s finds no trace', (_, text) => {
  expect(failure(text).what).toBe(`no trace has the id "${text}"`);
});
