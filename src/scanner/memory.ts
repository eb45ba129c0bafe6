/** The one layout of linear memory. Every part is of a fixed size, so that memory never grows and views of it stay valid. */

/** Bytes of a dump that the scanner sees at a time; no span needs more. */
export const INPUT_BYTES: usize = 1 << 20;
/** Reading 16 bytes at a time may go beyond an end by as many. */
const PADDING: usize = 64;

/** A batch has no more rows, */
export const MAX_ROWS: u32 = 1 << 15;
/** and takes no more spans with so much text. */
export const FULL_TEXT_BYTES: usize = 8 << 20;
/** Texts of one span: seldom longer than its JSON, never four times as long. */
const SPAN_TEXT_BYTES: usize = 4 * INPUT_BYTES;

/** 64-bit columns of a row, then 32-bit ones, as in `SpanBatch`. */
export const INTS_BYTES: usize = 4 * 8;
export const WORDS_BYTES: usize = 13 * 4;

export const MAX_RARE: u32 = 1 << 15;
/** row, where its message begins, how long that is, where its extra fields begin, how long they are, digits of ids */
export const RARE_BYTES: usize = 6 * 4;
export const FULL_RARE_TEXT_BYTES: usize = 2 << 20;

/** What static data and objects need is far less. */
const BEGIN: usize = 1 << 20;

export const INPUT: usize = BEGIN;
export const TEXT: usize = INPUT + INPUT_BYTES + PADDING;
export const INTS: usize = TEXT + FULL_TEXT_BYTES + SPAN_TEXT_BYTES + PADDING;
export const WORDS: usize = INTS + <usize>MAX_ROWS * INTS_BYTES;
export const HASHES: usize = WORDS + <usize>MAX_ROWS * WORDS_BYTES;
export const RARE: usize = HASHES + <usize>MAX_ROWS * 8;
export const RARE_TEXT: usize = RARE + <usize>MAX_RARE * RARE_BYTES;
/** The name of the span at hand. */
export const NAME: usize = RARE_TEXT + FULL_RARE_TEXT_BYTES + SPAN_TEXT_BYTES + PADDING;
/** Texts of a span while they are put in order. */
export const SCRATCH: usize = NAME + INPUT_BYTES + PADDING;
const TABLES: usize = SCRATCH + SPAN_TEXT_BYTES + PADDING;

let end: usize = TABLES;

/** A part of memory that is set aside at the start. */
export function reserve(bytes: usize): usize {
  const at = end;
  end = (end + bytes + PADDING + 15) & ~15;
  const missing = <i32>((end + 0xffff) >> 16) - memory.size();
  if (missing > 0) memory.grow(missing);
  return at;
}

/** Whether the same `length` bytes stand at `a` and `b`. */
export function equalBytes(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  const rest = (length - i) << 3;
  if (rest == 0) return true;
  return (load<u64>(a + i) ^ load<u64>(b + i)) << (64 - rest) == 0;
}

/** A hash of `length` bytes for tables of this memory. */
export function tableHash(at: usize, length: usize): u32 {
  let hash: u64 = length;
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) hash = mixed(hash ^ load<u64>(at + i));
  const rest = (length - i) << 3;
  if (rest != 0) hash = mixed(hash ^ (load<u64>(at + i) << (64 - rest)));
  return <u32>(hash ^ (hash >> 32));
}

function mixed(hash: u64): u64 {
  const product = hash * 0x9e3779b97f4a7c15;
  return product ^ (product >> 29);
}
