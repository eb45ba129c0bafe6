import { describe, expect, test } from 'vitest';
import { memorySource } from '../helpers/memory-source.ts';
import { shopTrace } from '../helpers/shop-spans.ts';
import { Stage, type StageOptions } from '../helpers/stage.ts';

const ESC = '\x1b';
const source = memorySource(Array.from({ length: 20 }, (_, i) => shopTrace(i)));

/** The waterfall of a trace with everything, one error and one folded row selected. */
function waterfall(options: StageOptions): Stage {
  return new Stage(source, { columns: 100, rows: 30, ...options }).keys('s s s enter j space e');
}

describe('without colours', () => {
  test('nothing but bold, underline and inverse is used', () => {
    const { output } = waterfall({ depth: 'none' });
    const looks = [...output.matchAll(new RegExp(`${ESC}\\[([0-9;]*)m`, 'g'))].flatMap(
      ([, list = '']) => list.split(';'),
    );
    expect(looks.length).toBeGreaterThan(10);
    expect(
      [...new Set(looks)].filter((look) => !['', '0', '1', '2', '4', '7'].includes(look)),
    ).toEqual([]);
  });

  test('services, errors, orphans, the selection and the critical path have signs of their own', async () => {
    const text = await waterfall({ depth: 'none' }).text();
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/tui/waterfall-no-color.txt');
  });
});

test('with 16 colours only these are used', () => {
  const { output } = waterfall({ depth: '16' });
  expect(output).not.toMatch(/[34]8;[25]/);
  expect(output).toMatch(new RegExp(`${ESC}\\[0;[^m]*9[0-7]`));
});

test('with 256 colours only indexed ones are used', () => {
  const { output } = waterfall({ depth: '256' });
  expect(output).not.toMatch(/[34]8;2;/);
  expect(output).toMatch(/38;5;\d+/);
});

test('in a terminal without Unicode everything is ASCII, names in the data too', async () => {
  const text = await waterfall({ isUnicode: false }).text();
  await expect(`${text}\n`).toMatchFileSnapshot('../golden/tui/waterfall-ascii.txt');
  expect(Array.from(text).filter((character) => character > '~' || character < '\n')).toEqual([]);
});

test('the help in ASCII', async () => {
  const text = await waterfall({ isUnicode: false }).keys('?').text();
  await expect(`${text}\n`).toMatchFileSnapshot('../golden/tui/help-ascii.txt');
});

test('the selected row has a background over its whole width', async () => {
  const stage = waterfall({});
  const terminal = await stage.terminal();
  const row = terminal.lines().findIndex((line) => line.startsWith('▌'));
  const backgrounds = new Set([0, 5, 40, 60, 99].map((x) => terminal.backgroundAt(x, row)));
  expect(backgrounds).toEqual(new Set([0x2d3446]));
});

test('a light terminal gets darker colours', () => {
  const { output } = waterfall({ isLight: true });
  expect(output).toContain('48;2;216;226;242');
  expect(output).not.toContain('48;2;45;52;70');
});
