import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KEYMAP, keyLabel } from '../../src/tui/keymap.ts';

const BEGIN = '<!-- keys: made from src/tui/keymap.ts -->';
const END = '<!-- /keys -->';

/** The key table as Markdown. */
function keyTable(): string {
  const rows = KEYMAP.map(({ keys, title, screens }) => {
    const labels = keys.map((key) => `\`${keyLabel(key, true)}\``).join(' ');
    return `| ${labels} | ${title} | ${screens.join(', ')} |`;
  });
  return ['| key | does | on |', '|---|---|---|', ...rows].join('\n');
}

test('the README lists the keys as they are', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const written = readme.slice(readme.indexOf(BEGIN) + BEGIN.length, readme.indexOf(END)).trim();
  // Stale? Put what is expected here between the two comments.
  expect(written).toBe(keyTable());
});
