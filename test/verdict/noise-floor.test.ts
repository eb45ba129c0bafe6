import { expect, test } from 'vitest';
import { noiseFloor } from '../../src/verdict/noise-floor.ts';
import { madeRun } from '../helpers/made-run.ts';
import { DEFAULTS, profileOf } from '../helpers/profile-of.ts';

test('of equal runs the largest difference of a request is the least effect that means anything', () => {
  const runs = [1, 2, 3].map((seed) => profileOf(madeRun(80, seed)));
  const { pairs, pairsThatDiffer, operations, suggestedMinEffect } = noiseFloor(runs, DEFAULTS);
  expect([pairs, pairsThatDiffer]).toEqual([3, 0]);
  const requests = operations.filter(({ kind }) => kind === null);
  expect(requests.map(({ name }) => name).sort()).toEqual(['GET /search', 'POST /checkout']);
  const largest = Math.max(...requests.map(({ typical }) => typical ?? 0));
  expect(suggestedMinEffect).toBeGreaterThanOrEqual(largest);
  expect(suggestedMinEffect).toBeLessThan(largest + 0.01);
});

test('does not depend on the order of the runs', () => {
  const [a, b] = [profileOf(madeRun(80, 1)), profileOf(madeRun(80, 2, { slower: { query: 2 } }))];
  const differences = [
    [a, b],
    [b, a],
  ].map((runs) =>
    noiseFloor(runs, DEFAULTS).operations.map(({ name, typical }) => [name, typical?.toFixed(9)]),
  );
  expect(differences[0]).toEqual(differences[1]);
  expect(noiseFloor([a, b], DEFAULTS).pairsThatDiffer).toBe(1);
});
