import type { KeyScreen } from '../key-table.ts';
import { type Binding, bindingsOf, keyLabels } from '../keymap.ts';
import type { Theme } from '../theme.ts';
import { textWidth } from './fit-text.ts';
import { joinParts, type Part } from './styled-parts.ts';

/** The help as a box of text: its lines and how large its inside is. */
export interface HelpLayout {
  readonly lines: readonly string[];
  readonly widthCells: number;
  readonly visibleRows: number;
}

const WIDEST_COLUMN = 72;
const NARROWEST_COLUMN = 44;
const BETWEEN = 2;
const KEY_CELLS = 17;
/** Border, padding and a margin on both sides. */
const AROUND_COLUMNS = 8;
/** Border, title, and two rows above and below that stay to be seen. */
const AROUND_ROWS = 7;

/** The keys of a screen by groups; in two columns where there is room. The box fits into the terminal; the lines may be more. */
export function helpLayout(
  screen: KeyScreen,
  columns: number,
  rows: number,
  theme: Theme,
): HelpLayout {
  const room = columns - AROUND_COLUMNS;
  const half = Math.floor((room - BETWEEN) / 2);
  const isDouble = half >= NARROWEST_COLUMN;
  const width = Math.min(WIDEST_COLUMN, isDouble ? half : room);
  const groups = groupsOf(screen).map((group) => groupLines(group, width, theme));
  const lines = isDouble ? inTwoColumns(groups, width) : inOneColumn(groups);
  return {
    lines,
    widthCells: isDouble ? width * 2 + BETWEEN : width,
    visibleRows: Math.max(1, Math.min(lines.length, rows - AROUND_ROWS)),
  };
}

function groupsOf(screen: KeyScreen): Binding[][] {
  const groups = new Map<string, Binding[]>();
  for (const binding of bindingsOf(screen)) {
    const group = groups.get(binding.group);
    if (group) group.push(binding);
    else groups.set(binding.group, [binding]);
  }
  return [...groups.values()];
}

function groupLines(group: readonly Binding[], width: number, theme: Theme): string[] {
  const { accent, strong, muted } = theme;
  const { isUnicode } = theme;
  const line = (parts: readonly Part[]) => joinParts(parts, width, theme.glyphs.ellipsis);
  const bindings = group.map(({ keys, title }) => {
    const labels = keyLabels(keys, isUnicode);
    const gap = ' '.repeat(Math.max(1, KEY_CELLS - textWidth(labels)));
    return line([[labels, accent], [gap], [title]]);
  });
  return [line([[group[0]?.group ?? '', (text) => strong(muted(text))]]), ...bindings];
}

function inOneColumn(groups: readonly string[][]): string[] {
  return groups.flatMap((group, i) => (i === 0 ? group : ['', ...group]));
}

/** Groups stay whole; the left column takes groups until it holds half of all lines. */
function inTwoColumns(groups: readonly string[][], width: number): string[] {
  const total = inOneColumn(groups).length;
  let left: string[] = [];
  let taken = 0;
  for (const group of groups) {
    if (taken > 0 && left.length + group.length > total / 2 + 1) break;
    left = inOneColumn(groups.slice(0, ++taken));
  }
  const right = inOneColumn(groups.slice(taken));
  const blank = ' '.repeat(width);
  return Array.from(
    { length: Math.max(left.length, right.length) },
    (_, i) => `${left[i] || blank}  ${right[i] || blank}`,
  );
}
