import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/analysis/sha256.ts';

function reference(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test.each([0, 3, 55, 56, 63, 64, 119, 120, 1000])(
  '%i bytes hash as OpenSSL hashes them',
  (size) => {
    expect(sha256('a'.repeat(size))).toBe(reference('a'.repeat(size)));
  },
);

test('any text hashes as OpenSSL hashes its UTF-8', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });
  fc.assert(fc.property(text, (t) => sha256(t) === reference(t)));
});
