import { expect, test } from 'vitest';
import { testFamily } from '../../src/verdict/test-family.ts';

test("Holm's correction: the smallest counts for all, the next for one less", () => {
  const tests = [0.01, 0.04, 0.03, 0.005].map((p) => ({ p, leastP: 1e-9 }));
  expect(testFamily(tests, 0.05)).toEqual({
    adjusted: [0.03, 0.06, 0.06, 0.02],
    firstLimit: 0.05 / 4,
  });
});

test('tests that could not have become significant cost the others nothing', () => {
  const hopeless = Array.from({ length: 100 }, () => ({ p: 1, leastP: 0.5 }));
  const { adjusted, firstLimit } = testFamily([{ p: 0.04, leastP: 1e-9 }, ...hopeless], 0.05);
  expect(firstLimit).toBe(0.05);
  expect(adjusted[0]).toBe(0.04);
  expect(adjusted[1]).toBeNull();
});

test('a test that can only just reach alpha counts as long as few others do', () => {
  const rare = { p: 0.02, leastP: 0.02 };
  expect(testFamily([rare, { p: 1, leastP: 1e-9 }], 0.05).adjusted[0]).toBe(0.04);
  const many = Array.from({ length: 5 }, () => ({ p: 1, leastP: 1e-9 }));
  expect(testFamily([rare, ...many], 0.05).adjusted[0]).toBeNull();
});

test('no tests, no limits', () => {
  expect(testFamily([], 0.05)).toEqual({ adjusted: [], firstLimit: 0.05 });
});
