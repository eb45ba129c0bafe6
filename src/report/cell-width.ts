import stringWidth from 'string-width';

/** Printable ASCII, the other letters of Latin-1, and what tables are drawn with: a cell each. */
const NARROW = /^[\x20-\x7e\xa1-\xac\xae-\xff–…→]*$/;

/** Cells that cleaned text takes in a terminal. Looking for clusters in every text takes longer than all else of a large table. */
export function cellWidth(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}
