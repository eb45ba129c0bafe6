import { odd } from './host';
import { digits, id, readHex, upper } from './ids';
import { copyLogs, eventsEnd } from './jaeger-logs';
import {
  beginReferences,
  linksEnd,
  parent,
  parentDigits,
  readReferences,
  resolveReferences,
} from './jaeger-references';
import { beginSpanTags, putSpanTags, takeSpanTag } from './jaeger-span-tags';
import { copyTags, tagsEnd } from './jaeger-tags';
import { micros, readMicros } from './jaeger-time';
import {
  BRACE,
  CLOSING_BRACE,
  COMMA,
  expect,
  expectEnd,
  isNull,
  next,
  skipSpace,
  skipValue,
} from './json';
import { JsonNames, name } from './json-names';
import { integer, readUint32 } from './json-number';
import { copied, copyText } from './json-string';
import { INPUT, NAME, reserve } from './memory';
import {
  ATTRIBUTES,
  beginRow,
  commitRow,
  DURATION,
  EVENTS,
  FLAGS,
  ints,
  LINKS,
  PARENT_ID,
  putColumnText,
  putDigits,
  putOwner,
  rareEnd,
  RESOURCE,
  SOURCE,
  SPAN_ID,
  START,
  TRACE_KEY_BYTES,
  textEnd,
  words,
} from './rows';
import { beginLists } from './seen-keys';

const FIELDS = new JsonNames([
  'traceID',
  'spanID',
  'flags',
  'operationName',
  'references',
  'startTime',
  'duration',
  'tags',
  'logs',
  'processID',
  'warnings',
]);
const F_TRACE_ID: u32 = 0;
const F_SPAN_ID: u32 = 1;
const F_FLAGS: u32 = 2;
const F_NAME: u32 = 3;
const F_REFERENCES: u32 = 4;
const F_START: u32 = 5;
const F_DURATION: u32 = 6;
const F_TAGS: u32 = 7;
const F_LOGS: u32 = 8;
const F_PROCESS_ID: u32 = 9;
/** Of the fields: ids, times and process, without which there is something to report, or the process is another one. */
const NEEDED: u32 =
  (1 << F_TRACE_ID) | (1 << F_SPAN_ID) | (1 << F_START) | (1 << F_DURATION) | (1 << F_PROCESS_ID);

/** Bits of Jaeger's flags. */
const SAMPLED: u64 = 1;
const DEBUG: u64 = 2;

const MAX_INT64: u64 = 0x7fff_ffff_ffff_ffff;

const trace = reserve(TRACE_KEY_BYTES);
let traceUpper: u64 = 0;
let traceLower: u64 = 0;
let span: u64 = 0;
let spanDigits: u32 = 0;
let nameLength: usize = 0;
let start: u64 = 0;
let duration: u64 = 0;
let isDebug = false;
/** Fields that came before what they need, 0 for none: references before the ids, logs before the start; and warnings. */
let referencesAt: usize = 0;
let logsAt: usize = 0;
let warningsAt: usize = 0;

/** Reads one span of Jaeger's query API and adds its row. */
export function readJaegerSpan(from: usize): usize {
  begin(from);
  let seen: u32 = 0;
  let p = expect(from, BRACE);
  do {
    p = FIELDS.field(p);
    const field = name;
    if ((seen & (1 << field)) != 0) odd();
    p = next(readField(p, field, seen), CLOSING_BRACE);
    seen |= 1 << field;
  } while (load<u8>(p - 1) == COMMA);
  if ((seen & NEEDED) != NEEDED || start + duration > MAX_INT64) odd();
  store<u64>(ints, start, START);
  store<u64>(ints, duration, DURATION);
  if (logsAt != 0) expectEnd(readLogs(logsAt));
  if (referencesAt != 0) expectEnd(readReferences(referencesAt, traceUpper, traceLower));
  putReferences();
  putSpanTags(isDebug, warningsAt);
  commitRow(trace, NAME, nameLength);
  return p;
}

function begin(from: usize): void {
  beginRow();
  beginLists();
  beginReferences();
  beginSpanTags();
  store<u32>(words, <u32>(from - INPUT), SOURCE);
  nameLength = 0;
  isDebug = false;
  referencesAt = 0;
  logsAt = 0;
  warningsAt = 0;
}

function readField(from: usize, field: u32, seen: u32): usize {
  let p = skipSpace(from);
  switch (field) {
    case F_TRACE_ID:
      return readTraceId(p);
    case F_SPAN_ID:
      return readSpanId(p);
    case F_FLAGS:
      p = readUint32(p);
      store<u32>(words, <u32>(integer & SAMPLED), FLAGS);
      isDebug = (integer & DEBUG) != 0;
      return p;
    case F_NAME:
      p = copyText(p, NAME);
      nameLength = copied - NAME;
      return p;
    case F_REFERENCES:
      if ((seen & (1 << F_TRACE_ID)) != 0) return readReferences(p, traceUpper, traceLower);
      referencesAt = p;
      return skipValue(p);
    case F_START:
      p = readMicros(p);
      start = micros;
      return p;
    case F_DURATION:
      p = readMicros(p);
      duration = micros;
      return p;
    case F_TAGS:
      p = copyTags(p, textEnd, takeSpanTag);
      putColumnText(ATTRIBUTES, tagsEnd);
      return p;
    case F_LOGS:
      if ((seen & (1 << F_START)) != 0) return readLogs(p);
      logsAt = p;
      return skipValue(p);
    case F_PROCESS_ID:
      p = copyText(p, rareEnd);
      putOwner(RESOURCE, rareEnd, copied - rareEnd);
      return p;
    default:
      if (isNull(p)) return p + 4;
      warningsAt = p;
      return skipValue(p);
  }
}

function readTraceId(from: usize): usize {
  const p = readHex(from);
  traceUpper = upper;
  traceLower = id;
  store<u64>(trace, bswap(upper));
  store<u64>(trace, bswap(id), 8);
  store<u32>(trace, digits == 32 ? 0 : digits, 16);
  return p;
}

function readSpanId(from: usize): usize {
  const p = readHex(from);
  if (digits > 16) odd();
  span = id;
  spanDigits = digits == 16 ? 0 : digits;
  store<u64>(ints, id, SPAN_ID);
  return p;
}

function readLogs(from: usize): usize {
  const p = copyLogs(from, textEnd, start);
  putColumnText(EVENTS, eventsEnd);
  return p;
}

function putReferences(): void {
  resolveReferences(traceUpper, traceLower, span, textEnd);
  putColumnText(LINKS, linksEnd);
  store<u64>(ints, parent, PARENT_ID);
  putDigits(spanDigits, parentDigits);
}
