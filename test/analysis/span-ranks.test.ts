import { expect, test } from 'vitest';
import { spanRanks } from '../../src/analysis/span-ranks.ts';
import { TIME_FLAGS } from '../../src/model/span.ts';
import { COLUMN_NS, drawnTrace } from '../helpers/drawn-trace.ts';

const TRACE = drawnTrace('R [----)\n a [-)\n b   [-)', {
  a: { name: 'get', kind: 'client' },
  b: { name: 'get', kind: 'client', timeFlags: TIME_FLAGS.noEnd },
});
const operation = (name: string, kind: 'client' | 'internal', ...ms: number[]) => ({
  service: 'svc',
  name,
  kind,
  durations: Float64Array.from(ms, (length) => length * COLUMN_NS),
});

test('a rank counts the spans of the operation that are shorter and just as long', () => {
  const ranks = spanRanks(TRACE, [
    operation('get', 'client', 9, 2, 1, 2),
    operation('get', 'internal', 1),
    operation('R', 'internal', 5),
  ]);
  expect(ranks).toEqual([
    { below: 0, equal: 1, share: 1, count: 1 },
    { below: 1, equal: 2, share: 0.5, count: 4 },
    // Nobody knows how long it took.
    null,
  ]);
});

test('a span whose operation is not in the data has no rank', () => {
  expect(spanRanks(TRACE, [])).toEqual([null, null, null]);
});

test('the durations that were given stay in their order', () => {
  const given = operation('get', 'client', 9, 2, 1);
  spanRanks(TRACE, [given]);
  expect([...given.durations]).toEqual([9, 2, 1].map((ms) => ms * COLUMN_NS));
});
