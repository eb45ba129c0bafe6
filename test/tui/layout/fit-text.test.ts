import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cutText,
  fitRight,
  fitText,
  textWidth,
  wrapText,
} from '../../../src/tui/layout/fit-text.ts';

test.each([
  ['abc', 5, 'abc  '],
  ['abcdef', 5, 'abcd…'],
  ['処理注文', 5, '処理…'],
  ['処理注文', 4, '処… '],
  ['é', 3, 'é  '],
  ['abc', 1, '…'],
  ['abc', 0, ''],
])('%s in %i cells', (text, width, expected) => {
  expect(fitText(text, width)).toBe(expected);
});

test('an empty ellipsis wastes no cell', () => {
  expect(cutText('abcdef', 3, '')).toBe('abc');
});

test('numbers stand at the right', () => {
  expect(fitRight('42', 5)).toBe('   42');
});

test('any text is fitted exactly', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
      expect(textWidth(fitText(text, width))).toBe(width);
    }),
  );
});

test('wrapping breaks after spaces, long words anywhere, and loses nothing', () => {
  expect(wrapText('one two three', 8)).toEqual(['one two ', 'three']);
  expect(wrapText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(wrapText('', 4)).toEqual(['']);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (text, width) => {
      const lines = wrapText(text, width);
      expect(lines.join('')).toBe(text);
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
});
