// Draws the README's picture from a real session: the built program, in a pseudo terminal, on the example dump.
//   node test/bench/run.mjs picture [file.svg [keys]]
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import unicode11 from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import { type PaintedCell, screenSvg } from './screen-svg.ts';

const [file = '.github/explorer.svg', keys = '2e\rE'] = process.argv.slice(2);
const COLUMNS = 118;
const ROWS = 28;
const PAGE = '#14161c';
const TEXT = '#d6d9e0';
/** Long enough for everything between two keys, also on a busy machine. */
const STEP_MS = 1500;

const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
terminal.loadAddon(new unicode11.Unicode11Addon());
terminal.unicode.activeVersion = '11';
const env = { ...process.env, LC_ALL: 'C.UTF-8', COLORTERM: 'truecolor', NO_COLOR: '' };
const program = pty.spawn(
  process.execPath,
  ['bin/tracecli.js', '--utc', 'fixtures/shop.otlp.jsonl'],
  {
    cols: COLUMNS,
    rows: ROWS,
    name: 'xterm-256color',
    env,
  },
);
program.onData((data) => terminal.write(data));
await pause(2 * STEP_MS);
for (const key of keys) {
  program.write(key);
  await pause(STEP_MS);
}
writeFileSync(
  file,
  screenSvg(
    Array.from({ length: ROWS }, (_, y) => cellsOf(y)),
    PAGE,
  ),
);
program.write('\x03');
console.log(`${file}: ${COLUMNS}×${ROWS}`);
process.exit(0);

function cellsOf(y: number): PaintedCell[] {
  const line = terminal.buffer.active.getLine(y);
  return Array.from({ length: COLUMNS }, (_, x) => {
    const cell = line?.getCell(x);
    const color = cell?.isFgRGB() ? hex(cell.getFgColor()) : TEXT;
    const background = cell?.isBgRGB() ? hex(cell.getBgColor()) : null;
    const isInverse = Boolean(cell?.isInverse());
    return {
      text: cell?.getChars() ?? ' ',
      width: cell?.getWidth() ?? 1,
      color: isInverse ? (background ?? PAGE) : color,
      background: isInverse ? color : background,
      isBold: Boolean(cell?.isBold()),
    };
  });
}

function hex(color: number): string {
  return `#${color.toString(16).padStart(6, '0')}`;
}
