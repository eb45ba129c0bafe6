import { nanos } from '../../model/time.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { type CompareRow, type CompareVerdict, verdictOf } from '../compare-tree.ts';
import type { Style, Theme } from '../theme.ts';
import { fitRight } from './fit-text.ts';
import { joinParts, type Part } from './styled-parts.ts';
import { guideSpace, treeGuide } from './tree-guide.ts';

/** What rows depend on besides their call paths. */
export interface CompareLook {
  readonly columns: number;
  readonly deepest: number;
  /** Largest difference, which fills half of the bar. */
  readonly mostNs: number;
}

const NUMBER_CELLS = 9;
const COUNT_CELLS = 10;
const GUIDE_SHARE = 0.5;
const GUTTER = 2;

interface Columns {
  readonly label: number;
  readonly counts: number;
  readonly bar: number;
}

function columnsOf(columns: number): Columns {
  const counts = columns >= 100 ? COUNT_CELLS : 0;
  const rest = columns - GUTTER - NUMBER_CELLS * 4 - counts - 2;
  const bar = Math.max(9, Math.floor(rest * 0.4));
  return { label: rest - bar, counts, bar: bar % 2 === 0 ? bar - 1 : bar };
}

export function compareHead(columns: number, { muted }: Theme): string {
  const { label, counts } = columnsOf(columns);
  const heads = ['A', 'B', 'change', ''].map((head) => fitRight(head, NUMBER_CELLS)).join('');
  const countHead = counts > 0 ? fitRight('spans', counts) : '';
  return muted(
    `${' '.repeat(GUTTER)}${joinParts([['call path']], label, '')}${heads}${countHead}  faster | slower`,
  );
}

const SIGNS: Readonly<Record<CompareVerdict, string>> = {
  same: ' ',
  slower: '>',
  faster: '<',
  'only-a': '-',
  'only-b': '+',
};

function styleOf(
  verdict: CompareVerdict,
  { error, success, warning, accent, muted }: Theme,
): Style {
  const styles = {
    same: muted,
    slower: error,
    faster: success,
    'only-a': warning,
    'only-b': accent,
  };
  return styles[verdict];
}

/** One call path: its time on both sides, the difference, and a bar from the middle. */
export function compareRow(
  row: CompareRow,
  isSelected: boolean,
  look: CompareLook,
  theme: Theme,
): string {
  const { label, counts, bar } = columnsOf(look.columns);
  const verdict = verdictOf(row);
  const style = styleOf(verdict, theme);
  const { glyphs, accent, strong } = theme;
  const space = guideSpace(Math.floor(label * GUIDE_SHARE), look.deepest);
  const guide = treeGuide(row, ({ isLast }) => isLast, space, glyphs);
  const parts: Part[] = [[guide, theme.faint]];
  if (row.parent?.service !== row.service) parts.push([`${narrowText(row.service)} `, strong]);
  parts.push([narrowText(row.name) || '(unnamed)', verdict === 'same' ? PLAIN : style]);
  const gutter = (isSelected ? accent(glyphs.cursor) : ' ') + style(SIGNS[verdict]);
  const text =
    gutter + joinParts(parts, label, glyphs.ellipsis) + numbers(row, verdict, counts, theme);
  const drawing = `  ${differenceBar(row, bar, look.mostNs, style, theme)}`;
  return isSelected ? theme.selected(text, drawing) : text + drawing;
}

const PLAIN: Style = (text) => text;

function numbers(row: CompareRow, verdict: CompareVerdict, counts: number, theme: Theme): string {
  const { glyphs, faint, muted } = theme;
  const duration = (ns: number, has: boolean) =>
    has
      ? fitRight(formatDuration(nanos(Math.round(ns))), NUMBER_CELLS)
      : faint(fitRight(glyphs.separator, NUMBER_CELLS));
  const difference = row.bNs - row.aNs;
  const sign = difference > 0 ? '+' : '';
  const isBoth = row.a !== null && row.b !== null;
  const style = verdict === 'same' ? muted : styleOf(verdict, theme);
  const change = style(
    fitRight(`${sign}${formatDuration(nanos(Math.round(difference)))}`, NUMBER_CELLS),
  );
  const share = isBoth && row.aNs > 0 ? `${sign}${((difference / row.aNs) * 100).toFixed(0)}%` : '';
  const spans = `${row.a?.spans ?? 0}${glyphs.arrow}${row.b?.spans ?? 0}`;
  const isSameCount = row.a?.spans === row.b?.spans;
  const count = counts === 0 ? '' : (isSameCount ? muted : theme.warning)(fitRight(spans, counts));
  return (
    duration(row.aNs, row.a !== null) +
    duration(row.bNs, row.b !== null) +
    change +
    style(fitRight(share, NUMBER_CELLS)) +
    count
  );
}

/** To the left what became faster, to the right what became slower. */
function differenceBar(
  row: CompareRow,
  width: number,
  mostNs: number,
  style: Style,
  { glyphs, faint }: Theme,
): string {
  const half = width >> 1;
  const difference = row.bNs - row.aNs;
  const cells = Math.min(half, Math.round((Math.abs(difference) / Math.max(1, mostNs)) * half));
  const bar = cells === 0 ? '' : style(glyphs.line.full.repeat(cells));
  const blank = ' '.repeat(half - cells);
  const axis = faint(glyphs.gridLine);
  return difference < 0
    ? blank + bar + axis + ' '.repeat(half)
    : ' '.repeat(half) + axis + bar + blank;
}
