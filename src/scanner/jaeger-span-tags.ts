import {
  beginExtra,
  beginWarnings,
  endExtra,
  endWarnings,
  extraDebug,
  extraDropped,
  extraTraceState,
} from './extra';
import { odd } from './host';
import {
  boolean,
  BRACKET,
  CLOSING_BRACKET,
  COMMA,
  expect,
  expectEnd,
  next,
  readBoolean,
  skipSpace,
  skipValue,
  word,
} from './json';
import { BOOL, INT64, STRING } from './jaeger-tags';
import { JsonNames, name } from './json-names';
import { integer, putText, readUint32 } from './json-number';
import { copied, copyString, copyText } from './json-string';
import { equalBytes } from './memory';
import { KIND, putMessage, putOwner, rareEnd, SCOPE, STATUS, words } from './rows';

/* The tags of a span that have a field of their own: what `otel-tags.ts` and `jaeger-status.ts` of the importer take out. */

const TAGS = new JsonNames([
  'span.kind',
  'error',
  'otel.status_code',
  'otel.status_description',
  'http.status_message',
  'w3c.tracestate',
  'otel.scope.name',
  'otel.scope.version',
  'otel.library.name',
  'otel.library.version',
  'otel.dropped_attributes_count',
  'otel.dropped_events_count',
  'otel.dropped_links_count',
]);
const T_KIND: u32 = 0;
const T_ERROR: u32 = 1;
const T_STATUS_CODE: u32 = 2;
const T_DESCRIPTION: u32 = 3;
const T_HTTP_MESSAGE: u32 = 4;
const T_TRACE_STATE: u32 = 5;
const T_SCOPE_NAME: u32 = 6;
const T_SCOPE_VERSION: u32 = 7;
const T_LIBRARY_NAME: u32 = 8;
const T_LIBRARY_VERSION: u32 = 9;
const T_DROPPED: u32 = 10;
const COUNT: u32 = 13;

/** How they begin, quote included: few other tags do. */
const SPAN = <u32>word('"spa');
const ERROR = <u32>word('"err');
const OTEL = <u32>word('"ote');
const W3C = <u32>word('"w3c');
const HTTP = word('"http.st');

const KINDS = new JsonNames([
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
]);

const OK: u32 = 1;
const FAILED: u32 = 2;

/** By tag: where the value of one that is needed later begins, 0 for none. */
const values = memory.data<usize>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
/** By kind of dropped things. */
const dropped = memory.data<u64>([0, 0, 0]);
let seen: u32 = 0;
let isError = false;
/** Status by `otel.status_code`. */
let named: u32 = 0;

export function beginSpanTags(): void {
  memory.fill(values, 0, COUNT * sizeof<usize>());
  memory.fill(dropped, 0, 24);
  seen = 0;
  isError = false;
  named = 0;
}

/** Where the value of a tag stands that was kept for later, 0 for none. */
function valueOf(tag: u32): usize {
  return load<usize>(values + ((<usize>tag) << alignof<usize>()));
}

/** Keeps a value for later; it is read then, so that skipping is enough now. */
function keep(tag: u32, value: usize): usize {
  store<usize>(values + ((<usize>tag) << alignof<usize>()), value);
  return skipValue(value);
}

/** As `TakeTag`. */
export function takeSpanTag(key: usize, type: u32, value: usize): usize {
  const begin = load<u32>(key);
  if (begin != SPAN && begin != OTEL && begin != ERROR && begin != W3C) {
    if (load<u64>(key) != HTTP) return 0;
  }
  if (TAGS.match(key) == 0) return 0;
  const tag = name;
  if ((seen & (1 << tag)) != 0) odd();
  seen |= 1 << tag;
  if (tag >= T_DROPPED) return takeDropped(tag - T_DROPPED, type, value);
  if (tag == T_ERROR) return takeError(type, value);
  if (type != STRING) {
    if (tag >= T_SCOPE_NAME) odd();
    return 0;
  }
  if (tag == T_KIND) return takeKind(value);
  if (tag == T_STATUS_CODE) return takeStatusCode(value);
  const behind = keep(tag, value);
  return tag == T_HTTP_MESSAGE ? 0 : behind;
}

/** A kind as exporters spell it. */
function takeKind(value: usize): usize {
  const p = KINDS.match(value);
  if (p == 0 || name == 0) odd();
  store<u32>(words, name, KIND);
  return p;
}

/** What is false stays an attribute; so does text that is more than true, a class of errors. */
function takeError(type: u32, value: usize): usize {
  if (type == BOOL) {
    const p = readBoolean(value);
    isError = boolean;
    return boolean ? p : 0;
  }
  if (type != STRING) odd();
  const p = copyText(value, rareEnd);
  const length = copied - rareEnd;
  if (length == 0 || isText(length, 'false')) return 0;
  isError = true;
  if (isText(length, 'true')) return p;
  keep(T_ERROR, value);
  return 0;
}

/** An unknown code would stay an attribute. */
function takeStatusCode(value: usize): usize {
  const p = copyText(value, rareEnd);
  const length = copied - rareEnd;
  if (isText(length, 'ok')) named = OK;
  else if (isText(length, 'error')) named = FAILED;
  else odd();
  return p;
}

/** Whether the text of `length` bytes at `rareEnd` is `text`, which has small letters only, in any case. */
function isText(length: usize, text: string): bool {
  if (length != text.length) return false;
  for (let i = 0; i < text.length; i++) {
    if ((load<u8>(rareEnd + i) | 0x20) != <u8>text.charCodeAt(i)) return false;
  }
  return true;
}

function takeDropped(kind: u32, type: u32, value: usize): usize {
  if (type != INT64) odd();
  const p = readUint32(value);
  store<u64>(dropped + ((<usize>kind) << 3), integer);
  return p;
}

/** Fills the fields that the tags say, now that all are known, and the extra ones that stand beside the tags; 0 for no warnings. */
export function putSpanTags(isDebug: bool, warningsAt: usize): void {
  putStatus();
  putScope();
  beginExtra();
  extraTags();
  if (isDebug) extraDebug();
  if (warningsAt != 0) putWarnings(warningsAt);
  endExtra();
}

/** Adds the extra fields that tags say. */
export function extraTags(): void {
  const traceState = valueOf(T_TRACE_STATE);
  if (traceState != 0) extraTraceState(traceState);
  extraDropped(load<u64>(dropped), load<u64>(dropped, 8), load<u64>(dropped, 16));
}

function putStatus(): void {
  const status = isError ? FAILED : named;
  store<u32>(words, status, STATUS);
  const description = valueOf(T_DESCRIPTION);
  // Without a status it would be an attribute.
  if (status == 0 && description != 0) odd();
  let message = description;
  if (message == 0 && isError) message = valueOf(T_ERROR);
  if (message == 0 && isError) message = valueOf(T_HTTP_MESSAGE);
  if (message == 0) return;
  expectEnd(copyText(message, rareEnd));
  putMessage(copied);
}

/** Writes the scope as two strings of JSON, nothing for none. */
export function putScope(): void {
  const scopeName = valueOf(T_SCOPE_NAME);
  const libraryName = valueOf(T_LIBRARY_NAME);
  const scopeVersion = valueOf(T_SCOPE_VERSION);
  const libraryVersion = valueOf(T_LIBRARY_VERSION);
  if ((scopeName | libraryName) == 0) {
    // A version alone is an attribute.
    if ((scopeVersion | libraryVersion) != 0) odd();
    putOwner(SCOPE, rareEnd, 0);
    return;
  }
  let end = putEqual(scopeName, libraryName, rareEnd);
  if (end == rareEnd + 2) odd();
  store<u8>(end, <u8>COMMA);
  end = putEqual(scopeVersion, libraryVersion, end + 1);
  putOwner(SCOPE, rareEnd, end - rareEnd);
}

/** Writes a string that stands in two places, which have to say the same, or in one; an empty one for none. */
function putEqual(first: usize, second: usize, out: usize): usize {
  if (first == 0 && second == 0) return putText(out, '""');
  expectEnd(copyString(first == 0 ? second : first, out));
  const end = copied;
  if (first == 0 || second == 0) return end;
  expectEnd(copyString(second, end));
  if (copied - end != end - out || !equalBytes(out, end, end - out)) odd();
  return end;
}

function putWarnings(from: usize): void {
  let p = skipSpace(expect(from, BRACKET));
  if (load<u8>(p) == CLOSING_BRACKET) return;
  let o = beginWarnings();
  store<u8>(o++, <u8>BRACKET);
  do {
    p = next(copyString(skipSpace(p), o), CLOSING_BRACKET);
    o = copied;
    store<u8>(o++, <u8>COMMA);
  } while (load<u8>(p - 1) == COMMA);
  store<u8>(o - 1, <u8>CLOSING_BRACKET);
  expectEnd(p);
  endWarnings(o);
}
