/** Where a dialog stands, with its border: columns and rows of the terminal, from 0. */
export interface DialogBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Border and padding on both sides. */
const AROUND_COLUMNS = 4;
/** Border above and below, and the title. */
const AROUND_ROWS = 3;
/** Border and title. */
const ABOVE = 2;

/** A dialog with `lines` lines of `widthCells` below its title, in the middle of the terminal. */
export function dialogBox(
  widthCells: number,
  lines: number,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): DialogBox {
  const [width, height] = [widthCells + AROUND_COLUMNS, lines + AROUND_ROWS];
  return {
    x: Math.max(0, Math.floor((columns - width) / 2)),
    y: Math.max(0, Math.floor((rows - height) / 2)),
    width,
    height,
  };
}

/** The line of the dialog at a place of the terminal: -1 on its title and border, null outside. */
export function dialogLineAt(box: DialogBox, x: number, y: number): number | null {
  const isInside = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
  if (!isInside) return null;
  const line = y - box.y - ABOVE;
  return line < 0 || line >= box.height - AROUND_ROWS ? -1 : line;
}
