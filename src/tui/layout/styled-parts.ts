import type { Style } from '../theme.ts';
import { cutText, textWidth } from './fit-text.ts';

/** A piece of a row: a text without styles and its look. */
export type Part = readonly [text: string, style?: Style];

/** The parts one after another in exactly `width` cells: the last ones that do not fit are cut. */
export function joinParts(parts: readonly Part[], width: number, ellipsis: string): string {
  let output = '';
  let left = width;
  for (const [text, style] of parts) {
    if (left <= 0) break;
    const shown = cutText(text, left, ellipsis);
    if (shown === '') continue;
    output += style ? style(shown) : shown;
    left -= textWidth(shown);
  }
  return output + ' '.repeat(Math.max(0, left));
}

export function partsWidth(parts: readonly Part[]): number {
  return parts.reduce((width, [text]) => width + textWidth(text), 0);
}

/** `left` at the left and `right` at the right edge of `width` cells; where both do not fit, `left` is cut. */
export function spreadParts(
  left: readonly Part[],
  right: readonly Part[],
  width: number,
  ellipsis: string,
): string {
  const rightWidth = Math.min(width, partsWidth(right));
  const room = Math.max(0, width - rightWidth - (rightWidth > 0 ? 1 : 0));
  const gap = rightWidth > 0 && rightWidth < width ? ' ' : '';
  return joinParts(left, room, ellipsis) + gap + joinParts(right, rightWidth, ellipsis);
}
