import { odd } from './host';
import { Interner } from './interner';
import { BRACE, CLOSING_BRACE, COLON, COMMA, expect, next, skipSpace, skipValue } from './json';
import { copied, copyText } from './json-string';
import { reserve } from './memory';
import { owners, rareEnd } from './rows';
import { beginList, beginLists, seeKey } from './seen-keys';

/** More members, and longer keys and values, are odd. */
const MAX_MEMBERS: u32 = 1024;
const MAX_BYTES: usize = 16 * 1024;

/** Of each member of the last object its key, as a number in `owners`, and its value, as one in `values`. */
export const MEMBERS = reserve(<usize>MAX_MEMBERS * 8);
let count: u32 = 0;

/** The texts of values, which are the same few again and again. */
export const values = new Interner(1 << 12, 2 << 20, MAX_BYTES);

/** Takes an object of objects apart. Whether its members are well-formed has to be looked at by the host, once for each text. */
export function readMembers(from: usize): void {
  let p = skipSpace(expect(from, BRACE));
  count = 0;
  if (load<u8>(p) == CLOSING_BRACE) p++;
  else {
    beginLists();
    const keys = beginList();
    do {
      p = next(readMember(skipSpace(p), keys), CLOSING_BRACE);
    } while (load<u8>(p - 1) == COMMA);
  }
  end = p;
}

let end: usize = 0;

function readMember(from: usize, keys: u32): usize {
  let p = copyText(from, rareEnd);
  const length = copied - rareEnd;
  // An escaped key is longer than what it means, and one text may stand for another.
  if (p - from != length + 2 || length > MAX_BYTES || owners.isFull || values.isFull) odd();
  if (count == MAX_MEMBERS) odd();
  seeKey(from, p - from, keys);
  const value = skipSpace(expect(p, COLON));
  if (load<u8>(value) != BRACE) odd();
  p = skipValue(value);
  if (p - value > MAX_BYTES) odd();
  const member = MEMBERS + ((<usize>count) << 3);
  store<u32>(member, owners.intern(rareEnd, length));
  store<u32>(member, values.intern(value, p - value), 4);
  count++;
  return p;
}

/** Behind the last object, and how many members it has. */
export function membersEnd(): usize {
  return end;
}

export function memberCount(): u32 {
  return count;
}

/** The texts of values, as those of names. */
export function valueCount(): u32 {
  return values.count;
}

export function valueBytes(): usize {
  return values.bytes;
}

export function valueEnds(): usize {
  return values.ends;
}

/** Whether there may be no room for more values. */
export function valuesAreFull(): bool {
  return values.isFull;
}

export function clearValues(): void {
  values.clear();
}
