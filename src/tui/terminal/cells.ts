import stringWidth from 'string-width';

/** One cell of the terminal. A wide character is a cell of width 2 followed by one of width 0 and empty text. */
export interface Cell {
  readonly text: string;
  /** SGR parameters in a fixed order, e.g. `1;38;5;208`; '' for the terminal's default. Equal looks have equal strings. */
  readonly sgr: string;
  readonly width: 0 | 1 | 2;
  /** Terminals disagree about this character's width (emoji and what joins, colours or varies them). */
  readonly isAmbiguous: boolean;
}

export const BLANK: Cell = { text: ' ', sgr: '', width: 1, isAmbiguous: false };

const AMBIGUOUS = /\ufe0f|\u200d|\u20e3|[\u{1f000}-\u{1fbff}]/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The cells of one line of text with SGR sequences; any other control sequence is a mistake of ours and is left out. */
export function parseCells(line: string): Cell[] {
  const cells: Cell[] = [];
  const style = new SgrState();
  let narrow = narrowCells('');
  let at = 0;
  while (at < line.length) {
    const code = line.charCodeAt(at);
    if (code === 0x1b) {
      const end = line.indexOf('m', at);
      if (line[at + 1] !== '[' || end < 0) break;
      style.apply(line.slice(at + 2, end));
      narrow = narrowCells(style.sgr);
      at = end + 1;
    } else if (isNarrow(code)) {
      cells.push(narrow.get(code) ?? newNarrowCell(narrow, code, style.sgr));
      at++;
    } else {
      const end = endOfOthers(line, at);
      pushGraphemes(cells, line.slice(at, end), style.sgr);
      at = end;
    }
  }
  return cells;
}

/** By look and character: a screen has ten thousand cells and some hundred different ones, which all rows share. */
const narrowByLook = new Map<string, Map<number, Cell>>();
/** Looks are made of the theme's colours; more than it has were made of something else. */
const MOST_LOOKS = 500;

function narrowCells(sgr: string): Map<number, Cell> {
  let cells = narrowByLook.get(sgr);
  if (!cells) {
    if (narrowByLook.size >= MOST_LOOKS) narrowByLook.clear();
    cells = new Map();
    narrowByLook.set(sgr, cells);
  }
  return cells;
}

function newNarrowCell(cells: Map<number, Cell>, code: number, sgr: string): Cell {
  const cell = { text: String.fromCharCode(code), sgr, width: 1, isAmbiguous: false } as const;
  cells.set(code, cell);
  return cell;
}

/** Signs with a near relative in ASCII; whatever else is not ASCII becomes `?`. */
const ASCII_RELATIVES: Readonly<Record<string, string>> = {
  µ: 'u',
  '…': '~',
  '–': '-',
  '’': "'",
  '“': '"',
  '”': '"',
  '×': 'x',
};

/** The cells for a terminal that knows only ASCII: as many as before, so that columns stay where they are. */
export function asciiCells(cells: readonly Cell[]): Cell[] {
  return cells.map((cell) => {
    const isAscii = cell.text !== '' && cell.text <= '~';
    const text = isAscii ? cell.text : (ASCII_RELATIVES[cell.text] ?? '?');
    return { text, sgr: cell.sgr, width: 1, isAmbiguous: false };
  });
}

/** Latin, and the box drawing and block elements that bars are made of: one cell each, no look-up needed. */
function isNarrow(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || (code > 0xa0 && code < 0x300) || isDrawing(code);
}

function isDrawing(code: number): boolean {
  return code >= 0x2500 && code < 0x2600;
}

function endOfOthers(line: string, start: number): number {
  let end = start + 1;
  while (end < line.length && line.charCodeAt(end) !== 0x1b && !isNarrow(line.charCodeAt(end))) {
    end++;
  }
  return end;
}

function pushGraphemes(cells: Cell[], text: string, sgr: string): void {
  for (const { segment } of graphemes.segment(text)) {
    const width = stringWidth(segment);
    if (width === 0) continue;
    const isAmbiguous = AMBIGUOUS.test(segment) || Array.from(segment).length > 1;
    cells.push({ text: segment, sgr, width: width === 1 ? 1 : 2, isAmbiguous });
    if (width > 1) cells.push({ text: '', sgr, width: 0, isAmbiguous: false });
  }
}

/** Which attribute an SGR parameter switches off. */
const OFF: Readonly<Record<string, readonly string[]>> = {
  '22': ['1', '2'],
  '23': ['3'],
  '24': ['4'],
  '27': ['7'],
  '29': ['9'],
};

/** The current look while reading a line from left to right. */
class SgrState {
  sgr = '';
  #foreground = '';
  #background = '';
  readonly #attributes = new Set<string>();

  apply(parameters: string): void {
    const list = parameters.split(';');
    for (let i = 0; i < list.length; i++) {
      const parameter = list[i] ?? '';
      if (parameter === '38' || parameter === '48') {
        const length = list[i + 1] === '2' ? 5 : 3;
        this.#setColor(parameter === '38', list.slice(i, i + length).join(';'));
        i += length - 1;
      } else {
        this.#applyOne(parameter);
      }
    }
    const attributes = [...this.#attributes].sort();
    this.sgr = [...attributes, this.#foreground, this.#background].filter(Boolean).join(';');
  }

  #applyOne(parameter: string): void {
    const off = OFF[parameter];
    if (parameter === '' || parameter === '0') this.#reset();
    else if (off) for (const attribute of off) this.#attributes.delete(attribute);
    else if (parameter === '39') this.#foreground = '';
    else if (parameter === '49') this.#background = '';
    else if (/^[39]\d$/.test(parameter)) this.#foreground = parameter;
    else if (/^(?:4|10)\d$/.test(parameter)) this.#background = parameter;
    else this.#attributes.add(parameter);
  }

  #setColor(isForeground: boolean, color: string): void {
    if (isForeground) this.#foreground = color;
    else this.#background = color;
  }

  #reset(): void {
    this.#foreground = '';
    this.#background = '';
    this.#attributes.clear();
  }
}
