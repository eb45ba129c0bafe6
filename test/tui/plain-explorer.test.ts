import { expect, test } from 'vitest';
import { nearestName } from '../../src/cli/nearest-name.ts';
import { AppData } from '../../src/tui/app-data.ts';
import { TRACE_COLUMNS } from '../../src/tui/layout/trace-rows.ts';
import { PlainExplorer } from '../../src/tui/plain-explorer.ts';
import { spokenTheme } from '../../src/tui/theme.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { shopTrace } from '../helpers/shop-spans.ts';

/** What is said after each typed line. */
async function conversation(...typed: string[]): Promise<string> {
  const said: string[] = [];
  const source = memorySource(Array.from({ length: 10 }, (_, i) => shopTrace(i)));
  const explorer = new PlainExplorer({
    surroundings: {
      data: new AppData(source),
      theme: spokenTheme(),
      zone: 'utc',
      links: [],
      traceColumns: TRACE_COLUMNS,
    },
    first: 'overview',
    filter: '',
    open: null,
    nearest: nearestName,
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

test('whole words are commands, several on a line, and what follows a search is its text', async () => {
  const text = await conversation('go-traces errors-only open', 'search bank', 'details', 'open');
  expect(text).toMatch(/> search bank\n.*payment POST api\.bank\.example.*\/bank 1\/3/s);
  expect(text).toMatch(/> open\n.*Span 00000000/s);
});

test.each([
  ['a mistyped word does nothing, least of all what its letters do', 'quti', '"quit"'],
  ['a key name with a letter too many', 'entter', 'enter'],
])('%s', async (_, typed, hint) => {
  const text = await conversation('2', typed, 'rows');
  expect(text).toContain(`"${typed}" is no command here`);
  expect(text).toContain(hint);
  expect(text).not.toContain('(ended)');
});

test('a command of another screen says where it works', async () => {
  expect(await conversation('2', 'next-error')).toContain(
    '"next-error" means nothing here but on: waterfall.',
  );
});

test('the main screens have no digits in a waterfall, but names', async () => {
  expect(await conversation('2', 'enter', 'go-services')).toMatch(/> go-services\nServices\. /);
});

test('a proposed file name is replaced by the typed one', async () => {
  const text = await conversation('2', 'e', 'enter', 'write', '/nowhere/trace.md');
  expect(text).toMatch(/Enter alone for "trace-5f3a00031713\.json"/);
  expect(text).toMatch(/not written: ENOENT.*open '\/nowhere\/trace\.md'/);
});

test('something is chosen by its number, or by words that only one choice has', async () => {
  const text = await conversation('2', 'e', 'enter', 'copy', 'span', 'span id', 'copy', '1');
  expect(text).toMatch(/> copy\n1: span id/);
  expect(text).toMatch(/> span\n\d+ choices have "span"/);
  expect(text).toMatch(/> span id\n0{8}\S+\ncopied/);
  expect(text).toMatch(/> 1\n0{8}\S+\ncopied/);
});

test.each([
  ['traces', '2', /web GET \/checkout, 1\.04s, 29 spans, 10 errors/],
  ['their durations', '2 c', /\d+(?:\.\d+)?ms to \d+(?:\.\d+)?ms: \d+ traces?, \d failed/],
  ['when they were', '2 c c', /from 2025-08-19 10:40:\S+: \d traces?, \d failed, the slowest/],
  [
    'spans',
    '2 e enter',
    /level 1, web GET \/checkout, 875ms of which \S+ its own, 84% of the trace/,
  ],
  ['calls', '4', /level 3, web calls payment, 14 calls, 6 errors, p50 /],
  ['flame graphs', '7', /level 1: web GET \/checkout \d+%/],
  ['differences', '2 d j d', /level 1, (?:slower|faster|the same|gone), web/],
])('%s are read as sentences, without drawings', async (_, typed, sentence) => {
  const text = await conversation(typed, 'rows');
  expect(text).toMatch(sentence);
  expect(text).not.toMatch(/==|##|\|-|`-|::/);
});

test('a question mark tells the keys of the screen', async () => {
  expect(await conversation('2', '?')).toMatch(
    /open \(Enter\): open the trace[\s\S]*quit \(q\): quit/,
  );
});
