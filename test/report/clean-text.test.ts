import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, narrowText } from '../../src/report/clean-text.ts';

test.each([
  ['plain ASCII is returned as it is', 'GET /cart?id=1', 'GET /cart?id=1'],
  ['letters of other scripts stay', 'Größe 注文 заказ', 'Größe 注文 заказ'],
  ['an SGR sequence shows its escape', '\x1b[31mred\x1b[0m', '␛[31mred␛[0m'],
  ['nested sequences cannot form a new one', '\x1b\x1b[31m[2J', '␛␛[31m[2J'],
  ['an OSC 52 clipboard write is inert', '\x1b]52;c;ZXZpbA==\x07', '␛]52;c;ZXZpbA==␇'],
  ['C1 control sequence introducer', '\u009b2J', '\ufffd2J'],
  ['line breaks and tabs keep one line', 'a\r\nb\tc', 'a␍␊b␉c'],
  ['delete', 'a\x7fb', 'a␡b'],
  ['line and paragraph separators', 'a\u2028b\u2029c', 'a␤b␤c'],
  ['right-to-left override', 'a\u202egnp.exe', 'a\ufffdgnp.exe'],
  ['zero-width characters disappear', 'a\u200bb\ufeffc', 'abc'],
  ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
  ['stacked marks are cut to three', `a${'\u0301'.repeat(9)}`, `a${'\u0301'.repeat(3)}`],
])('%s', (_, raw, clean) => {
  expect(cleanText(raw)).toBe(clean);
});

test('emoji sequences are reduced to their first code point where columns must align', () => {
  expect(narrowText('⚠️ 👩‍💻 👍🏽')).toBe('⚠ 👩 👍');
});

test('no string comes out with a control character, and cleaning twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (raw) => {
      const clean = cleanText(raw);
      expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
      expect(cleanText(clean)).toBe(clean);
    }),
  );
});
