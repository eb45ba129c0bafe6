import { odd } from './host';
import { digits, id, readHex, upper } from './ids';
import {
  BRACE,
  BRACKET,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COMMA,
  expect,
  isNull,
  next,
  skipSpace,
} from './json';
import { JsonNames, name } from './json-names';
import { putText } from './json-number';
import { reserve } from './memory';

const FIELDS = new JsonNames(['refType', 'traceID', 'spanID']);
const F_TYPE: u32 = 0;
const F_TRACE: u32 = 1;
const F_SPAN: u32 = 2;

const REF_TYPES = new JsonNames(['CHILD_OF', 'FOLLOWS_FROM']);
const CHILD_OF: u32 = 0;
const FOLLOWS_FROM: u32 = 1;

/** More references of one span are odd. */
const MAX_REFERENCES: u32 = 1024;
/** The trace's id in two halves, the span's id, its digits in the dump, the type. */
const UPPER: usize = 0;
const LOWER: usize = 8;
const SPAN: usize = 16;
const DIGITS: usize = 24;
const TYPE: usize = 28;
const REFERENCE_BYTES: usize = 32;
const list = reserve(<usize>MAX_REFERENCES * REFERENCE_BYTES);

let count: u32 = 0;

/** The parent of the last span whose references were resolved, 0 for a root, and how many digits its id has in the dump. */
export let parent: u64 = 0;
export let parentDigits: u32 = 0;
/** Where the links that were written end. */
export let linksEnd: usize = 0;

/** The references of a span begin. */
export function beginReferences(): void {
  count = 0;
}

/** The span that refers: what is left out of a reference is its own. */
let ownUpper: u64 = 0;
let ownLower: u64 = 0;
let ownSpan: u64 = 0;

/** Reads a list of references, or null, of a span of the trace `traceUpper`, `traceLower`. */
export function readReferences(from: usize, traceUpper: u64, traceLower: u64): usize {
  ownUpper = traceUpper;
  ownLower = traceLower;
  let p = skipSpace(from);
  if (isNull(p)) return p + 4;
  p = skipSpace(expect(p, BRACKET));
  if (load<u8>(p) == CLOSING_BRACKET) return p + 1;
  do {
    p = next(readReference(p), CLOSING_BRACKET);
  } while (load<u8>(p - 1) == COMMA);
  return p;
}

function readReference(from: usize): usize {
  let p = expect(from, BRACE);
  let seen: u32 = 0;
  let type = CHILD_OF;
  let traceUpper = ownUpper;
  let traceLower = ownLower;
  let span: u64 = 0;
  let spanDigits: u32 = 0;
  do {
    p = FIELDS.field(p);
    const field = name;
    if ((seen & (1 << field)) != 0) odd();
    seen |= 1 << field;
    if (field == F_TYPE) {
      p = REF_TYPES.read(p);
      type = name;
    } else {
      p = readHex(p);
      if (field == F_TRACE) {
        traceUpper = upper;
        traceLower = id;
      } else {
        span = id;
        spanDigits = digits;
      }
    }
    p = next(p, CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  if ((seen & (1 << F_SPAN)) == 0) odd();
  addReference(type, traceUpper, traceLower, span, spanDigits);
  return p;
}

/** A span id of 0 refers to nothing: the span is a root. */
function addReference(type: u32, traceUpper: u64, traceLower: u64, span: u64, length: u32): void {
  if (span == 0) return;
  if (length > 16 || (traceUpper | traceLower) == 0 || count == MAX_REFERENCES) odd();
  const at = list + <usize>count * REFERENCE_BYTES;
  store<u64>(at, traceUpper, UPPER);
  store<u64>(at, traceLower, LOWER);
  store<u64>(at, span, SPAN);
  store<u32>(at, length == 16 ? 0 : length, DIGITS);
  store<u32>(at, type, TYPE);
  count++;
}

/**
 * Finds the parent among the references that were read, and writes the others as links to `out`, as `resolveReferences` of the
 * importer does.
 */
export function resolveReferences(traceUpper: u64, traceLower: u64, span: u64, out: usize): void {
  ownUpper = traceUpper;
  ownLower = traceLower;
  ownSpan = span;
  parent = 0;
  parentDigits = 0;
  linksEnd = out;
  if (count == 0) return;
  if (!findParent(CHILD_OF)) findParent(FOLLOWS_FROM);
  putLinks(out);
}

function isOwnTrace(at: usize): bool {
  return load<u64>(at, UPPER) == ownUpper && load<u64>(at, LOWER) == ownLower;
}

/** The first of a type in the same trace that is not the span itself. */
function findParent(type: u32): bool {
  const end = list + <usize>count * REFERENCE_BYTES;
  for (let at = list; at < end; at += REFERENCE_BYTES) {
    const span = load<u64>(at, SPAN);
    if (load<u32>(at, TYPE) != type || span == ownSpan || !isOwnTrace(at)) continue;
    parent = span;
    parentDigits = load<u32>(at, DIGITS);
    return true;
  }
  return false;
}

function putLinks(out: usize): void {
  const end = list + <usize>count * REFERENCE_BYTES;
  let o = out;
  for (let at = list; at < end; at += REFERENCE_BYTES) {
    if (isTold(at)) continue;
    store<u8>(o, <u8>(o == out ? BRACKET : COMMA));
    o = putText(o + 1, '{"traceId":"');
    o = putHex(putHex(o, load<u64>(at, UPPER)), load<u64>(at, LOWER));
    o = putHex(putText(o, '","spanId":"'), load<u64>(at, SPAN));
    o = putText(o, '","attributes":{"opentracing.ref_type":"');
    o = putText(o, load<u32>(at, TYPE) == CHILD_OF ? 'child_of' : 'follows_from');
    o = putText(o, '"}}');
  }
  if (o == out) return;
  store<u8>(o, <u8>CLOSING_BRACKET);
  linksEnd = o + 1;
}

/** Whether all that a reference says is said by the parent, or is that there is none. */
function isTold(at: usize): bool {
  const span = load<u64>(at, SPAN);
  const isChild = load<u32>(at, TYPE) == CHILD_OF && isOwnTrace(at);
  return isChild && (span == parent || span == ownSpan);
}

/** Writes 16 hex digits. */
function putHex(out: usize, value: u64): usize {
  for (let i: usize = 0; i < 16; i++) {
    const digit = <u32>(value >> (60 - (i << 2))) & 15;
    store<u8>(out + i, <u8>(digit < 10 ? 0x30 + digit : 0x57 + digit));
  }
  return out + 16;
}
