import { WORD, WORDS_PER_SPAN } from './span-columns.ts';

/**
 * SQL that takes chunks apart, for views that every SQLite can read: it has no function that turns bytes into a number, so the hex
 * digits are looked up one by one.
 */

/** Every span `n.span` of every trace `r` with its chunk `c`. CROSS JOIN keeps this order, so that a condition on the trace comes first. */
export const SPANS = `trace_rows r
  CROSS JOIN trace_chunks t ON t.trace_key = r.trace_key
  CROSS JOIN span_chunks c ON c.chunk_key = t.chunk_key
  CROSS JOIN span_numbers n ON n.span >= t.first AND n.span < t.first + t.spans`;

/** One of a span's words. */
export function word(index: number): string {
  return integer('c.words', WORDS_PER_SPAN * 4, index * 4, 4);
}

export const ID = 'lower(hex(substr(c.ids, n.span * 16 + 1, 8)))';

const PARENT = 'hex(substr(c.ids, n.span * 16 + 9, 8))';

export const PARENT_ID = `nullif(lower(${PARENT}), '0000000000000000')`;

export const START = integer('c.times', 16, 0, 8);

/** End − start. */
export const LENGTH = integer('c.times', 16, 8, 8);

export const ATTRIBUTES = text('0', WORD.attributes);
export const EVENTS = text(word(WORD.attributes), WORD.events);
export const LINKS = text(`${word(WORD.attributes)} + ${word(WORD.events)}`, WORD.links);

/** The text of a span that begins `before` bytes behind its first one. Empty when it has none. */
function text(before: string, length: number): string {
  return `CAST(substr(c.texts, ${word(WORD.textAt)} + ${before} + 1, ${word(length)}) AS TEXT)`;
}

/** A little-endian integer in a blob with `stride` bytes a span. The inner SELECT has its digits worked out once. */
function integer(blob: string, stride: number, offset: number, bytes: number): string {
  const digits = Array.from({ length: bytes * 2 }, (_, digit) => {
    const shift = Math.floor(digit / 2) * 8 + (digit % 2 === 0 ? 4 : 0);
    return `(instr('123456789ABCDEF', substr(h, ${digit + 1}, 1)) << ${shift})`;
  });
  return `(SELECT ${digits.join(' | ')} FROM (SELECT hex(substr(${blob}, n.span * ${stride} + ${offset + 1}, ${bytes})) AS h))`;
}
