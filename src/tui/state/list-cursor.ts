/** Which row of a list is selected and which one is at the top of the screen. */
export interface ListCursor {
  readonly selected: number;
  readonly top: number;
}

/** `value` within 0 … `count` − 1; 0 for an empty list. */
export function clampRow(value: number, count: number): number {
  return Math.max(0, Math.min(value, count - 1));
}

/** The `top` nearest to the given one that shows row `selected` of `count` in `height` rows and leaves no blank rows in vain. */
export function topShowing(top: number, selected: number, count: number, height: number): number {
  const lowest = Math.max(0, count - height);
  return Math.max(0, Math.min(lowest, Math.max(selected - height + 1, Math.min(top, selected))));
}

/** As `topShowing`, but a row that was off the screen comes to its middle: for jumps. */
export function topCentering(top: number, selected: number, count: number, height: number): number {
  const isShown = selected >= top && selected < top + height;
  const wanted = isShown ? top : selected - (height >> 1);
  return topShowing(wanted, selected, count, height);
}

/** Scrolls by `by` rows as a wheel does: the selection stays where it is unless it would leave the screen. */
export function scrollBy(
  cursor: ListCursor,
  by: number,
  count: number,
  height: number,
): ListCursor {
  const top = Math.max(0, Math.min(Math.max(0, count - height), cursor.top + by));
  const selected = Math.max(top, Math.min(cursor.selected, top + height - 1));
  return { top, selected: clampRow(selected, count) };
}

/** Commands that move by rows, as numbers of rows; the list is shorter than infinity. */
export function rowsOf(command: string, height: number): number | null {
  switch (command) {
    case 'down':
      return 1;
    case 'up':
      return -1;
    case 'page-down':
      return Math.max(1, height - 1);
    case 'page-up':
      return -Math.max(1, height - 1);
    case 'half-down':
      return Math.max(1, height >> 1);
    case 'half-up':
      return -Math.max(1, height >> 1);
    case 'first':
      return Number.NEGATIVE_INFINITY;
    case 'last':
      return Number.POSITIVE_INFINITY;
    default:
      return null;
  }
}
