import { odd } from './host';
import { beginExtra, endExtra, extraDropped, extraTraceState } from './extra';
import { id, readId64, readId128 } from './ids';
import {
  BRACE,
  CLOSING_BRACE,
  COMMA,
  expect,
  expectEnd,
  next,
  QUOTE,
  skipSpace,
  skipValue,
} from './json';
import { JsonNames, name } from './json-names';
import { integer, readInteger, readUint32 } from './json-number';
import { copied, copyText } from './json-string';
import { NAME, reserve } from './memory';
import { attributesEnd, copyAttributes } from './otlp-attributes';
import { copyEvents, copyLinks, eventsEnd } from './otlp-events';
import {
  ATTRIBUTES,
  beginRow,
  commitRow,
  DURATION,
  EVENTS,
  FLAGS,
  ints,
  KIND,
  LINKS,
  PARENT_ID,
  putColumnText,
  putMessage,
  rareEnd,
  SPAN_ID,
  START,
  STATUS,
  TRACE_KEY_BYTES,
  textEnd,
  words,
} from './rows';
import { beginLists } from './seen-keys';

const FIELDS = new JsonNames([
  'traceId trace_id',
  'spanId span_id',
  'parentSpanId parent_span_id',
  'name',
  'kind',
  'startTimeUnixNano start_time_unix_nano',
  'endTimeUnixNano end_time_unix_nano',
  'attributes',
  'events',
  'links',
  'status',
  'flags',
  'traceState trace_state',
  'droppedAttributesCount dropped_attributes_count',
  'droppedEventsCount dropped_events_count',
  'droppedLinksCount dropped_links_count',
]);
const F_TRACE_ID: u32 = 0;
const F_SPAN_ID: u32 = 1;
const F_PARENT_ID: u32 = 2;
const F_NAME: u32 = 3;
const F_KIND: u32 = 4;
const F_START: u32 = 5;
const F_END: u32 = 6;
const F_ATTRIBUTES: u32 = 7;
const F_EVENTS: u32 = 8;
const F_LINKS: u32 = 9;
const F_STATUS: u32 = 10;
const F_FLAGS: u32 = 11;
const F_TRACE_STATE: u32 = 12;
const F_DROPPED_ATTRIBUTES: u32 = 13;
const F_DROPPED_EVENTS: u32 = 14;
/** Of the fields: ids, start and end, without which there is something to report. */
const NEEDED: u32 = 0b0110_0011;
/** Of the fields: those that few spans have. */
const EXTRA: u32 = 0b1111 << F_TRACE_STATE;

const KINDS = new JsonNames([
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
]);

const STATUS_FIELDS = new JsonNames(['code', 'message']);
const CODES = new JsonNames(['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']);

const traceId = reserve(TRACE_KEY_BYTES);
let nameLength: usize = 0;
let start: u64 = 0;
let end: u64 = 0;
/** Events that came before the start of their span, 0 for none. */
let eventsAt: usize = 0;
let traceStateAt: usize = 0;
let droppedAttributes: u64 = 0;
let droppedEvents: u64 = 0;
let droppedLinks: u64 = 0;

/** Reads one Span of OTLP/JSON and adds its row. */
export function readOtlpSpan(from: usize): usize {
  begin();
  let seen: u32 = 0;
  let p = expect(from, BRACE);
  do {
    p = FIELDS.field(p);
    const field = name;
    if ((seen & (1 << field)) != 0) odd();
    seen |= 1 << field;
    p = next(readField(p, field), CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  if ((seen & NEEDED) != NEEDED || start == 0 || end < start) odd();
  store<u64>(ints, start, START);
  store<u64>(ints, end - start, DURATION);
  if (eventsAt != 0) readEvents(eventsAt);
  if ((seen & EXTRA) != 0) writeExtra();
  commitRow(traceId, NAME, nameLength);
  return p;
}

function begin(): void {
  beginRow();
  beginLists();
  nameLength = 0;
  start = 0;
  end = 0;
  eventsAt = 0;
  traceStateAt = 0;
  droppedAttributes = 0;
  droppedEvents = 0;
  droppedLinks = 0;
}

function readField(from: usize, field: u32): usize {
  let p = from;
  switch (field) {
    case F_TRACE_ID:
      return readId128(p, traceId);
    case F_SPAN_ID:
      p = readId64(p);
      store<u64>(ints, id, SPAN_ID);
      return p;
    case F_PARENT_ID:
      return readParent(p);
    case F_NAME:
      p = copyText(skipSpace(p), NAME);
      nameLength = copied - NAME;
      return p;
    case F_KIND:
      return readEnum(p, KINDS, KIND, 5);
    case F_START:
      p = readInteger(p);
      start = integer;
      return p;
    case F_END:
      p = readInteger(p);
      end = integer;
      return p;
    case F_ATTRIBUTES:
      p = copyAttributes(p, textEnd);
      putColumnText(ATTRIBUTES, attributesEnd);
      return p;
    case F_EVENTS:
      if (start != 0) return readEvents(p);
      eventsAt = p;
      return skipValue(p);
    case F_LINKS:
      p = copyLinks(p, textEnd);
      putColumnText(LINKS, eventsEnd);
      return p;
    case F_STATUS:
      return readStatus(p);
    case F_FLAGS:
      p = readUint32(p);
      store<u32>(words, <u32>integer, FLAGS);
      return p;
    default:
      return readExtra(p, field);
  }
}

/** A root has "", zeros, or no such field. */
function readParent(from: usize): usize {
  const p = skipSpace(from);
  if (load<u8>(p + 1) == QUOTE && load<u8>(p) == QUOTE) return p + 2;
  const behind = readId64(p);
  store<u64>(ints, id, PARENT_ID);
  return behind;
}

/** A value of an enumeration, by its number or its name. */
function readEnum(from: usize, names: JsonNames, column: usize, last: u32): usize {
  let p = skipSpace(from);
  if (load<u8>(p) == QUOTE) {
    p = names.read(p);
    store<u32>(words + column, name);
  } else {
    p = readUint32(p);
    if (integer > last) odd();
    store<u32>(words + column, <u32>integer);
  }
  return p;
}

function readEvents(from: usize): usize {
  const p = copyEvents(from, textEnd, start);
  expectEnd(p);
  putColumnText(EVENTS, eventsEnd);
  return p;
}

function readStatus(from: usize): usize {
  let p = skipSpace(expect(from, BRACE));
  if (load<u8>(p) == CLOSING_BRACE) return p + 1;
  let seen: u32 = 0;
  do {
    p = skipSpace(STATUS_FIELDS.field(p));
    if ((seen & (1 << name)) != 0) odd();
    seen |= 1 << name;
    if (name == 0) p = readEnum(p, CODES, STATUS, 2);
    else {
      p = copyText(p, rareEnd);
      putMessage(copied);
    }
    p = next(p, CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  return p;
}

function readExtra(from: usize, field: u32): usize {
  let p = skipSpace(from);
  if (field == F_TRACE_STATE) {
    traceStateAt = p;
    return skipValue(p);
  }
  p = readUint32(p);
  if (field == F_DROPPED_ATTRIBUTES) droppedAttributes = integer;
  else if (field == F_DROPPED_EVENTS) droppedEvents = integer;
  else droppedLinks = integer;
  return p;
}

/** Writes the extra fields as `SpanExtra`; nothing when they are empty. */
function writeExtra(): void {
  beginExtra();
  if (traceStateAt != 0) extraTraceState(traceStateAt);
  extraDropped(droppedAttributes, droppedEvents, droppedLinks);
  endExtra();
}
