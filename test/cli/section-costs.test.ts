import { expect, test } from 'vitest';
import { SectionCosts } from '../../src/cli/section-costs.ts';

test('what parts cost is added up, and results and items come through', () => {
  const costs = new SectionCosts();
  expect(costs.measure('red', () => 7)).toBe(7);
  costs.measure('red', () => {});
  expect([...costs.measureEach('read', [1, 2])]).toEqual([1, 2]);
  costs.add('second thread', { findings: 5 });
  const { red, read, ...others } = costs.list();
  expect(red).toBeGreaterThan(0);
  expect(read).toBeGreaterThan(0);
  expect(others).toEqual({ 'findings, second thread': 5 });
});
