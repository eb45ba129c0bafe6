import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentHash } from '../../src/encoding/content-hash.ts';

test('a hash is a safe integer and depends on the text alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const hash = contentHash(text);
      expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true);
      contentHash('something in between');
      expect(contentHash(text)).toBe(hash);
    }),
  );
});

test('the hash does not change between releases, or an import would double what is stored', () => {
  expect(contentHash('')).toBe(5711673498255893);
  expect(contentHash('GET /cart')).toBe(6005955756738481);
});

test('200,000 texts that differ in a digit or a letter have different hashes', () => {
  const hashes = new Set<number>();
  for (let i = 0; i < 100_000; i++) {
    hashes.add(contentHash(`{"user.id":${i}}`));
    hashes.add(contentHash(`ä${i.toString(36)} {"user.id":0}`));
  }
  expect(hashes.size).toBe(200_000);
});

test('every character of a long text counts', () => {
  const long = 'x'.repeat(150_000);
  const variants = [0, 21_844, 21_845, 65_535, 65_536, 100_000, 149_999].map(
    (at) => `${long.slice(0, at)}y${long.slice(at + 1)}`,
  );
  expect(new Set([long, `${long}x`, ...variants].map((text) => contentHash(text))).size).toBe(9);
});
