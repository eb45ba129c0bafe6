import { expect, test } from 'vitest';
import { RecentRate } from '../../src/cli/recent-rate.ts';

test('there is no rate before anything has come', () => {
  const rate = new RecentRate(1000);
  expect(rate.perSecond(1000, 0)).toBeNull();
  expect(rate.perSecond(5000, 0)).toBeNull();
});

test('a steady source has its rate', () => {
  const rate = new RecentRate(0);
  for (let ms = 100; ms <= 60_000; ms += 100) rate.note(ms, ms * 5);
  expect(rate.perSecond(60_000, 300_000)).toBeCloseTo(5000);
});

test('a source that became slower has the slower rate some seconds later', () => {
  const rate = new RecentRate(0);
  let amount = 0;
  for (let ms = 100; ms <= 30_000; ms += 100) {
    amount += ms <= 15_000 ? 1000 : 10;
    rate.note(ms, amount);
  }
  expect(rate.perSecond(30_000, amount)).toBeCloseTo(100);
});

test('what was read long ago says nothing about a source that hangs', () => {
  const rate = new RecentRate(0);
  rate.note(1000, 5000);
  rate.note(2000, 10_000);
  rate.note(60_000, 10_000);
  expect(rate.perSecond(60_000, 10_000)).toBeNull();
});
