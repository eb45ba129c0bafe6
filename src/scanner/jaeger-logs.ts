import { odd } from './host';
import {
  BRACE,
  BRACKET,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COMMA,
  expect,
  expectEnd,
  isNull,
  next,
  skipSpace,
  skipValue,
  word,
} from './json';
import { JsonNames, name } from './json-names';
import { putInteger, putText } from './json-number';
import { copied, copyString } from './json-string';
import { micros, readMicros } from './jaeger-time';
import { copyTags, STRING, tagsEnd } from './jaeger-tags';
import { SCRATCH } from './memory';

const FIELDS = new JsonNames(['timestamp', 'fields']);
const F_TIMESTAMP: u32 = 0;

const EVENT = word('"event"');
const SEVEN_BYTES: u64 = 0xff_ffff_ffff_ffff;

/** An offset past ±(2^53 − 1) is written in another way. */
const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/** Where the last list of events that was copied ends. */
export let eventsEnd: usize = 0;

/** Where the name of the event at hand stands, 0 before it is known, and whether there was a field for it. */
let nameAt: usize = 0;
let hasEvent = false;

/** Reads the logs of a span that begins at `start` and writes them as the store keeps events to `out`, nothing for none. */
export function copyLogs(from: usize, out: usize, start: u64): usize {
  eventsEnd = out;
  let p = skipSpace(from);
  if (isNull(p)) return p + 4;
  p = skipSpace(expect(p, BRACKET));
  if (load<u8>(p) == CLOSING_BRACKET) return p + 1;
  let o = out;
  store<u8>(o++, <u8>BRACKET);
  do {
    p = next(copyLog(p, o, start), CLOSING_BRACKET);
    o = eventsEnd;
    store<u8>(o++, <u8>COMMA);
  } while (load<u8>(p - 1) == COMMA);
  store<u8>(o - 1, <u8>CLOSING_BRACKET);
  eventsEnd = o;
  return p;
}

function copyLog(from: usize, out: usize, start: u64): usize {
  let p = skipSpace(expect(from, BRACE));
  let time: u64 = 0;
  let seen: u32 = 0;
  let attributesEnd = SCRATCH;
  nameAt = 0;
  hasEvent = false;
  if (load<u8>(p) == CLOSING_BRACE) odd();
  do {
    p = skipSpace(FIELDS.field(p));
    if ((seen & (1 << name)) != 0) odd();
    seen |= 1 << name;
    if (name == F_TIMESTAMP) {
      p = readMicros(p);
      time = micros;
    } else {
      // The name comes before the attributes, but it is one of them.
      p = copyTags(p, SCRATCH, takeEvent);
      attributesEnd = tagsEnd;
    }
    p = next(p, CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  putEvent(out, time, start, attributesEnd - SCRATCH);
  return p;
}

/** The field `event` is the name, if it is a string. */
function takeEvent(key: usize, type: u32, value: usize): usize {
  if ((load<u64>(key) & SEVEN_BYTES) != EVENT) return 0;
  if (hasEvent) odd();
  hasEvent = true;
  if (type != STRING) return 0;
  nameAt = value;
  return skipValue(value);
}

/** Writes an event whose attributes are `length` bytes at `SCRATCH`. One without a time, or at 0, has no offset. */
function putEvent(out: usize, time: u64, start: u64, length: usize): void {
  let o = out;
  store<u8>(o++, <u8>BRACE);
  if (time != 0) {
    const offset = <i64>time - <i64>start;
    if (offset > MAX_SAFE_INTEGER || offset < -MAX_SAFE_INTEGER) odd();
    o = putInteger(putText(o, '"offsetNs":'), offset);
    store<u8>(o++, <u8>COMMA);
  }
  o = putText(o, '"name":');
  if (nameAt == 0) o = putText(o, '""');
  else {
    expectEnd(copyString(nameAt, o));
    o = copied;
  }
  if (length != 0) {
    o = putText(o, ',"attributes":');
    memory.copy(o, SCRATCH, length);
    o += length;
  }
  store<u8>(o, <u8>CLOSING_BRACE);
  eventsEnd = o + 1;
}
