import { expect, test } from 'vitest';
import { parseBytes } from '../../src/cli/parse-bytes.ts';

test.each([
  ['0', 0],
  ['500000', 500_000],
  ['1GB', 1e9],
  ['1.5 GiB', 1.5 * 2 ** 30],
  ['20mb', 20e6],
  ['7 b', 7],
])('%s is %d bytes', (text, bytes) => {
  expect(parseBytes(text, '--max-size')).toBe(bytes);
});

test.each(['', 'GB', '-1GB', '1 GBs', '1e9', '1,5GB'])('"%s" is no size', (text) => {
  expect(() => parseBytes(text, '--max-size')).toThrow(`--max-size takes a size, not "${text}"`);
});
