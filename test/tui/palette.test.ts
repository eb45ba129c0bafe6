import { expect, test } from 'vitest';
import { asBackground, DARK, foreground, LIGHT } from '../../src/tui/palette.ts';

test.each([
  ['dark', DARK],
  ['light', LIGHT],
])('the 16 colours of the %s palette are colours, as text and behind it', (_, palette) => {
  const { services, ...others } = palette;
  for (const color of [...services, ...Object.values(others)]) {
    if (color === palette.selection) continue;
    const text = foreground(color, '16');
    expect(text).toMatch(/^(?:3|9)[0-7]$/);
    expect(asBackground(text, '16')).toMatch(/^(?:4|10)[0-7]$/);
  }
});
