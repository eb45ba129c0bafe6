import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import type { ReactElement } from 'react';
import { expect, test } from 'vitest';
import { KeyHints } from '../../../src/tui/components/key-hints.tsx';
import { PromptLine } from '../../../src/tui/components/prompt-line.tsx';
import { SizeWarning } from '../../../src/tui/components/size-warning.tsx';
import { TitleBar } from '../../../src/tui/components/title-bar.tsx';
import { themeFor } from '../../../src/tui/theme.ts';

const theme = themeFor({ TERM: 'xterm-256color', LANG: 'en_US.UTF-8' }, 'none');

/** The lines of a component in Ink's test terminal, which is 100 cells wide. */
function linesOf(element: ReactElement): string[] {
  const { lastFrame, unmount } = render(element);
  const lines = stripVTControlCharacters(lastFrame() ?? '').split('\n');
  unmount();
  return lines;
}

test('the title shows the way to the screen and, at the right, what is explored', () => {
  const [line = ''] = linesOf(
    <TitleBar crumbs={['Traces', 'Trace 4bf92f']} source="dump.json" theme={theme} />,
  );
  expect(line).toMatch(/^ tracecli {2}Traces › Trace 4bf92f +dump\.json$/);
});

test('a long source gives way at its beginning, never the way to the screen', () => {
  const source = `${'folder/'.repeat(30)}dump.json`;
  const lines = linesOf(<TitleBar crumbs={['Traces']} source={source} theme={theme} />);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('tracecli  Traces');
  expect(lines[0]).toMatch(/…\S*dump\.json$/);
});

test('hints are keys and what they do', () => {
  const hints = [
    { id: 'open', name: 'enter', key: 'Enter', text: 'open' },
    { id: 'help', name: '?', key: '?', text: 'help' },
  ] as const;
  expect(linesOf(<KeyHints hints={hints} theme={theme} />)).toEqual([' Enter open  ? help']);
});

test('the prompt shows what is typed, what came of it and how to leave', () => {
  const [line = ''] = linesOf(
    <PromptLine sign="/" text="checkout" note="3 matches" theme={theme} />,
  );
  expect(line).toMatch(/^ \/ checkout +3 matches {2}Enter accept {2}Esc cancel$/);
});

test('a terminal that is too small gets a message in its middle', () => {
  const lines = linesOf(<SizeWarning lines={['too small', '60×15']} columns={20} rows={4} />);
  expect(lines.map((line) => line.trim())).toEqual(['', 'too small', '60×15', '']);
});
