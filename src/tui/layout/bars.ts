import type { Nanos } from '../../model/time.ts';
import type { BarGlyphs } from '../glyphs.ts';

/** The stretch of time that is `widthCells` wide on the screen. */
export interface TimeWindow {
  readonly startNs: Nanos;
  readonly endNs: Nanos;
}

/**
 * A bar's extent in eighths of a cell, counted from the left edge of the drawing. Null when it lies outside the window.
 *
 *     cells    |        |        |        |
 *     bar          ▐████ ████████ ██▌
 *     from = 4 ────┘               └── to = 20
 */
export interface BarExtent {
  readonly from: number;
  readonly to: number;
}

/** Bars are never thinner than an eighth, so that every span inside the window can be seen. */
export function barExtent(
  startNs: number,
  endNs: number,
  window: TimeWindow,
  widthCells: number,
): BarExtent | null {
  if (endNs < window.startNs || startNs > window.endNs) return null;
  const eighths = widthCells * 8;
  const length = Math.max(1, window.endNs - window.startNs);
  const clamp = (value: number) => Math.max(0, Math.min(eighths, value));
  const from = clamp(Math.floor(((startNs - window.startNs) * eighths) / length));
  const to = clamp(Math.round(((endNs - window.startNs) * eighths) / length));
  if (to > from) return { from, to };
  const last = Math.min(from, eighths - 1);
  return { from: last, to: last + 1 };
}

/** Cells of a bar that lie on the critical path: from (included) to (excluded). */
export interface CellRange {
  readonly from: number;
  readonly to: number;
}

export interface BarDrawing {
  readonly extent: BarExtent | null;
  readonly critical: readonly CellRange[];
  /** Whether children run in a cell of the bar; null when that is not to be seen. */
  readonly covered?: ((cell: number) => boolean) | null;
  /** SGR parameters of the bar's colour; '' for the terminal's own. */
  readonly color: string;
  /** What stands where no bar is: `widthCells` characters of one cell each. */
  readonly background: string;
  readonly paintBackground: (text: string) => string;
}

/**
 * A bar as text of as many cells as `background` has. A left edge inside a cell is drawn in inverse video: the empty part of the
 * cell as a block in the background's colour. So is the critical path, a line through the bar, which then needs no colour.
 */
export function drawBar(drawing: BarDrawing, glyphs: BarGlyphs): string {
  const { extent, background, paintBackground } = drawing;
  if (extent === null) return paintBackground(background);
  const cells = barCells(extent, glyphs);
  const bar = styledBar(cells, drawing, glyphs);
  const before = background.slice(0, cells.first);
  const after = background.slice(cells.first + cells.texts.length);
  return paintIfAny(before, paintBackground) + bar + paintIfAny(after, paintBackground);
}

function paintIfAny(text: string, paint: (text: string) => string): string {
  return text === '' ? '' : paint(text);
}

interface BarCells {
  /** Column of the first cell. */
  readonly first: number;
  readonly texts: readonly string[];
  /** Whether the first cell is the empty part of a cell, to be inverted. */
  readonly isHeadInverse: boolean;
}

function barCells({ from, to }: BarExtent, { eighths }: BarGlyphs): BarCells {
  const first = from >> 3;
  const last = (to - 1) >> 3;
  const full = eighths.at(-1) ?? '#';
  if (eighths.length < 9) {
    return { first, texts: Array<string>(last - first + 1).fill(full), isHeadInverse: false };
  }
  // Inside one cell only the width can be shown, not the offset.
  if (first === last) return { first, texts: [eighths[to - from] ?? full], isHeadInverse: false };
  const head = from & 7;
  const texts = Array<string>(last - first + 1).fill(full);
  if (head > 0) texts[0] = eighths[head] ?? full;
  texts[last - first] = eighths[to - last * 8] ?? full;
  return { first, texts, isHeadInverse: head > 0 };
}

function styledBar(cells: BarCells, drawing: BarDrawing, glyphs: BarGlyphs): string {
  let output = drawing.color === '' ? '' : `\x1b[${drawing.color}m`;
  let isInverse = false;
  for (let i = 0; i < cells.texts.length; i++) {
    const cell = styledCell(cells, i, drawing, glyphs);
    if (cell.isInverse !== isInverse) output += cell.isInverse ? '\x1b[7m' : '\x1b[27m';
    isInverse = cell.isInverse;
    output += cell.text;
  }
  if (isInverse) output += '\x1b[27m';
  return drawing.color === '' ? output : `${output}\x1b[39m`;
}

/** Only full cells have room for more than the bar. */
function styledCell(
  { first, texts, isHeadInverse }: BarCells,
  i: number,
  { critical, covered }: BarDrawing,
  glyphs: BarGlyphs,
): { readonly text: string; readonly isInverse: boolean } {
  const text = texts[i] ?? '';
  const isHead = i === 0 && isHeadInverse;
  if (text !== glyphs.eighths.at(-1)) return { text, isInverse: isHead };
  if (contains(critical, first + i)) {
    return { text: glyphs.critical, isInverse: isHead || glyphs.isCriticalInverse };
  }
  return { text: covered?.(first + i) ? glyphs.covered : text, isInverse: isHead };
}

function contains(ranges: readonly CellRange[], cell: number): boolean {
  return ranges.some((range) => cell >= range.from && cell < range.to);
}
