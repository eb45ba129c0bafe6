import { BLANK, type Cell } from './cells.ts';

/** Rewriting up to this many unchanged cells takes fewer bytes than moving the cursor over them. */
const SHORT_GAP = 3;

/** Collects the control sequences that turn one frame into the next. Begins and ends with the default look. */
export class FramePatch {
  readonly #columns: number;
  #output = '';
  #sgr = '';
  /** Column after the last written cell of the current row; -1 when the cursor's place is unknown. */
  #cursor = -1;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Moves the rows from `top` to before `bottom` up by `by` (down if negative); rows that come in are blank. */
  scroll(top: number, bottom: number, by: number): void {
    this.#setSgr('');
    const command = by > 0 ? `${by}S` : `${-by}T`;
    this.#output += `\x1b[${top + 1};${bottom}r\x1b[${command}\x1b[r`;
  }

  /** Turns row `y` from `shown` into `next`; `shown` is null when the row's content is unknown. */
  row(y: number, shown: readonly Cell[] | null, next: readonly Cell[]): void {
    this.#cursor = -1;
    // Where terminals disagree about widths, what is around a change or behind the end cannot be trusted: such a row is written in full.
    const known = shown?.some(isAmbiguous) || next.some(isAmbiguous) ? null : shown;
    const end = contentEnd(next);
    for (let x = 0; x < end; ) {
      const cell = next[x] ?? BLANK;
      if (known === null || !isSame(known[x] ?? BLANK, cell)) this.#put(y, x, cell, next);
      x += Math.max(1, cell.width);
    }
    if (known === null || contentEnd(known) > end) this.#eraseFrom(y, end);
  }

  finish(): string {
    this.#setSgr('');
    return this.#output;
  }

  #put(y: number, x: number, cell: Cell, row: readonly Cell[]): void {
    if (cell.width === 0) return;
    this.#moveTo(y, x, row);
    this.#setSgr(cell.sgr);
    if (cell.isAmbiguous) {
      // Blank the cells, write, and do not trust the cursor: a wrong guess stays inside its own cells.
      this.#output += `${' '.repeat(cell.width)}\x1b[${y + 1};${x + 1}H${cell.text}`;
      this.#cursor = -1;
    } else {
      this.#output += cell.text;
      this.#cursor = x + cell.width;
    }
  }

  #moveTo(y: number, x: number, row: readonly Cell[]): void {
    if (this.#cursor === x) return;
    const gap =
      this.#cursor >= 0 && x - this.#cursor <= SHORT_GAP ? row.slice(this.#cursor, x) : [];
    if (gap.length > 0 && gap.every((cell) => cell.sgr === this.#sgr && cell.width === 1)) {
      for (const cell of gap) this.#output += cell.text;
    } else {
      this.#output += `\x1b[${y + 1};${x + 1}H`;
    }
  }

  #eraseFrom(y: number, x: number): void {
    if (x >= this.#columns) return;
    if (this.#cursor !== x) this.#output += `\x1b[${y + 1};${x + 1}H`;
    this.#setSgr('');
    this.#output += '\x1b[K';
  }

  #setSgr(sgr: string): void {
    if (sgr === this.#sgr) return;
    this.#output += sgr === '' ? '\x1b[m' : `\x1b[${sgrChange(this.#sgr, sgr)}m`;
    this.#sgr = sgr;
  }
}

/** The parts of a look, each '' for the default. */
interface Look {
  readonly attributes: string;
  readonly foreground: string;
  readonly background: string;
}

const looks = new Map<string, Look>();

/** The shortest parameters that turn one look into another, which is not the default. */
function sgrChange(from: string, to: string): string {
  const [before, after] = [lookOf(from), lookOf(to)];
  if (before.attributes !== after.attributes) return `0;${to}`;
  const changes: string[] = [];
  if (before.foreground !== after.foreground) changes.push(after.foreground || '39');
  if (before.background !== after.background) changes.push(after.background || '49');
  return changes.join(';');
}

function lookOf(sgr: string): Look {
  const known = looks.get(sgr);
  if (known) return known;
  const parameters = sgr.split(';');
  const look = { attributes: '', foreground: '', background: '' };
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i] ?? '';
    const length = lengthOfColor(parameters, i);
    const part = parameters.slice(i, i + length).join(';');
    if (/^(?:3|9)\d$/.test(parameter)) look.foreground = part;
    else if (/^(?:4|10)\d$/.test(parameter)) look.background = part;
    else look.attributes += `${part};`;
    i += length - 1;
  }
  looks.set(sgr, look);
  return look;
}

/** Parameters of the colour that begins at `at`; 1 for everything else. */
function lengthOfColor(parameters: readonly string[], at: number): number {
  if (parameters[at] !== '38' && parameters[at] !== '48') return 1;
  return parameters[at + 1] === '2' ? 5 : 3;
}

function isAmbiguous(cell: Cell): boolean {
  return cell.isAmbiguous;
}

function isSame(a: Cell, b: Cell): boolean {
  return a === b || (a.text === b.text && a.sgr === b.sgr);
}

/** Length of a row without the blanks at its end. */
function contentEnd(row: readonly Cell[]): number {
  let end = row.length;
  while (end > 0 && isSame(row[end - 1] ?? BLANK, BLANK)) end--;
  return end;
}
