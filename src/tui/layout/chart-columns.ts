/** Where the drawing of a chart lies in the terminal: right of its scale. */
export function chartColumns(columns: number): { readonly x: number; readonly width: number } {
  return { x: SCALE_CELLS, width: columns - SCALE_CELLS - 1 };
}

/** A duration, and a space. */
const SCALE_CELLS = 9;
