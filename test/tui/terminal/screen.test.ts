import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { narrowText } from '../../../src/report/clean-text.ts';
import { fitText } from '../../../src/tui/layout/fit-text.ts';
import { type Layer, Screen } from '../../../src/tui/terminal/screen.ts';
import { TerminalScreen } from '../../helpers/terminal-screen.ts';

const COLUMNS = 40;
const ROWS = 14;
const NO_WRAP = '\x1b[?7l';

/** A screen and a terminal that shows what it writes. */
class Painter {
  readonly terminal = new TerminalScreen(COLUMNS, ROWS);
  writes: string[] = [];
  readonly screen = new Screen((output) => this.writes.push(output), COLUMNS, ROWS);
  #isNew = true;

  async paint(layers: readonly Layer[]): Promise<string> {
    this.writes = [];
    this.screen.paint(layers);
    const output = this.writes.join('');
    await this.terminal.write((this.#isNew ? NO_WRAP : '') + output);
    this.#isNew = false;
    return output;
  }
}

async function redrawn(layers: readonly Layer[]): Promise<string[]> {
  const painter = new Painter();
  await painter.paint(layers);
  return painter.terminal.looks();
}

const STYLES = ['1', '2', '7', '31', '92', '42', '38;5;208', '38;2;10;20;30', '48;2;45;50;65', '4'];
const PIECES = [
  'GET /api',
  'a',
  '  ',
  '処理',
  'é',
  '🚀',
  '👩‍💻',
  '⚠️',
  '│',
  '█▌',
  'नमस्ते',
  '한글',
  'x'.repeat(30),
];

const piece = fc
  .tuple(fc.constantFrom(...PIECES), fc.option(fc.constantFrom(...STYLES)))
  .map(([text, style]) => (style === null ? text : `\x1b[${style}m${narrowText(text)}\x1b[m`))
  .map((text) => (text.startsWith('\x1b') ? text : narrowText(text)));
const line = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

/** A screen as the explorer has it: head, a list that scrolls, foot, sometimes a box over it. */
const frame = fc
  .record({
    list: fc.constantFrom('a', 'b'),
    top: fc.integer({ min: 0, max: 30 }),
    selected: fc.integer({ min: 0, max: 9 }),
    head: line,
    box: fc.option(
      fc.record({
        x: fc.integer({ min: 0, max: 35 }),
        y: fc.integer({ min: 0, max: 12 }),
        width: fc.integer({ min: 1, max: 30 }),
        lines: fc.array(line, { minLength: 1, maxLength: 6 }),
      }),
      { freq: 3 },
    ),
  })
  .map(({ list, top, selected, head, box }) => ({ list, top, selected, head, box }));

/** Frames share two lists of lines, so that scrolling has something to find. */
const film = fc.record({
  lists: fc.record({
    a: fc.array(line, { minLength: 45, maxLength: 45 }),
    b: fc.array(line, { minLength: 45, maxLength: 45 }),
  }),
  frames: fc.array(frame, { minLength: 2, maxLength: 12 }),
});

type Film = typeof film extends fc.Arbitrary<infer T> ? T : never;

function layersOf(lists: Film['lists'], shot: Film['frames'][number]): Layer[] {
  const all = lists[shot.list === 'a' ? 'a' : 'b'];
  const lines = all
    .slice(shot.top, shot.top + ROWS - 3)
    .map((text, i) => (i === shot.selected ? `\x1b[48;2;45;52;70m${text}\x1b[49m` : text));
  const layers: Layer[] = [
    { x: 0, y: 0, width: COLUMNS, height: 2, lines: [shot.head, 'second'] },
    { x: 0, y: 2, width: COLUMNS, height: ROWS - 3, lines, scrolls: true },
    { x: 0, y: ROWS - 1, width: COLUMNS, height: 1, lines: [`row ${shot.top}`] },
  ];
  if (shot.box) layers.push({ ...shot.box, height: shot.box.lines.length });
  return layers;
}

test('after any sequence of frames the terminal looks as if the last one had been drawn on a blank screen', async () => {
  await fc.assert(
    fc.asyncProperty(film, async ({ lists, frames }) => {
      const painter = new Painter();
      for (const shot of frames) {
        const layers = layersOf(lists, shot);
        await painter.paint(layers);
        const expected = await redrawn(layers);
        const wrong = painter.terminal.looks().filter((row, y) => row !== expected[y]);
        expect(wrong).toEqual([]);
      }
    }),
    { numRuns: 60, seed: 4 },
  );
});

describe('what is written', () => {
  const list = (top: number): Layer => ({
    x: 0,
    y: 1,
    width: COLUMNS,
    height: 12,
    lines: Array.from({ length: 12 }, (_, i) => `line number ${top + i} ${'.'.repeat(20)}`),
    scrolls: true,
  });

  test('nothing when nothing changed', async () => {
    const painter = new Painter();
    await painter.paint([list(0)]);
    expect(await painter.paint([list(0)])).toBe('');
  });

  test('one write a frame, never an erased screen', async () => {
    const painter = new Painter();
    for (const top of [0, 1, 9, 3, 3, 40]) {
      const output = await painter.paint([list(top)]);
      expect(painter.writes.length).toBeLessThanOrEqual(1);
      expect(output).not.toContain('\x1b[2J');
      expect(output).not.toContain('\x1b[J');
    }
  });

  test('scrolling by one writes about one line', async () => {
    const painter = new Painter();
    await painter.paint([list(0)]);
    const output = await painter.paint([list(1)]);
    expect(output).toContain('\x1b[2;13r\x1b[1S\x1b[r');
    expect(output.length).toBeLessThan(100);
  });

  test('one changed cell writes a few bytes', async () => {
    const painter = new Painter();
    await painter.paint([{ x: 0, y: 0, width: COLUMNS, height: 1, lines: ['count 41 of 100'] }]);
    const output = await painter.paint([
      { x: 0, y: 0, width: COLUMNS, height: 1, lines: ['count 42 of 100'] },
    ]);
    expect(output).toBe('\x1b[?2026h\x1b[1;8H2\x1b[?2026l');
  });

  test('everything again after an invalidation', async () => {
    const painter = new Painter();
    await painter.paint([list(0)]);
    painter.screen.invalidate();
    expect(await painter.paint([list(0)])).toContain('line number 11');
  });
});

/** Names that terminals and libraries measure differently. */
const HOSTILE_WIDTHS = [
  '処理注文',
  '\u1112\u1161\u11ab',
  'e\u0301',
  `z${'\u0316'.repeat(30)}`,
  '👩‍💻 dev',
  '👨‍👩‍👧‍👦 fam',
  '🇯🇵 jp',
  '👍🏽 ok',
  '⚠️ warn',
  '❤️ h',
  '1️⃣ one',
  '🫨 new',
  'नमस्ते',
  'สวัสดี',
  'مرحبا',
  'a\u200bb',
  'a\u3164b',
  'a\u{e0041}b',
  '𠮷',
  '\u0301x',
];

test('columns stay aligned whatever the names are made of', async () => {
  const painter = new Painter();
  const rows = HOSTILE_WIDTHS.slice(0, ROWS);
  for (const shift of [0, 1, 5, 0]) {
    const lines = rows.map((_, i) => {
      const name = HOSTILE_WIDTHS[(i + shift) % HOSTILE_WIDTHS.length] ?? '';
      return `\x1b[32m${fitText(narrowText(name), 20)}\x1b[39m│bar ${i}`;
    });
    await painter.paint([{ x: 0, y: 0, width: COLUMNS, height: ROWS, lines }]);
    for (const [y, shown] of painter.terminal.lines().entries()) {
      expect(shown, rows[y]).toMatch(new RegExp(`│bar ${y}$`));
      expect(painter.terminal.characterAt(20, y), rows[y]).toBe('│');
    }
  }
});
