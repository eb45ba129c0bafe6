import { odd } from './host';
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
  next,
  readBoolean,
  skipSpace,
  skipValue,
  word,
  ZERO,
} from './json';
import { JsonNames, name } from './json-names';
import { copyDouble, copyInteger, putText, written } from './json-number';
import { copied, copyString } from './json-string';
import { beginList, seeKey } from './seen-keys';

const ENTRY_FIELDS = new JsonNames(['key', 'value']);
const KEY: u32 = 0;
const VALUE: u32 = 1;

const VALUES = new JsonNames(['values']);

const TYPES = new JsonNames([
  'stringValue string_value',
  'intValue int_value',
  'doubleValue double_value',
  'boolValue bool_value',
  'arrayValue array_value',
  'kvlistValue kvlist_value',
  'bytesValue bytes_value',
]);
const STRING: u32 = 0;
const INT: u32 = 1;
const DOUBLE: u32 = 2;
const BOOL: u32 = 3;
const ARRAY: u32 = 4;
const KVLIST: u32 = 5;

const MAX_DEPTH = 16;

/** How most attributes begin and go on. */
const ENTRY_BEGIN = word('{"key":"');
const VALUE_BEGIN = word(',"value"');
const STRING_BEGIN = word('{"string');
const STRING_REST = word('gValue":');

/** Where the last attributes that were copied end. */
export let attributesEnd: usize = 0;

/** Reads a list of KeyValue and writes it as an object of typed JSON to `out`, nothing for an empty list. */
export function copyAttributes(from: usize, out: usize): usize {
  return copyEntries(from, out, 0);
}

function copyEntries(from: usize, out: usize, depth: i32): usize {
  let p = expect(from, BRACKET);
  attributesEnd = out;
  p = skipSpace(p);
  if (load<u8>(p) == CLOSING_BRACKET) return p + 1;
  const list = beginList();
  let o = out;
  store<u8>(o++, <u8>BRACE);
  do {
    p = skipSpace(p);
    p = next(copyEntry(p, o, list, depth), CLOSING_BRACKET);
    o = attributesEnd;
    store<u8>(o++, <u8>COMMA);
  } while (load<u8>(p - 1) == COMMA);
  store<u8>(o - 1, <u8>CLOSING_BRACE);
  attributesEnd = o;
  return p;
}

/** One KeyValue as `"key":value`. */
function copyEntry(from: usize, out: usize, list: u32, depth: i32): usize {
  if (load<u64>(from) != ENTRY_BEGIN) return copyUnusualEntry(from, out, list, depth);
  let p = copyString(from + 7, out);
  if (load<u64>(p) != VALUE_BEGIN || load<u8>(p + 8) != COLON) {
    return copyUnusualEntry(from, out, list, depth);
  }
  seeKey(out, copied - out, list);
  store<u8>(copied, <u8>COLON);
  p = copyValue(p + 9, copied + 1, depth);
  return expect(p, CLOSING_BRACE);
}

/** With white space, or with the value before the key. */
function copyUnusualEntry(from: usize, out: usize, list: u32, depth: i32): usize {
  let keyAt: usize = 0;
  let valueAt: usize = 0;
  let p = expect(from, BRACE);
  do {
    p = skipSpace(ENTRY_FIELDS.field(p));
    if ((name == KEY ? keyAt : valueAt) != 0) odd();
    if (name == KEY) keyAt = p;
    else valueAt = p;
    p = next(skipValue(p), CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  if (keyAt == 0 || valueAt == 0) odd();
  const keyEnd = copyString(keyAt, out);
  seeKey(out, copied - out, list);
  store<u8>(copied, <u8>COLON);
  const valueEnd = copyValue(valueAt, copied + 1, depth);
  expectEnd(keyEnd);
  expectEnd(valueEnd);
  return p;
}

/** One AnyValue. Sets `attributesEnd`. */
function copyValue(from: usize, out: usize, depth: i32): usize {
  let p = from;
  if (load<u64>(p) == STRING_BEGIN && load<u64>(p + 7) == STRING_REST) {
    p = copyString(skipSpace(p + 15), out);
    attributesEnd = copied;
    return expect(p, CLOSING_BRACE);
  }
  p = skipSpace(expect(p, BRACE));
  if (load<u8>(p) == CLOSING_BRACE) {
    attributesEnd = putText(out, 'null');
    return p + 1;
  }
  p = skipSpace(TYPES.field(p));
  switch (name) {
    case STRING:
      p = copyString(p, out);
      attributesEnd = copied;
      break;
    case INT:
      p = copyInteger(p, out);
      attributesEnd = written;
      break;
    case DOUBLE:
      p = copyDouble(p, out);
      attributesEnd = written;
      break;
    case BOOL:
      p = readBoolean(p);
      attributesEnd = putText(out, boolean ? 'true' : 'false');
      break;
    case ARRAY:
      p = copyArray(p, out, depth);
      break;
    case KVLIST:
      p = copyMap(p, out, depth);
      break;
    default:
      p = copyBytes(p, out);
  }
  return expect(p, CLOSING_BRACE);
}

function copyArray(from: usize, out: usize, depth: i32): usize {
  if (depth == MAX_DEPTH) odd();
  let p = skipSpace(expect(from, BRACE));
  let o = out;
  store<u8>(o++, <u8>BRACKET);
  if (load<u8>(p) != CLOSING_BRACE) {
    p = skipSpace(expect(VALUES.field(p), BRACKET));
    if (load<u8>(p) == CLOSING_BRACKET) p++;
    else {
      do {
        p = next(copyValue(skipSpace(p), o, depth + 1), CLOSING_BRACKET);
        o = attributesEnd;
        store<u8>(o++, <u8>COMMA);
      } while (load<u8>(p - 1) == COMMA);
      o--;
    }
  }
  store<u8>(o, <u8>CLOSING_BRACKET);
  attributesEnd = o + 1;
  return expect(p, CLOSING_BRACE);
}

function copyMap(from: usize, out: usize, depth: i32): usize {
  if (depth == MAX_DEPTH) odd();
  let p = skipSpace(expect(from, BRACE));
  const begin = putText(out, '{"m":');
  attributesEnd = begin;
  if (load<u8>(p) != CLOSING_BRACE) p = copyEntries(VALUES.field(p), begin, depth + 1);
  if (attributesEnd == begin) attributesEnd = putText(begin, '{}');
  store<u8>(attributesEnd, <u8>CLOSING_BRACE);
  attributesEnd++;
  return expect(p, CLOSING_BRACE);
}

/** Bytes in base64, if they are spelled as the store would. */
export function copyBytes(from: usize, out: usize): usize {
  const text = putText(out, '{"b":');
  const p = copyString(from, text);
  expectBase64(text + 1, copied - text - 2);
  attributesEnd = copied;
  store<u8>(attributesEnd, <u8>CLOSING_BRACE);
  attributesEnd++;
  return p;
}

function expectBase64(at: usize, length: usize): void {
  if ((length & 3) != 0) odd();
  let digits = length;
  if (length != 0 && load<u8>(at + digits - 1) == PADDING) digits--;
  if (length != 0 && load<u8>(at + digits - 1) == PADDING) digits--;
  let last: u32 = 0;
  for (let i: usize = 0; i < digits; i++) last = base64Digit(load<u8>(at + i));
  // What is left over in the last digit would be lost.
  const padding = length - digits;
  if ((padding == 1 && (last & 3) != 0) || (padding == 2 && (last & 15) != 0)) odd();
}

const PADDING: u32 = 0x3d;

function base64Digit(byte: u32): u32 {
  if (byte - 0x41 < 26) return byte - 0x41;
  if (byte - 0x61 < 26) return byte - 0x61 + 26;
  if (byte - ZERO < 10) return byte - ZERO + 52;
  if (byte == 0x2b) return 62;
  if (byte != 0x2f) odd();
  return 63;
}
