import { expect, test } from 'vitest';
import { AppData } from '../../src/tui/app-data.ts';
import { TRACE_COLUMNS } from '../../src/tui/layout/trace-rows.ts';
import { PlainExplorer } from '../../src/tui/plain-explorer.ts';
import { createTheme } from '../../src/tui/theme.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { shopTrace } from '../helpers/shop-spans.ts';

/** What is said after each typed line. */
async function conversation(...typed: string[]): Promise<string> {
  const said: string[] = [];
  const source = memorySource(Array.from({ length: 10 }, (_, i) => shopTrace(i)));
  const explorer = new PlainExplorer({
    surroundings: {
      data: new AppData(source),
      theme: createTheme({ depth: 'none', isUnicode: false, isLight: false }),
      zone: 'utc',
      links: [],
      traceColumns: TRACE_COLUMNS,
    },
    first: 'overview',
    filter: '',
    open: null,
    print: (line) => said.push(line),
  });
  await explorer.begin();
  for (const line of typed) {
    said.push(`> ${line}`);
    if (!(await explorer.answer(line))) said.push('(ended)');
  }
  return said.join('\n');
}

test('from the overview to the failed span, in sentences without escape sequences', async () => {
  const text = await conversation('rows', '2', 'e', 'enter', 'ee', '/', 'bank', '', 'q');
  await expect(`${text}\n`).toMatchFileSnapshot('../golden/tui/plain.txt');
  expect(text).not.toContain('\x1b');
});

test('a question mark tells the keys of the screen', async () => {
  expect(await conversation('2', '?')).toMatch(/Enter: open the trace[\s\S]*q: quit/);
});
