import { odd } from './host';
import { hexBytes } from './ids';
import {
  BRACE,
  BRACKET,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COMMA,
  expect,
  expectEnd,
  next,
  skipSpace,
  skipValue,
} from './json';
import { JsonNames, name } from './json-names';
import { integer, putInteger, putText, readInteger, readUint32 } from './json-number';
import { copied, copyString } from './json-string';
import { attributesEnd, copyAttributes } from './otlp-attributes';

const FIELDS = new JsonNames([
  'timeUnixNano time_unix_nano',
  'name',
  'attributes',
  'droppedAttributesCount dropped_attributes_count',
]);
const TIME: u32 = 0;
const NAME: u32 = 1;
const ATTRIBUTES: u32 = 2;

/** An offset past ±(2^53 − 1) is written in another way. */
const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/** Where the last list of events that was copied ends. */
export let eventsEnd: usize = 0;

/** Reads the events of a span that begins at `start` and writes them as the store keeps them to `out`, nothing for an empty list. */
export function copyEvents(from: usize, out: usize, start: u64): usize {
  eventsEnd = out;
  let p = skipSpace(expect(from, BRACKET));
  if (load<u8>(p) == CLOSING_BRACKET) return p + 1;
  let o = out;
  store<u8>(o++, <u8>BRACKET);
  do {
    p = next(copyEvent(p, o, start), CLOSING_BRACKET);
    o = eventsEnd;
    store<u8>(o++, <u8>COMMA);
  } while (load<u8>(p - 1) == COMMA);
  store<u8>(o - 1, <u8>CLOSING_BRACKET);
  eventsEnd = o;
  return p;
}

function copyEvent(from: usize, out: usize, start: u64): usize {
  let p = skipSpace(expect(from, BRACE));
  let time: u64 = 0;
  let nameAt: usize = 0;
  let attributesAt: usize = 0;
  let dropped: u64 = 0;
  let seen: u32 = 0;
  let o: usize = 0;
  if (load<u8>(p) == CLOSING_BRACE) odd();
  do {
    p = skipSpace(FIELDS.field(p));
    if ((seen & (1 << name)) != 0) odd();
    seen |= 1 << name;
    switch (name) {
      case TIME:
        p = readInteger(p);
        time = integer;
        break;
      case NAME:
        nameAt = p;
        p = skipValue(p);
        break;
      case ATTRIBUTES:
        if ((seen & 3) == 3) {
          // What stands before them is known, as it mostly is.
          p = copyEventAttributes(p, putHead(out, time, nameAt, start));
          o = eventsEnd;
        } else {
          attributesAt = p;
          p = skipValue(p);
        }
        break;
      default:
        p = readUint32(p);
        dropped = integer;
    }
    p = next(p, CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  if (o == 0) {
    o = putHead(out, time, nameAt, start);
    if (attributesAt != 0) {
      expectEnd(copyEventAttributes(attributesAt, o));
      o = eventsEnd;
    }
  }
  if (dropped != 0) o = putInteger(putText(o, ',"dropped":'), dropped);
  store<u8>(o, <u8>CLOSING_BRACE);
  eventsEnd = o + 1;
  return p;
}

/** An event's time and name. One without a time, or at 0, has no offset. */
function putHead(out: usize, time: u64, nameAt: usize, start: u64): usize {
  let o = out;
  store<u8>(o++, <u8>BRACE);
  if (time != 0) {
    const offset = <i64>time - <i64>start;
    if (offset > MAX_SAFE_INTEGER || offset < -MAX_SAFE_INTEGER) odd();
    o = putInteger(putText(o, '"offsetNs":'), offset);
    store<u8>(o++, <u8>COMMA);
  }
  o = putText(o, '"name":');
  if (nameAt == 0) return putText(o, '""');
  expectEnd(copyString(nameAt, o));
  return copied;
}

/** Writes `,"attributes":{…}`, nothing for none. Sets `eventsEnd`. */
function copyEventAttributes(from: usize, out: usize): usize {
  const begin = putText(out, ',"attributes":');
  const p = copyAttributes(from, begin);
  eventsEnd = attributesEnd == begin ? out : attributesEnd;
  return p;
}

const LINK_FIELDS = new JsonNames([
  'traceId trace_id',
  'spanId span_id',
  'traceState trace_state',
  'flags',
  'attributes',
  'droppedAttributesCount dropped_attributes_count',
]);
const LINK_TRACE: u32 = 0;
const LINK_SPAN: u32 = 1;
const LINK_TRACE_STATE: u32 = 2;
const LINK_FLAGS: u32 = 3;
const LINK_ATTRIBUTES: u32 = 4;
/** Of the fields, those without which there is no link. */
const LINK_IDS: u32 = 3;

/** The same as `copyEvents` for links. Sets `eventsEnd`. */
export function copyLinks(from: usize, out: usize): usize {
  eventsEnd = out;
  let p = skipSpace(expect(from, BRACKET));
  if (load<u8>(p) == CLOSING_BRACKET) return p + 1;
  let o = out;
  store<u8>(o++, <u8>BRACKET);
  do {
    p = next(copyLink(p, o), CLOSING_BRACKET);
    o = eventsEnd;
    store<u8>(o++, <u8>COMMA);
  } while (load<u8>(p - 1) == COMMA);
  store<u8>(o - 1, <u8>CLOSING_BRACKET);
  eventsEnd = o;
  return p;
}

function copyLink(from: usize, out: usize): usize {
  let p = expect(from, BRACE);
  let traceAt: usize = 0;
  let spanAt: usize = 0;
  let stateAt: usize = 0;
  let attributesAt: usize = 0;
  let flags: u64 = 0;
  let dropped: u64 = 0;
  let seen: u32 = 0;
  do {
    p = skipSpace(LINK_FIELDS.field(p));
    if ((seen & (1 << name)) != 0) odd();
    seen |= 1 << name;
    switch (name) {
      case LINK_TRACE:
        traceAt = p;
        p = skipValue(p);
        break;
      case LINK_SPAN:
        spanAt = p;
        p = skipValue(p);
        break;
      case LINK_TRACE_STATE:
        stateAt = p;
        p = skipValue(p);
        break;
      case LINK_FLAGS:
        p = readUint32(p);
        flags = integer;
        break;
      case LINK_ATTRIBUTES:
        attributesAt = p;
        p = skipValue(p);
        break;
      default:
        p = readUint32(p);
        dropped = integer;
    }
    p = next(p, CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  if ((seen & LINK_IDS) != LINK_IDS) odd();
  let o = putLinkIds(out, traceAt, spanAt);
  if (stateAt != 0) o = putTraceState(o, stateAt);
  if (flags != 0) o = putInteger(putText(o, ',"flags":'), flags);
  if (attributesAt != 0) {
    expectEnd(copyEventAttributes(attributesAt, o));
    o = eventsEnd;
  }
  if (dropped != 0) o = putInteger(putText(o, ',"dropped":'), dropped);
  store<u8>(o, <u8>CLOSING_BRACE);
  eventsEnd = o + 1;
  return p;
}

function putLinkIds(out: usize, traceAt: usize, spanAt: usize): usize {
  let at = putText(out, '{"traceId":');
  expectEnd(copyString(traceAt, at));
  if (copied - at != 34 || (hexBytes(at + 1) | hexBytes(at + 17)) == 0) odd();
  at = putText(copied, ',"spanId":');
  expectEnd(copyString(spanAt, at));
  if (copied - at != 18 || hexBytes(at + 1) == 0) odd();
  return copied;
}

/** Writes `,"traceState":"…"`, nothing for an empty one. */
function putTraceState(out: usize, from: usize): usize {
  const begin = putText(out, ',"traceState":');
  expectEnd(copyString(from, begin));
  return copied - begin == 2 ? out : copied;
}
