import { beginExtra, endExtra, extraDebug, extraShared } from './extra';
import { odd } from './host';
import { digits, id, readHex, upper } from './ids';
import { beginSpanTags, extraTags, putScope } from './jaeger-span-tags';
import { micros, readMicros } from './jaeger-time';
import {
  BRACE,
  boolean,
  CLOSING_BRACE,
  COMMA,
  expect,
  expectEnd,
  isNull,
  next,
  readBoolean,
  skipSpace,
  skipValue,
} from './json';
import { JsonNames, name } from './json-names';
import { copied, copyText } from './json-string';
import { NAME, reserve } from './memory';
import {
  ATTRIBUTES,
  beginRow,
  commitRow,
  DURATION,
  EVENTS,
  FLAGS,
  ints,
  KIND,
  PARENT_ID,
  putColumnText,
  putDigits,
  SPAN_ID,
  START,
  TRACE_KEY_BYTES,
  textEnd,
  words,
} from './rows';
import { beginLists } from './seen-keys';
import { annotationsEnd, copyAnnotations } from './zipkin-annotations';
import { copyEndpoints } from './zipkin-endpoints';
import { beginZipkinTags, copyZipkinTags, putZipkinStatus, zipkinTagsEnd } from './zipkin-tags';

const FIELDS = new JsonNames([
  'traceId',
  'id',
  'parentId',
  'name',
  'kind',
  'timestamp',
  'duration',
  'tags',
  'annotations',
  'localEndpoint',
  'remoteEndpoint',
  'shared',
  'debug',
]);
const F_TRACE_ID: u32 = 0;
const F_ID: u32 = 1;
const F_PARENT_ID: u32 = 2;
const F_NAME: u32 = 3;
const F_KIND: u32 = 4;
const F_TIMESTAMP: u32 = 5;
const F_DURATION: u32 = 6;
const F_TAGS: u32 = 7;
const F_ANNOTATIONS: u32 = 8;
const F_LOCAL: u32 = 9;
const F_REMOTE: u32 = 10;
const F_SHARED: u32 = 11;
/** Of the fields: ids and times, without which there is something to report or to flag. */
const NEEDED: u32 =
  (1 << F_TRACE_ID) | (1 << F_ID) | (1 << F_NAME) | (1 << F_TIMESTAMP) | (1 << F_DURATION);

/** By index, what the kinds are in `SPAN_KINDS`. */
const KINDS = new JsonNames(['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER']);
const KIND_NUMBERS = memory.data<u32>([3, 2, 4, 5]);
const CLIENT: u32 = 3;

const SAMPLED: u32 = 1;

const MAX_INT64: u64 = 0x7fff_ffff_ffff_ffff;

const trace = reserve(TRACE_KEY_BYTES);
let spanDigits: u32 = 0;
let parentDigits: u32 = 0;
let nameLength: usize = 0;
let kind: u32 = 0;
let start: u64 = 0;
let duration: u64 = 0;
let isShared = false;
let isDebug = false;
/** Where fields stand that are read behind the others, 0 for none. */
let annotationsAt: usize = 0;
let localAt: usize = 0;
let remoteAt: usize = 0;

/** Reads one span of Zipkin's API v2 and adds its row. */
export function readZipkinSpan(from: usize): usize {
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
  // Zipkin says with 0 that there is none.
  if ((seen & NEEDED) != NEEDED || start == 0 || duration == 0) odd();
  if (start + duration > MAX_INT64) odd();
  store<u64>(ints, start, START);
  store<u64>(ints, duration, DURATION);
  putTexts();
  putFields();
  commitRow(trace, NAME, nameLength);
  return p;
}

function begin(): void {
  beginRow();
  beginLists();
  beginSpanTags();
  beginZipkinTags(textEnd);
  spanDigits = 0;
  parentDigits = 0;
  kind = 0;
  start = 0;
  duration = 0;
  isShared = false;
  isDebug = false;
  annotationsAt = 0;
  localAt = 0;
  remoteAt = 0;
}

function readField(from: usize, field: u32): usize {
  let p = skipSpace(from);
  switch (field) {
    case F_TRACE_ID:
      return readTraceId(p);
    case F_ID:
      p = readHex(p);
      spanDigits = idDigits();
      store<u64>(ints, id, SPAN_ID);
      return p;
    case F_PARENT_ID:
      return readParentId(p);
    case F_NAME:
      p = copyText(p, NAME);
      nameLength = copied - NAME;
      return p;
    case F_KIND:
      p = KINDS.read(p);
      kind = load<u32>(KIND_NUMBERS + ((<usize>name) << 2));
      return p;
    case F_TIMESTAMP:
      p = readMicros(p);
      start = micros;
      return p;
    case F_DURATION:
      p = readMicros(p);
      duration = micros;
      return p;
    case F_TAGS:
      return copyZipkinTags(p);
    case F_ANNOTATIONS:
      annotationsAt = p;
      return skipValue(p);
    case F_LOCAL:
      if (!isNull(p)) localAt = p;
      return skipValue(p);
    case F_REMOTE:
      if (!isNull(p)) remoteAt = p;
      return skipValue(p);
    default:
      p = readBoolean(p);
      if (field == F_SHARED) isShared = boolean;
      else isDebug = boolean;
      return p;
  }
}

function readTraceId(from: usize): usize {
  const p = readHex(from);
  store<u64>(trace, bswap(upper));
  store<u64>(trace, bswap(id), 8);
  store<u32>(trace, digits == 32 ? 0 : digits, 16);
  return p;
}

/** A parent of zeros, or the span itself, is none, which the ordinary way has to say. */
function readParentId(from: usize): usize {
  if (isNull(from)) return from + 4;
  const p = readHex(from);
  if (id == 0) odd();
  parentDigits = idDigits();
  store<u64>(ints, id, PARENT_ID);
  return p;
}

/** How many digits a span's id has in the dump; 0 for as many as it ought to have. */
function idDigits(): u32 {
  if (digits > 16) odd();
  return digits == 16 ? 0 : digits;
}

function putTexts(): void {
  const end = copyEndpoints(localAt, remoteAt, textEnd, zipkinTagsEnd);
  putColumnText(ATTRIBUTES, end);
  if (annotationsAt == 0) return;
  expectEnd(copyAnnotations(annotationsAt, textEnd, start));
  putColumnText(EVENTS, annotationsEnd);
}

function putFields(): void {
  if (load<u64>(ints, PARENT_ID) == load<u64>(ints, SPAN_ID)) odd();
  putDigits(spanDigits, parentDigits);
  if (kind != 0) store<u32>(words, kind, KIND);
  putZipkinStatus();
  putScope();
  if (isDebug) store<u32>(words, SAMPLED, FLAGS);
  beginExtra();
  extraTags();
  if (isShared && kindOfRow() != CLIENT) extraShared();
  if (isDebug) extraDebug();
  endExtra();
}

/** What the field says, or else the tag. */
function kindOfRow(): u32 {
  return load<u32>(words, KIND);
}
