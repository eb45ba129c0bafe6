import { odd } from './host';
import { micros, readMicros } from './jaeger-time';
import {
  BRACE,
  BRACKET,
  boolean,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  expect,
  expectEnd,
  isNull,
  next,
  QUOTE,
  readBoolean,
  skipSpace,
  skipValue,
} from './json';
import { JsonNames, name } from './json-names';
import { copyInteger, putInteger, putText, written } from './json-number';
import { copied, copyString, copyText } from './json-string';
import { SCRATCH } from './memory';
import { beginList, seeKey } from './seen-keys';

const FIELDS = new JsonNames(['timestamp', 'value']);
const F_TIMESTAMP: u32 = 0;
const BOTH: u32 = 0b11;

/** An offset past ±(2^53 − 1) is written in another way. */
const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

const BAR: u32 = 0x7c;

const LETTER_F: u32 = 0x66;
const LETTER_T: u32 = 0x74;

/** Where the last list of events that was copied ends. */
export let annotationsEnd: usize = 0;

/** Reads the annotations of a span that begins at `start` and writes them as the store keeps events to `out`, nothing for none. */
export function copyAnnotations(from: usize, out: usize, start: u64): usize {
  annotationsEnd = out;
  let p = skipSpace(from);
  if (isNull(p)) return p + 4;
  p = skipSpace(expect(p, BRACKET));
  if (load<u8>(p) == CLOSING_BRACKET) return p + 1;
  let o = out;
  store<u8>(o++, <u8>BRACKET);
  do {
    p = next(copyAnnotation(p, o, start), CLOSING_BRACKET);
    o = annotationsEnd;
    store<u8>(o++, <u8>COMMA);
  } while (load<u8>(p - 1) == COMMA);
  store<u8>(o - 1, <u8>CLOSING_BRACKET);
  annotationsEnd = o;
  return p;
}

function copyAnnotation(from: usize, out: usize, start: u64): usize {
  let p = expect(from, BRACE);
  let seen: u32 = 0;
  let time: u64 = 0;
  let valueAt: usize = 0;
  do {
    p = skipSpace(FIELDS.field(p));
    if ((seen & (1 << name)) != 0) odd();
    seen |= 1 << name;
    if (name == F_TIMESTAMP) {
      p = readMicros(p);
      time = micros;
    } else {
      valueAt = p;
      p = skipValue(p);
    }
    p = next(p, CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  if (seen != BOTH || time == 0) odd();
  const offset = <i64>time - <i64>start;
  if (offset > MAX_SAFE_INTEGER || offset < -MAX_SAFE_INTEGER) odd();
  const o = putInteger(putText(out, '{"offsetNs":'), offset);
  putEvent(valueAt, putText(o, ',"name":'));
  return p;
}

/** Writes what the text at `from`, which was skipped before, says behind the time: a name, and attributes if it has them in it. */
function putEvent(from: usize, out: usize): void {
  expectEnd(copyText(from, SCRATCH));
  const end = copied;
  expectNoBar(end);
  if (end != SCRATCH && load<u8>(SCRATCH) == QUOTE) {
    if (load<u8>(end - 1) != CLOSING_BRACE) odd();
    store<u64>(end, 0);
    putAttributes(end, out);
  } else {
    copyString(from, out);
    store<u8>(copied, <u8>CLOSING_BRACE);
    annotationsEnd = copied + 1;
  }
}

/** The text up to `end` may hold attributes in the way of the collector: `name|{…}|0`. */
function expectNoBar(end: usize): void {
  for (let p = SCRATCH; p < end; p++) {
    if (load<u8>(p) == BAR && load<u8>(p + 1) == BRACE) odd();
  }
}

/** The text is JSON: `"name":{…}`, as the specification has it. */
function putAttributes(end: usize, out: usize): void {
  let p = expect(copyString(SCRATCH, out), COLON);
  let o = putText(copied, ',"attributes":');
  p = skipSpace(expect(p, BRACE));
  if (load<u8>(p) == CLOSING_BRACE) odd();
  store<u8>(o++, <u8>BRACE);
  const list = beginList();
  do {
    p = next(copyAttribute(skipSpace(p), o, list), CLOSING_BRACE);
    o = annotationsEnd;
    store<u8>(o++, <u8>COMMA);
  } while (load<u8>(p - 1) == COMMA);
  if (p != end) odd();
  store<u8>(o - 1, <u8>CLOSING_BRACE);
  store<u8>(o, <u8>CLOSING_BRACE);
  annotationsEnd = o + 1;
}

/** A string, a boolean or an integer; what else JSON has is rare here. */
function copyAttribute(from: usize, out: usize, list: u32): usize {
  let p = copyString(from, out);
  seeKey(out, copied - out, list);
  store<u8>(copied, <u8>COLON);
  const value = copied + 1;
  p = skipSpace(expect(p, COLON));
  const byte: u32 = load<u8>(p);
  if (byte == QUOTE) {
    p = copyString(p, value);
    annotationsEnd = copied;
  } else if (byte == LETTER_T || byte == LETTER_F) {
    p = readBoolean(p);
    annotationsEnd = putText(value, boolean ? 'true' : 'false');
  } else {
    p = copyInteger(p, value);
    annotationsEnd = written;
  }
  return p;
}
