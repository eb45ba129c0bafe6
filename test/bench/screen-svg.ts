/** A cell of the terminal as it is to be drawn. */
export interface PaintedCell {
  readonly text: string;
  /** Cells that the character takes; 0 for the second half of a wide one. */
  readonly width: number;
  readonly color: string;
  /** Null: the page's. */
  readonly background: string | null;
  readonly isBold: boolean;
}

const CELL_WIDTH = 8;
const CELL_HEIGHT = 17;
const MARGIN = 10;
/** Blocks that fill so many eighths of a cell from the left, from ▏ to █. */
const LEFT_BLOCKS = '▏▎▍▌▋▊▉█';
/** From the bottom, from ▁ to █. */
const LOWER_BLOCKS = '▁▂▃▄▅▆▇█';

/** A screen as a picture. Bars are drawn as shapes, because fonts leave gaps between block characters. */
export function screenSvg(rows: readonly (readonly PaintedCell[])[], page: string): string {
  const columns = Math.max(...rows.map(({ length }) => length));
  const width = columns * CELL_WIDTH + 2 * MARGIN;
  const height = rows.length * CELL_HEIGHT + 2 * MARGIN;
  const shapes = rows.flatMap((row, y) => [
    ...backgrounds(row, y),
    ...blocks(row, y),
    ...texts(row, y),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<title>The explorer of tracecli in a terminal</title>',
    `<rect width="100%" height="100%" rx="8" fill="${page}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" xml:space="preserve">`,
    ...shapes,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function rect(x: number, y: number, width: number, height: number, color: string): string {
  return `<rect x="${MARGIN + x}" y="${MARGIN + y}" width="${width}" height="${height}" fill="${color}"/>`;
}

/** Neighbours that are alike, as one. */
function runs<K>(row: readonly PaintedCell[], keyOf: (cell: PaintedCell) => K | null) {
  const found: { key: K; from: number; to: number }[] = [];
  for (const [x, cell] of row.entries()) {
    const key = keyOf(cell);
    const last = found.at(-1);
    if (key === null) continue;
    if (last && last.key === key && last.to === x) last.to = x + 1;
    else found.push({ key, from: x, to: x + 1 });
  }
  return found;
}

function backgrounds(row: readonly PaintedCell[], y: number): string[] {
  return runs(row, ({ background }) => background).map(({ key, from, to }) =>
    rect(from * CELL_WIDTH, y * CELL_HEIGHT, (to - from) * CELL_WIDTH, CELL_HEIGHT, key),
  );
}

function blocks(row: readonly PaintedCell[], y: number): string[] {
  const full = runs(row, ({ text, color }) => (text === '█' ? color : null)).map(
    ({ key, from, to }) =>
      rect(from * CELL_WIDTH, y * CELL_HEIGHT, (to - from) * CELL_WIDTH, CELL_HEIGHT, key),
  );
  const parts = row.flatMap(({ text, color }, x) => {
    const left = text === '█' ? -1 : LEFT_BLOCKS.indexOf(text);
    if (left >= 0 && text !== '') {
      return [rect(x * CELL_WIDTH, y * CELL_HEIGHT, left + 1, CELL_HEIGHT, color)];
    }
    const lower = text === '█' ? -1 : LOWER_BLOCKS.indexOf(text);
    if (lower < 0 || text === '') return [];
    const height = ((lower + 1) / 8) * CELL_HEIGHT;
    return [rect(x * CELL_WIDTH, (y + 1) * CELL_HEIGHT - height, CELL_WIDTH, height, color)];
  });
  return [...full, ...parts];
}

function isBlock(text: string): boolean {
  return text !== '' && (LEFT_BLOCKS.includes(text) || LOWER_BLOCKS.includes(text));
}

/** Runs of one look; each says how long it is, so that columns stay aligned whatever the font. */
function texts(row: readonly PaintedCell[], y: number): string[] {
  const look = (cell: PaintedCell) =>
    cell.text.trim() === '' || isBlock(cell.text) || cell.width !== 1
      ? null
      : `${cell.color}${cell.isBold ? ' bold' : ''}`;
  const narrow = runs(row, look).map(({ key, from, to }) => {
    const text = row
      .slice(from, to)
      .map((cell) => cell.text)
      .join('');
    return textElement(text, from, to - from, y, key);
  });
  const wide = row.flatMap((cell, x) =>
    cell.width === 2 ? [textElement(cell.text, x, 2, y, cell.color)] : [],
  );
  return [...narrow, ...wide];
}

function textElement(text: string, x: number, cells: number, y: number, look: string): string {
  const [color = '', bold] = look.split(' ');
  const weight = bold ? ' font-weight="bold"' : '';
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const left = MARGIN + x * CELL_WIDTH;
  const base = MARGIN + y * CELL_HEIGHT + 13;
  return `<text x="${left}" y="${base}" fill="${color}"${weight} textLength="${cells * CELL_WIDTH}" lengthAdjust="spacingAndGlyphs">${escaped}</text>`;
}
