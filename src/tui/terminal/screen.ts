import { asciiCells, BLANK, type Cell, parseCells } from './cells.ts';
import { FramePatch } from './frame-patch.ts';

/** A rectangle of ready-made lines. Lines are cut at its right edge; what they do not fill is blank. */
export interface Layer {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
  /** The lines often move up or down together, so it pays to let the terminal move them. */
  readonly scrolls?: boolean;
}

/** Most lines repeat from frame to frame. Several screens of them; what is kept longer is moved about by the collector. */
const CACHED_LINES = 600;
/** A region lower than this is redrawn as cheaply as it is scrolled. */
const MIN_SCROLL_ROWS = 6;

/**
 * What the terminal shows, and the cheapest way to make it show something else: rows that moved are moved by the terminal
 * (scroll region), the rest is compared cell by cell, and everything leaves in one write. Nothing is ever erased first, so
 * nothing can flicker.
 */
export class Screen {
  readonly #write: (output: string) => void;
  #columns: number;
  #rows: number;
  #shown: Cell[][] = [];
  /** What each shown row was made from; equal sources need no comparison of cells. */
  #sources: string[] = [];
  readonly #cells = new Map<string, Cell[]>();
  readonly #isUnicode: boolean;

  constructor(write: (output: string) => void, columns: number, rows: number, isUnicode = true) {
    this.#write = write;
    this.#columns = columns;
    this.#rows = rows;
    this.#isUnicode = isUnicode;
  }

  /** The terminal has another size; its content is unknown. */
  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
    this.invalidate();
  }

  /** The terminal's content is unknown (after a resume or a resize): the next frame is drawn in full. */
  invalidate(): void {
    this.#shown = [];
    this.#sources = [];
  }

  /** Shows `layers`, later ones over earlier ones. Writes at most once, and not at all when nothing changed. */
  paint(layers: readonly Layer[]): void {
    const rows = Array.from({ length: this.#rows }, (_, y) => layersOfRow(layers, y));
    const patch = new FramePatch(this.#columns);
    for (const layer of layers) if (layer.scrolls) this.#scroll(layer, rows, patch);
    for (let y = 0; y < this.#rows; y++) {
      const row = rows[y] ?? [];
      const source = this.#source(row, y);
      if (this.#sources[y] === source && this.#shown[y]) continue;
      const cells = this.#compose(row, y);
      patch.row(y, this.#shown[y] ?? null, cells);
      this.#shown[y] = cells;
      this.#sources[y] = source;
    }
    const output = patch.finish();
    if (output !== '') this.#write(`\x1b[?2026h${output}\x1b[?2026l`);
  }

  #source(row: readonly Layer[], y: number): string {
    const [only] = row;
    if (only && row.length === 1 && this.#spans(only)) return lineAt(only, y);
    return row.map((layer) => `${layer.x},${layer.width}\0${lineAt(layer, y)}`).join('\0');
  }

  #spans(layer: Layer): boolean {
    return layer.x === 0 && layer.width >= this.#columns;
  }

  #compose(row: readonly Layer[], y: number): Cell[] {
    const cells: Cell[] = [];
    for (const layer of row) this.#blit(cells, layer, this.#parsed(lineAt(layer, y)));
    cells.length = Math.min(cells.length, this.#columns);
    const last = cells.at(-1);
    if (cells.length === this.#columns && last?.width === 2) cells[cells.length - 1] = BLANK;
    return cells;
  }

  /** Puts `line` over `cells`. An edge that cuts a wide character in two blanks the half that stays. */
  #blit(cells: Cell[], layer: Layer, line: readonly Cell[]): void {
    const { x: left } = layer;
    const right = Math.min(left + layer.width, this.#columns);
    while (cells.length < left) cells.push(BLANK);
    if (cells[left]?.width === 0) cells[left - 1] = BLANK;
    if (cells[right]?.width === 0) cells[right] = BLANK;
    const covered = cells.length > right ? right - left : Math.min(right - left, line.length);
    for (let i = 0; i < covered; i++) cells[left + i] = line[i] ?? BLANK;
    if (cells.length > left + covered && cells.length <= right) cells.length = left + covered;
    if (line[covered]?.width === 0 && covered > 0) cells[left + covered - 1] = BLANK;
  }

  #parsed(line: string): Cell[] {
    let cells = this.#cells.get(line);
    if (!cells) {
      if (this.#cells.size >= CACHED_LINES) this.#cells.clear();
      cells = this.#isUnicode ? parseCells(line) : asciiCells(parseCells(line));
      this.#cells.set(line, cells);
    }
    return cells;
  }

  /** If most rows of `layer` are shown already, some rows off, moves them there within the terminal. */
  #scroll(layer: Layer, rows: readonly (readonly Layer[])[], patch: FramePatch): void {
    const top = layer.y;
    const bottom = Math.min(this.#rows, layer.y + layer.height);
    if (bottom - top < MIN_SCROLL_ROWS || !this.#spans(layer)) return;
    const next: string[] = [];
    for (let y = top; y < bottom; y++) {
      if (rows[y]?.length !== 1) return;
      next.push(lineAt(layer, y));
    }
    const by = bestShift(this.#sources.slice(top, bottom), next);
    if (by === 0) return;
    patch.scroll(top, bottom, by);
    shift(this.#shown, top, bottom, by, () => []);
    // A source that no row can have: these rows are compared with blanks.
    shift(this.#sources, top, bottom, by, () => '\0');
  }
}

function layersOfRow(layers: readonly Layer[], y: number): readonly Layer[] {
  return layers.filter((layer) => y >= layer.y && y < layer.y + layer.height);
}

function lineAt(layer: Layer, y: number): string {
  return layer.lines[y - layer.y] ?? '';
}

/** By how many rows `shown` must move up (down if negative) to match `next` best; 0 unless that saves more than half the rows. */
function bestShift(shown: readonly string[], next: readonly string[]): number {
  const height = next.length;
  const matches = (by: number) => {
    let count = 0;
    for (let y = Math.max(0, -by); y < Math.min(height, height - by); y++) {
      if (next[y] === shown[y + by]) count++;
    }
    return count;
  };
  let best = 0;
  let bestCount = Math.max(matches(0), Math.floor(height / 2));
  for (let distance = 1; distance <= height >> 1; distance++) {
    for (const by of [distance, -distance]) {
      const count = matches(by);
      if (count > bestCount) {
        bestCount = count;
        best = by;
      }
    }
  }
  return best;
}

function shift<T>(rows: T[], top: number, bottom: number, by: number, blank: () => T): void {
  const part = rows.slice(top, bottom);
  for (let y = top; y < bottom; y++) rows[y] = part[y - top + by] ?? blank();
}
