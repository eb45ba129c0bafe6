import type { DependencyNode } from '../../analysis/dependency-node.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import type { Glyphs } from '../glyphs.ts';
import type { Style, Theme } from '../theme.ts';
import { cutText, textWidth } from './fit-text.ts';
import type { GraphEdge, GraphLayout } from './graph-layout.ts';

/** Directions that lines leave a cell in. */
const LEFT = 1;
const RIGHT = 2;
const UP = 4;
const DOWN = 8;

/** Line by the directions that it joins. */
const LINES: Readonly<Record<number, string>> = {
  [LEFT | RIGHT]: '─',
  [UP | DOWN]: '│',
  [RIGHT | DOWN]: '╭',
  [LEFT | DOWN]: '╮',
  [RIGHT | UP]: '╰',
  [LEFT | UP]: '╯',
  [LEFT | RIGHT | DOWN]: '┬',
  [LEFT | RIGHT | UP]: '┴',
  [UP | DOWN | RIGHT]: '├',
  [UP | DOWN | LEFT]: '┤',
  [LEFT | RIGHT | UP | DOWN]: '┼',
};
const ASCII_LINES: Readonly<Record<number, string>> = { [LEFT | RIGHT]: '-', [UP | DOWN]: '|' };

/** A node takes two rows: its name and its numbers; and one of air. */
const NODE_ROWS = 3;
const WIDEST_NODE = 26;
const NARROWEST_GAP = 5;

/** What the drawing depends on besides the layout. */
export interface GraphLook {
  readonly columns: number;
  readonly selected: string;
  readonly theme: Theme;
}

interface Cell {
  mask: number;
  /** 0 faint, 1 with errors, 2 of the selected node. */
  rank: number;
  text: string | null;
  style: Style;
}

/** The graph as lines, all of them; the row of the selected node is `selectedRow`. */
export interface GraphDrawing {
  readonly lines: readonly string[];
  readonly selectedRow: number;
}

/** Nodes in columns from the callers on the left to the called on the right, joined by lines. */
export function graphRows(
  layout: GraphLayout,
  nodes: ReadonlyMap<string, DependencyNode>,
  look: GraphLook,
): GraphDrawing {
  const canvas = new Canvas(look.columns, layout.rows * NODE_ROWS, look.theme);
  const { pitch, width } = nodeCells(layout, look.columns);
  const rankOf = (edge: GraphEdge) =>
    edge.source === look.selected || edge.target === look.selected ? 2 : Number(edge.errors > 0);
  for (const edge of layout.edges.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    const start = nodes.get(edge.isBack ? edge.target : edge.source);
    const nameCells = start ? textWidth(nameOf(start, width, look.theme)) + 1 : width;
    drawEdge(edge, { pitch, width, rank: rankOf(edge), nameCells }, canvas);
  }
  let selectedRow = 0;
  for (const { id, layer, row } of layout.nodes) {
    const node = nodes.get(id);
    if (!node) continue;
    const y = row * NODE_ROWS;
    if (id === look.selected) selectedRow = y;
    drawNode(node, layer * pitch + 1, y, width, id === look.selected, canvas, look.theme);
  }
  return { lines: canvas.lines(), selectedRow };
}

/** From one layer to the next, and of one node. */
function nodeCells({ layers }: GraphLayout, columns: number): { pitch: number; width: number } {
  const pitch = Math.floor(columns / Math.max(1, layers));
  return { pitch, width: Math.max(6, Math.min(WIDEST_NODE, pitch - NARROWEST_GAP)) };
}

/** The first line of a drawing that is higher than `rows`: the selected node is in the middle. */
export function graphTop({ lines, selectedRow }: GraphDrawing, rows: number): number {
  const lowest = Math.max(0, lines.length - rows);
  return Math.min(lowest, Math.max(0, selectedRow - Math.floor(rows / 2)));
}

/** The id of the node at a cell of the whole drawing; null beside them. */
export function graphNodeAt(
  layout: GraphLayout,
  columns: number,
  x: number,
  y: number,
): string | null {
  const { pitch, width } = nodeCells(layout, columns);
  const node = layout.nodes.find(
    ({ layer, row }) =>
      x > layer * pitch &&
      x <= layer * pitch + width &&
      y >= row * NODE_ROWS &&
      y < row * NODE_ROWS + NODE_ROWS - 1,
  );
  return node?.id ?? null;
}

interface EdgeLook {
  readonly pitch: number;
  readonly width: number;
  readonly rank: number;
  /** Width of the name that the edge leaves from. */
  readonly nameCells: number;
}

/** From the right edge of one node through the gaps to the left edge of the other. */
function drawEdge(edge: GraphEdge, look: EdgeLook, canvas: Canvas): void {
  const { pitch, width, rank, nameCells } = look;
  const last = edge.rows.length - 2;
  for (let i = 0; i <= last; i++) {
    const layer = edge.fromLayer + i;
    const row = edge.rows[i] ?? 0;
    const [fromY, toY] = [row * NODE_ROWS, (edge.rows[i + 1] ?? 0) * NODE_ROWS];
    const nodeEnd = layer * pitch + 1 + width;
    const startX = layer * pitch + 1 + (i === 0 ? nameCells : 0);
    const endX = (layer + 1) * pitch;
    const channel = Math.min(endX, nodeEnd + 1 + channelOf(row, pitch - width - 1));
    canvas.across(startX, channel, fromY, rank);
    canvas.down(channel, fromY, toY, rank);
    canvas.across(channel, endX, toY, rank);
    if (edge.isBack && i === 0) canvas.arrow(startX, fromY, true, rank);
    if (!edge.isBack && i === last) canvas.arrow(endX, toY, false, rank);
  }
}

/** Each row has its own channel of the gap for the way up or down, so that few lines lie on each other. */
function channelOf(row: number, gap: number): number {
  return gap > 3 ? row % (gap - 2) : 0;
}

function nameOf(node: DependencyNode, width: number, { glyphs }: Theme): string {
  const sign = node.errors > 0 ? `${glyphs.error} ` : '';
  return cutText(sign + narrowText(node.name), width - 1, glyphs.ellipsis);
}

function drawNode(
  node: DependencyNode,
  x: number,
  y: number,
  width: number,
  isSelected: boolean,
  canvas: Canvas,
  theme: Theme,
): void {
  const { accent, error, muted, glyphs } = theme;
  const name = nameOf(node, width, theme);
  const plain: Style = node.type === 'service' ? strongAccent(theme) : accent;
  const nameStyle = isSelected ? theme.marked : node.errors > 0 ? error : plain;
  canvas.text(x, y, name, width, nameStyle);
  canvas.text(
    x,
    y + 1,
    cutText(numbersOf(node, width, glyphs), width, glyphs.ellipsis),
    width,
    muted,
  );
}

/** Calls, and how long they took as far as there is room for it. */
function numbersOf({ calls, type, durations }: DependencyNode, width: number, glyphs: Glyphs) {
  if (calls === 0) return type;
  const count = `${glyphs.multiply}${calls.toLocaleString('en')}`;
  const { p95Ns } = durations;
  if (p95Ns === null) return count;
  const time = formatDuration(p95Ns);
  const texts = [`${count} p95 ${time}`, `${count} ${time}`];
  return texts.find((text) => textWidth(text) <= width) ?? count;
}

function strongAccent({ strong, accent }: Theme): Style {
  return (text) => strong(accent(text));
}

/** A field of cells in which lines that meet are joined. */
class Canvas {
  readonly #cells: Cell[][];
  readonly #theme: Theme;

  constructor(width: number, height: number, theme: Theme) {
    this.#theme = theme;
    this.#cells = Array.from({ length: height }, () =>
      Array.from({ length: width }, () => ({ mask: 0, rank: 0, text: null, style: theme.faint })),
    );
  }

  across(fromX: number, toX: number, y: number, rank: number): void {
    for (let x = fromX; x <= toX; x++) {
      this.#join(x, y, (x > fromX ? LEFT : 0) | (x < toX ? RIGHT : 0), rank);
    }
  }

  down(x: number, fromY: number, toY: number, rank: number): void {
    const [top, bottom] = [Math.min(fromY, toY), Math.max(fromY, toY)];
    for (let y = top; y <= bottom && top < bottom; y++) {
      this.#join(x, y, (y > top ? UP : 0) | (y < bottom ? DOWN : 0), rank);
    }
  }

  arrow(x: number, y: number, isBack: boolean, rank: number): void {
    const { isUnicode } = this.#theme;
    const [left, right] = isUnicode ? ['◂', '▸'] : ['<', '>'];
    this.#put(x, y, isBack ? left : right, this.#styleOf(rank));
  }

  /** What is not filled by `text` of the `width` cells is left as it is. */
  text(x: number, y: number, text: string, width: number, style: Style): void {
    const narrow = textWidth(text) === Array.from(text).length ? text : ascii(text);
    const characters = Array.from(narrow).slice(0, width);
    for (const [i, character] of characters.entries()) this.#put(x + i, y, character, style);
  }

  lines(): string[] {
    return this.#cells.map((row) => {
      let line = '';
      for (let at = 0; at < row.length; ) {
        const { style } = row[at] ?? { style: this.#theme.faint };
        let run = '';
        while (at < row.length && row[at]?.style === style) run += this.#glyph(row[at++]);
        line += run.trim() === '' ? run : style(run);
      }
      return line;
    });
  }

  #glyph(cell: Cell | undefined): string {
    if (!cell) return ' ';
    if (cell.text !== null) return cell.text;
    if (cell.mask === 0) return ' ';
    if (this.#theme.isUnicode) return LINES[cell.mask] ?? (cell.mask & (LEFT | RIGHT) ? '─' : '│');
    return ASCII_LINES[cell.mask] ?? (cell.mask & (UP | DOWN) ? '+' : '-');
  }

  #join(x: number, y: number, directions: number, rank: number): void {
    const cell = this.#cells[y]?.[x];
    if (!cell) return;
    cell.mask |= directions;
    cell.rank = Math.max(cell.rank, rank);
    cell.style = this.#styleOf(cell.rank);
  }

  #put(x: number, y: number, text: string, style: Style): void {
    const cell = this.#cells[y]?.[x];
    if (!cell) return;
    cell.text = text;
    cell.style = style;
  }

  #styleOf(rank: number): Style {
    const { faint, error, accent } = this.#theme;
    return [faint, error, accent][rank] ?? faint;
  }
}

/** A name with wide characters would shift what stands right of it. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e…]/gu, '?');
}
