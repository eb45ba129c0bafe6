import { expect, test } from 'vitest';
import { KnownSpans } from '../../src/store/known-spans.ts';
import { emptyColumns } from '../../src/store/span-columns.ts';

/** Spans of different traces with ids and hashes that follow from their number. */
function columnsOf(first: number, count: number) {
  const columns = emptyColumns(count, Buffer.alloc(0));
  for (let span = 0; span < count; span++) {
    const n = first + span;
    columns.ids[span * 4] = Math.imul(n, 0x01000193) >>> 0;
    columns.ids[span * 4 + 1] = n;
    columns.hashes[span] = (n * 2_654_435_761 * 97) % 2 ** 53;
  }
  return columns;
}

test('every span that was added is known, and hardly any other', () => {
  const known = new KnownSpans();
  const added = columnsOf(1, 200_000);
  known.addAll(added, 0, added.length);
  const others = columnsOf(1_000_000, 50_000);
  let wrong = 0;
  for (let span = 0; span < added.length; span += 97) {
    expect(known.mayHaveOneOf(added, span, span + 1)).toBe(true);
  }
  for (let span = 0; span < others.length; span++) {
    if (known.mayHaveOneOf(others, span, span + 1)) wrong += 1;
  }
  expect(wrong).toBeLessThan(50);
});
