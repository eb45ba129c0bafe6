import { expect, test } from 'vitest';
import { emptyColumns } from '../../src/store/span-columns.ts';
import { SpanFingerprints } from '../../src/store/span-fingerprints.ts';

/** Spans of one trace with ids and hashes that follow from their number. */
function columnsOf(first: number, count: number) {
  const columns = emptyColumns(count, Buffer.alloc(0));
  for (let span = 0; span < count; span++) {
    columns.ids[span * 4 + 1] = first + span;
    columns.hashes[span] = ((first + span) * 2_654_435_761 * 97) % 2 ** 53;
  }
  return columns;
}

test('every span that was added is known, and as good as no other', () => {
  const known = new SpanFingerprints();
  const added = columnsOf(1, 300_000);
  known.addAll(added, 0, added.length);
  for (let span = 0; span < added.length; span += 97) {
    expect(known.mayHaveOneOf(added, span, span + 1)).toBe(true);
  }
  const others = columnsOf(1_000_000, 100_000);
  let wrong = 0;
  for (let span = 0; span < others.length; span++) {
    if (known.mayHaveOneOf(others, span, span + 1)) wrong += 1;
  }
  // Seven are to be expected.
  expect(wrong).toBeLessThan(40);
});
