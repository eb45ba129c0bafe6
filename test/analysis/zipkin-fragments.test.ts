import { expect, test } from 'vitest';
import { mergeFragments } from '../../src/analysis/zipkin-fragments.ts';
import { type SpanParts, spanOf } from '../helpers/span-of.ts';

function zipkinSpan(parts: SpanParts) {
  const base = spanOf({ kind: 'server', ...parts });
  return { ...base, origin: { ...base.origin, format: 'zipkin-v2', shared: true } };
}

test('several servers that answered one client stay several, a record that tells no host joins the first', () => {
  const host = (address: string) => ({ 'network.local.address': address });
  const merged = mergeFragments([
    zipkinSpan({ attributes: host('10.0.0.1') }),
    zipkinSpan({ attributes: host('10.0.0.2') }),
    zipkinSpan({ attributes: host('10.0.0.1'), statusMessage: 'late' }),
    zipkinSpan({}),
  ]);
  expect(merged.map(({ fragments }) => fragments)).toEqual([2, 0]);
});

test('one host on two ports is two servers', () => {
  const merged = mergeFragments(
    [8080n, 8081n].map((port) =>
      zipkinSpan({ attributes: { 'network.local.address': 'a', 'network.local.port': port } }),
    ),
  );
  expect(merged).toHaveLength(2);
});

test('a record without a host takes the host of the record that joins it', () => {
  const merged = mergeFragments([
    zipkinSpan({}),
    zipkinSpan({ attributes: { 'network.local.address': 'a' } }),
    zipkinSpan({ attributes: { 'network.local.address': 'b' } }),
  ]);
  expect(merged.map(({ fragments }) => fragments)).toEqual([1, 0]);
});
