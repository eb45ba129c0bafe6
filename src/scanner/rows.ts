import { chainedHash, textHash, utf16Length, wordsHash } from './content-hash';
import { odd } from './host';
import { Interner } from './interner';
import {
  FULL_RARE_TEXT_BYTES,
  FULL_TEXT_BYTES,
  HASHES,
  INPUT_BYTES,
  INTS,
  INTS_BYTES,
  MAX_RARE,
  MAX_ROWS,
  RARE,
  RARE_BYTES,
  RARE_TEXT,
  reserve,
  SCRATCH,
  TEXT,
  WORDS,
  WORDS_BYTES,
} from './memory';

/*
 * The rows of spans, laid out as in `SpanBatch`. The row at hand is the one behind the last that was committed: a span that turns out
 * to be odd leaves no trace.
 */

/** Offsets of 64-bit columns in a row; a parent of 0 is none. */
export const SPAN_ID: usize = 0;
export const PARENT_ID: usize = 8;
export const START: usize = 16;
export const DURATION: usize = 24;

/** Offsets of 32-bit columns in a row. */
const TRACE: usize = 0;
const NAME: usize = 4;
/** Until the host says what a row belongs to: numbers in `owners` of what the span says of that, and where it begins in the input. */
export const RESOURCE: usize = 8;
export const SCOPE: usize = 12;
export const SOURCE: usize = 16;
export const KIND: usize = 20;
export const STATUS: usize = 24;
export const TIME_FLAGS: usize = 28;
export const FLAGS: usize = 32;
const TEXT_AT: usize = 36;
/** The three texts of a row, in the order in which they stand. */
export const ATTRIBUTES: usize = 40;
export const EVENTS: usize = 44;
export const LINKS: usize = 48;

/** A longer name is odd: hashes of longer texts are made piece by piece. */
const MAX_NAME_BYTES: usize = 16 * 1024;

/** How many rows have been committed. */
export let rows: u32 = 0;
export let rareRows: u32 = 0;
/** The columns of the row at hand. */
export let ints: usize = INTS;
export let words: usize = WORDS;
/** Where the text of the row at hand begins, and where the next piece of it goes. */
let textAt: usize = TEXT;
export let textEnd: usize = TEXT;
/** Where the next text of a rare field goes, and where it goes if the row at hand fails. */
export let rareEnd: usize = RARE_TEXT;
let rareAt: usize = RARE_TEXT;

/** Where each text of the row at hand stands, as it came. */
const textStarts = reserve(3 * 4);
let textsInOrder = true;
let lastText: usize = 0;

let messageAt: usize = 0;
let messageLength: usize = 0;
let extraAt: usize = 0;
let extraLength: usize = 0;
let digits: u32 = 0;

/** The 16 bytes of a trace's id, then how many digits it has in the dump (32 bits), 0 for all. */
export const TRACE_KEY_BYTES: usize = 20;
export const traces = new Interner(MAX_ROWS, <usize>MAX_ROWS * TRACE_KEY_BYTES, TRACE_KEY_BYTES);
export const names = new Interner(1 << 14, 1 << 20, MAX_NAME_BYTES);
/** Of formats whose spans say themselves what they belong to: what they say. */
export const owners = new Interner(1 << 12, 1 << 20, MAX_NAME_BYTES);
/** By name, as part of a row's hash. */
const nameHashes = reserve((1 << 14) * 8);
/** How many there were before the last row. */
let namesBefore: u32 = 0;
let tracesBefore: u32 = 0;
/** What of a row's columns is part of its hash. */
const CONTENT_WORDS: u32 = 13;
const content = reserve(<usize>CONTENT_WORDS * 4);

/** Bytes of text of the rows so far. */
export function textBytes(): usize {
  return textAt - TEXT;
}

/** Whether the rows have to be taken before another one. */
export function isFull(): bool {
  return (
    rows == MAX_ROWS ||
    rareRows == MAX_RARE ||
    textAt > TEXT + FULL_TEXT_BYTES ||
    rareAt > RARE_TEXT + FULL_RARE_TEXT_BYTES ||
    names.isFull ||
    owners.isFull ||
    traces.isFull
  );
}

/** Forgets all rows. */
export function clearRows(): void {
  rows = 0;
  rareRows = 0;
  ints = INTS;
  words = WORDS;
  textAt = TEXT;
  textEnd = TEXT;
  rareAt = RARE_TEXT;
  rareEnd = RARE_TEXT;
  traces.clear();
  names.clear();
  owners.clear();
}

/** Begins the row at hand, again if it was begun and not committed. */
export function beginRow(): void {
  memory.fill(ints, 0, INTS_BYTES);
  memory.fill(words, 0, WORDS_BYTES);
  textEnd = textAt;
  rareEnd = rareAt;
  textsInOrder = true;
  lastText = 0;
  messageLength = 0;
  extraLength = 0;
  digits = 0;
}

/** What the span says of its resource (`RESOURCE`) or its scope (`SCOPE`) are the `length` bytes at `at`. */
export function putOwner(column: usize, at: usize, length: usize): void {
  if (length > MAX_NAME_BYTES) odd();
  store<u32>(words + column, owners.intern(at, length));
}

/** The ids of the span and its parent have so many digits in the dump, which are not all; 0 for an id that is spelled in full. */
export function putDigits(span: u32, parent: u32): void {
  digits = span | (parent << 8);
}

/** The text that was written from `textEnd` to `end` goes to `column`. */
export function putColumnText(column: usize, end: usize): void {
  if (end == textEnd) return;
  store<u32>(textStarts + (column - ATTRIBUTES), <u32>textEnd);
  store<u32>(words + column, <u32>(end - textEnd));
  if (column < lastText) textsInOrder = false;
  lastText = column;
  textEnd = end;
}

/** The status message was written, as UTF-8, from `rareEnd` to `end`. */
export function putMessage(end: usize): void {
  messageAt = rareEnd;
  messageLength = end - rareEnd;
  rareEnd = end;
}

/** The extra fields were written, as JSON, from `rareEnd` to `end`. */
export function putExtra(end: usize): void {
  extraAt = rareEnd;
  extraLength = end - rareEnd;
  rareEnd = end;
}

/**
 * The row at hand is complete: it belongs to the trace whose key is at `trace` and has the name of `nameLength` bytes of UTF-8 at
 * `nameAt`. Checks what every format has to: ids that are zero, a span that is its own parent.
 */
export function commitRow(trace: usize, nameAt: usize, nameLength: usize): void {
  if ((load<u64>(trace) | load<u64>(trace, 8)) == 0) odd();
  const spanId = load<u64>(ints, SPAN_ID);
  if (spanId == 0 || nameLength > MAX_NAME_BYTES) odd();
  if (load<u64>(ints, PARENT_ID) == spanId) store<u64>(ints, 0, PARENT_ID);
  if (!textsInOrder) orderTexts();
  namesBefore = names.count;
  tracesBefore = traces.count;
  const name = internName(nameAt, nameLength);
  store<u32>(words, traces.intern(trace, TRACE_KEY_BYTES), TRACE);
  store<u32>(words, name, NAME);
  store<u32>(words, <u32>(textAt - TEXT), TEXT_AT);
  store<u32>(textEnd, 0);
  textEnd = (textEnd + 3) & ~3;
  store<f64>(
    HASHES + ((<usize>rows) << 3),
    <f64>rowHash(load<u64>(nameHashes + ((<usize>name) << 3))),
  );
  if (messageLength != 0 || extraLength != 0 || digits != 0) commitRare();
  textAt = textEnd;
  rareAt = rareEnd;
  rows++;
  ints += INTS_BYTES;
  words += WORDS_BYTES;
}

/** Forgets the last row. */
export function dropLastRow(): void {
  names.cutTo(namesBefore);
  traces.cutTo(tracesBefore);
  rows--;
  ints -= INTS_BYTES;
  words -= WORDS_BYTES;
  textAt = TEXT + load<u32>(words, TEXT_AT);
  if (rareRows != 0 && load<u32>(RARE + <usize>(rareRows - 1) * RARE_BYTES) == rows) rareRows--;
}

function internName(at: usize, length: usize): u32 {
  const known = names.count;
  const name = names.intern(at, length);
  if (name == known) {
    store<u32>(at + length, 0);
    const hash = chainedHash(textHash(at, length), utf16Length(at, length));
    store<u64>(nameHashes + ((<usize>name) << 3), hash);
  }
  return name;
}

/** Of everything but ids, rare fields and what the row belongs to. */
function rowHash(nameHash: u64): u64 {
  memory.copy(content, words + KIND, 16);
  memory.copy(content + 16, words + ATTRIBUTES, 12);
  memory.copy(content + 28, ints + PARENT_ID, 24);
  const texts = <u32>((textEnd - textAt) >> 2);
  return wordsHash(textAt, texts, wordsHash(content, CONTENT_WORDS, nameHash));
}

/** Puts texts that came in another order in that of the columns. */
function orderTexts(): void {
  let o = SCRATCH;
  for (let column = ATTRIBUTES; column <= LINKS; column += 4) {
    const length: usize = load<u32>(words + column);
    memory.copy(o, load<u32>(textStarts + (column - ATTRIBUTES)), length);
    o += length;
  }
  memory.copy(textAt, SCRATCH, o - SCRATCH);
}

function commitRare(): void {
  const rare = RARE + <usize>rareRows * RARE_BYTES;
  store<u32>(rare, rows);
  store<u32>(rare + 4, <u32>(messageAt - RARE_TEXT));
  store<u32>(rare + 8, <u32>messageLength);
  store<u32>(rare + 12, <u32>(extraAt - RARE_TEXT));
  store<u32>(rare + 16, <u32>extraLength);
  store<u32>(rare + 20, digits);
  rareRows++;
}
