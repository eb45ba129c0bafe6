import type { ChalkInstance } from 'chalk';
import CliTable from 'cli-table3';
import { cellWidth } from './cell-width.ts';
import { narrowText } from './clean-text.ts';
import type { Cell, Report, Section, Table, Tone } from './report.ts';

export interface TextOptions {
  /** Cells per line. */
  readonly width: number;
  /** Whether lines of text are broken to fit, as on a terminal; in a pipe a line stays one, for grep. Tables fit either way. */
  readonly wraps: boolean;
  readonly paint: ChalkInstance;
}

/** A report as text for a terminal or a log: titles, lines, and tables without frames, no line wider than `width` where columns can shrink. */
export function renderText(report: Report, options: TextOptions): string {
  return report.sections
    .filter(({ title, lines, tables }) => title !== '' || lines.length > 0 || tables.length > 0)
    .map((section) => renderSection(section, options))
    .join('\n');
}

function renderSection({ title, lines, tables, note }: Section, options: TextOptions): string {
  const out: string[] = [];
  if (title !== '') out.push(options.paint.bold(narrowText(title)));
  for (const line of lines) {
    out.push(
      ...linesOf(narrowText(line.text), options).map((text) => styled(line, text, options.paint)),
    );
  }
  const notes = new Set<string>();
  for (const whole of tables) {
    const { table, widths } = fittedTable(whole, options.width);
    out.push(renderTable(table, widths, options.paint));
    for (const column of table.columns) {
      if (column.note !== undefined) notes.add(`${column.header}: ${column.note}`);
    }
  }
  if (notes.size > 0) {
    const text = [...notes].join('; ');
    out.push(...linesOf(text, options).map((line) => options.paint.dim(line)));
  }
  if (note !== undefined) {
    out.push(...linesOf(narrowText(note), options).map((text) => options.paint.dim(text)));
  }
  return `${out.join('\n')}\n`;
}

const GAP = 2;
const NO_FRAME = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((part) => [part, '']),
);

function renderTable(table: Table, widths: readonly number[], paint: ChalkInstance): string {
  const rows = textsOf(table);
  const grid = new CliTable({
    chars: NO_FRAME,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: widths.map((cells, column) => cells + (column < widths.length - 1 ? GAP : 0)),
    colAligns: table.columns.map(() => 'left'),
  });
  const line = (texts: readonly string[], style: (text: string, column: number) => string) =>
    grid.push(texts.map((text, column) => style(placed(text, table, widths, column), column)));

  line(
    table.columns.map((column) => column.header),
    (text) => paint.dim(text),
  );
  rows.forEach((texts, row) => {
    line(texts, (text, column) => styled(table.rows[row]?.[column], text, paint));
  });
  const text = grid.toString().replace(/[ \t]+$/gm, '');
  return table.omitted > 0
    ? `${text}\n${paint.dim(`… ${table.omitted.toLocaleString('en')} more`)}`
    : text;
}

function textsOf({ rows }: Table): string[][] {
  return rows.map((row) => row.map((cell) => narrowText(cell.text)));
}

/** The table and its columns' widths: without the columns that leave, as many as it takes to fit into `width`. */
function fittedTable(whole: Table, width: number): { table: Table; widths: number[] } {
  // Headers may be names of a query's or a dump's.
  const columns = whole.columns.map((column) => ({ ...column, header: narrowText(column.header) }));
  for (let table: Table = { ...whole, columns }; ; ) {
    const { widths, isReadable } = columnWidths(table, textsOf(table), width);
    const leaving = table.columns.reduce(
      (first, { leaves = 0 }, index) =>
        leaves > (table.columns[first]?.leaves ?? 0) ? index : first,
      -1,
    );
    if (isReadable || leaving === -1) return { table, widths };
    table = {
      ...table,
      columns: table.columns.toSpliced(leaving, 1),
      rows: table.rows.map((row) => row.toSpliced(leaving, 1)),
    };
  }
}

/** Where columns may still leave, texts keep at least this much. */
const READABLE = 24;
const MIN_SHRUNK = 8;

/**
 * Each column as wide as its widest text; then the shrinking ones give way, the widest first, until the table fits. `isReadable` is
 * whether that cut none too short.
 */
function columnWidths(
  { columns }: Table,
  rows: readonly string[][],
  width: number,
): { widths: number[]; isReadable: boolean } {
  const natural = columns.map((column, index) =>
    Math.max(cellWidth(column.header), ...rows.map((row) => cellWidth(row[index] ?? '')), 1),
  );
  const widths = [...natural];
  const total = () => widths.reduce((sum, cells) => sum + cells, 0) + GAP * (widths.length - 1);
  while (total() > width) {
    const widest = columns.reduce(
      (best, column, index) =>
        column.shrinks && (widths[index] ?? 0) > (widths[best] ?? 0) ? index : best,
      -1,
    );
    const cells = widths[widest];
    if (cells === undefined || cells <= MIN_SHRUNK) break;
    widths[widest] = cells - 1;
  }
  const isReadable =
    total() <= width &&
    widths.every((cells, index) => cells >= Math.min(READABLE, natural[index] ?? 0));
  return { widths, isReadable };
}

/** `text` cut to its column and aligned in it. */
function placed(text: string, table: Table, widths: readonly number[], column: number): string {
  const cells = widths[column] ?? 0;
  const cut = fitted(text, cells);
  const space = ' '.repeat(Math.max(0, cells - cellWidth(cut)));
  return table.columns[column]?.align === 'right' ? space + cut : cut + space;
}

/** The beginning of `text` that fits into `cells`, with an ellipsis where something was cut off. */
export function fitted(text: string, cells: number): string {
  if (cellWidth(text) <= cells) return text;
  let kept = '';
  for (const character of text) {
    if (cellWidth(kept + character) > cells - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** `text` in lines of at most `width` cells where it `wraps`, broken between words; later lines start below the first word of the first. */
export function linesOf(
  text: string,
  { width, wraps }: Pick<TextOptions, 'width' | 'wraps'>,
): string[] {
  if (!wraps || cellWidth(text) <= width) return [text];
  const [indent = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(' ')) {
    const longer = line === '' ? indent + word : `${line} ${word}`;
    if (line !== '' && cellWidth(longer) > width) {
      lines.push(line);
      line = `${indent}  ${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function styled(cell: Cell | undefined, text: string, paint: ChalkInstance): string {
  return TONES[cell?.tone ?? 'plain'](paint)(text);
}

const TONES: Readonly<Record<Tone, (paint: ChalkInstance) => (text: string) => string>> = {
  plain: () => (text) => text,
  strong: (paint) => paint.bold,
  dim: (paint) => paint.dim,
  error: (paint) => paint.red,
  warning: (paint) => paint.yellow,
  accent: (paint) => paint.cyan,
};
