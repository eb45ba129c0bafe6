import stringWidth from 'string-width';

const ASCII = /^[\x20-\x7e]*$/;
/** Names repeat from frame to frame; the map is emptied when it grows past this. */
const CACHED_WIDTHS = 20_000;
const widths = new Map<string, number>();
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Width of a text without styles, in terminal cells. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = widths.get(text);
  if (width === undefined) {
    if (widths.size >= CACHED_WIDTHS) widths.clear();
    width = stringWidth(text);
    widths.set(text, width);
  }
  return width;
}

/** `text` cut to at most `width` cells, with an ellipsis where something is missing. No styles in it. */
export function cutText(text: string, width: number, ellipsis = '…'): string {
  if (width <= 0) return '';
  if (textWidth(text) <= width) return text;
  const room = width - textWidth(ellipsis);
  if (ASCII.test(text)) return text.slice(0, room) + ellipsis;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const cells = textWidth(segment);
    if (used + cells > room) break;
    kept += segment;
    used += cells;
  }
  return kept + ellipsis;
}

/** `text` cut or filled with spaces to exactly `width` cells. */
export function fitText(text: string, width: number, ellipsis = '…'): string {
  const cut = cutText(text, width, ellipsis);
  return cut + ' '.repeat(Math.max(0, width - textWidth(cut)));
}

/** As `fitText`, with the spaces on the left. */
export function fitRight(text: string, width: number, ellipsis = '…'): string {
  const cut = cutText(text, width, ellipsis);
  return ' '.repeat(Math.max(0, width - textWidth(cut))) + cut;
}

/** `text` in lines of at most `width` cells, broken after spaces where possible; at least one line. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (textWidth(rest) > width) {
    const head = headOf(rest, width);
    const space = head.lastIndexOf(' ');
    const end = space > width / 3 ? space + 1 : head.length;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  lines.push(rest);
  return lines;
}

/** As much of the beginning as fits into `width` cells, at least one character. */
function headOf(text: string, width: number): string {
  if (ASCII.test(text)) return text.slice(0, Math.max(1, width));
  let head = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += textWidth(segment);
    if (used > width && head !== '') break;
    head += segment;
  }
  return head;
}
