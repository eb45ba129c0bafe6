import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { cellWidth } from '../../src/report/cell-width.ts';

test('a text has the cells that its clusters have', () => {
  const texts = fc.array(
    fc.constantFrom(
      'a',
      ' ',
      '~',
      'µ',
      'é',
      '\xa1',
      '\xac',
      '\xae',
      '\xff',
      '–',
      '…',
      '→',
      '漢',
      'e\u0301',
      '👩‍🚀',
      '\xad',
    ),
  );
  fc.assert(
    fc.property(texts, (parts) => {
      expect(cellWidth(parts.join(''))).toBe(stringWidth(parts.join('')));
    }),
  );
});
