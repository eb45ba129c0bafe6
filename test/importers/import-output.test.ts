import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { ImportOutput } from '../../src/importers/import-output.ts';
import { spanOf } from '../helpers/span-of.ts';

test('spans come out once and in order, however many are given between two takes', () => {
  const output = new ImportOutput();
  const taken: string[] = [];
  let given = 0;
  for (const count of [3, 5, 1, 9, 2, 7]) {
    for (let n = 0; n < count; n += 1) output.span(spanOf({ name: String(given++) }));
    while (output.waiting >= 4) taken.push(...output.take(4).map(({ name }) => name));
  }
  while (output.waiting > 0) taken.push(...output.take(4).map(({ name }) => name));
  expect(taken).toEqual(Array.from({ length: given }, (_, index) => String(index)));
  expect([output.spans, output.waiting]).toEqual([27, 0]);
});

test('a queue that is never quite emptied does not keep what was taken', async () => {
  const output = new ImportOutput();
  const references: WeakRef<object>[] = [];
  for (let n = 0; n < 1000; n += 1) {
    const span = spanOf({});
    references.push(new WeakRef(span));
    output.span(span);
    if (output.waiting > 2) output.take(2);
  }
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  // A reference that was made in this turn keeps its object alive until the next.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  collectGarbage();
  expect(references.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(
    100,
  );
});
