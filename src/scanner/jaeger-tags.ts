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
  isNull,
  next,
  readBoolean,
  skipSpace,
  skipValue,
  word,
} from './json';
import { JsonNames, name } from './json-names';
import { copyDouble, copyInteger, putText, written } from './json-number';
import { copied, copyString } from './json-string';
import { attributesEnd, copyBytes } from './otlp-attributes';
import { beginList, seeKey } from './seen-keys';

const FIELDS = new JsonNames(['key', 'type', 'value']);
const F_KEY: u32 = 0;
const F_TYPE: u32 = 1;
const ALL_FIELDS: u32 = 0b111;

const TYPES = new JsonNames(['string', 'bool', 'int64', 'float64', 'binary']);
export const STRING: u32 = 0;
export const BOOL: u32 = 1;
export const INT64: u32 = 2;
const FLOAT64: u32 = 3;

/** How tags begin and go on where there is no white space. */
const TAG_BEGIN = word('{"key":"');
const TYPE_BEGIN = word(',"type":');
const VALUE_BEGIN = word(',"value"');

/** Where the last tags that were copied end. */
export let tagsEnd: usize = 0;

/**
 * Takes a tag that is no attribute: told the address of its key in quotes, its type, and where its value begins. Gives the address
 * behind the value, or 0 for a tag that is an attribute.
 */
export type TakeTag = (key: usize, type: u32, value: usize) => usize;

/** Reads a list of tags, or null, and writes those that `take` leaves as an object of typed JSON to `out`, nothing for none. */
export function copyTags(from: usize, out: usize, take: TakeTag): usize {
  let p = skipSpace(from);
  tagsEnd = out;
  if (isNull(p)) return p + 4;
  p = skipSpace(expect(p, BRACKET));
  if (load<u8>(p) == CLOSING_BRACKET) return p + 1;
  const list = beginList();
  do {
    p = skipSpace(p);
    p = next(copyTag(p, out, list, take), CLOSING_BRACKET);
  } while (load<u8>(p - 1) == COMMA);
  if (tagsEnd != out) {
    store<u8>(tagsEnd, <u8>CLOSING_BRACE);
    tagsEnd++;
  }
  return p;
}

/** One tag, as the next entry of the object that begins at `out`. */
function copyTag(from: usize, out: usize, list: u32, take: TakeTag): usize {
  const entry = tagsEnd;
  if (load<u64>(from) != TAG_BEGIN) return copyUnusualTag(from, out, list, take);
  let p = copyString(from + 7, entry + 1);
  if (load<u64>(p) != TYPE_BEGIN) return copyUnusualTag(from, out, list, take);
  const keyEnd = copied;
  p = TYPES.read(p + 8);
  const type = name;
  if (load<u64>(p) != VALUE_BEGIN || load<u8>(p + 8) != COLON) {
    return copyUnusualTag(from, out, list, take);
  }
  store<u8>(entry, <u8>(entry == out ? BRACE : COMMA));
  p = copyEntry(type, p + 9, keyEnd, list, take);
  return expect(p, CLOSING_BRACE);
}

/** With white space, or with its fields in another order. */
function copyUnusualTag(from: usize, out: usize, list: u32, take: TakeTag): usize {
  const entry = tagsEnd;
  store<u8>(entry, <u8>(entry == out ? BRACE : COMMA));
  let p = expect(from, BRACE);
  let keyEnd: usize = 0;
  let type: u32 = 0;
  let valueAt: usize = 0;
  let seen: u32 = 0;
  do {
    p = skipSpace(FIELDS.field(p));
    if ((seen & (1 << name)) != 0) odd();
    seen |= 1 << name;
    if (name == F_KEY) {
      p = copyString(p, entry + 1);
      keyEnd = copied;
    } else if (name == F_TYPE) {
      p = TYPES.read(p);
      type = name;
    } else if (seen == ALL_FIELDS) {
      p = copyEntry(type, p, keyEnd, list, take);
    } else {
      valueAt = p;
      p = skipValue(p);
    }
    p = next(p, CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  if (seen != ALL_FIELDS) odd();
  if (valueAt != 0) expectEnd(copyEntry(type, valueAt, keyEnd, list, take));
  return p;
}

/** Takes the tag whose key stands behind `tagsEnd` up to `keyEnd`, or makes it an entry. */
function copyEntry(type: u32, from: usize, keyEnd: usize, list: u32, take: TakeTag): usize {
  const key = tagsEnd + 1;
  const p = skipSpace(from);
  const behind = take(key, type, p);
  if (behind != 0) return behind;
  seeKey(key, keyEnd - key, list);
  store<u8>(keyEnd, <u8>COLON);
  return copyValue(type, p, keyEnd + 1);
}

function copyValue(type: u32, from: usize, out: usize): usize {
  let p = from;
  if (type == STRING) {
    p = copyString(p, out);
    tagsEnd = copied;
  } else if (type == INT64) {
    p = copyInteger(p, out);
    tagsEnd = written;
  } else if (type == FLOAT64) {
    p = copyDouble(p, out);
    tagsEnd = written;
  } else if (type == BOOL) {
    p = readBoolean(p);
    tagsEnd = putText(out, boolean ? 'true' : 'false');
  } else {
    p = copyBytes(p, out);
    tagsEnd = attributesEnd;
  }
  return p;
}
