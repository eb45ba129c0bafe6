/** Widths in cells: `▌◆` | label | duration | self time | bars. */
export interface WaterfallColumns {
  readonly label: number;
  readonly self: number;
  readonly bars: number;
  /** Column of the terminal where the bars begin. */
  readonly barsX: number;
}

/** Cursor and mark of the critical path. */
export const GUTTER = 2;
export const TIME_CELLS = 8;
/** Names longer than this say little more; bars gain by the rest. */
const WIDEST_LABEL = 76;

export function waterfallColumns(columns: number, showsSelfTime: boolean): WaterfallColumns {
  const label = Math.min(WIDEST_LABEL, Math.floor(columns * 0.42));
  const self = showsSelfTime ? TIME_CELLS : 0;
  const barsX = GUTTER + label + TIME_CELLS + self + 1;
  return { label, self, bars: columns - barsX, barsX };
}
