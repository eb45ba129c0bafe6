import { odd } from './host';
import { takeSpanTag } from './jaeger-span-tags';
import { STRING } from './jaeger-tags';
import {
  BRACE,
  CLOSING_BRACE,
  COLON,
  COMMA,
  expect,
  isNull,
  next,
  skipSpace,
  skipValue,
  word,
} from './json';
import { JsonNames, name } from './json-names';
import { copied, copyString, copyText } from './json-string';
import { equalBytes } from './memory';
import { putMessage, rareEnd, STATUS, words } from './rows';
import { beginList, seeKey } from './seen-keys';

/* The tags of a Zipkin span. Those that say the outcome mean what `takeStatus` of the importer says, the others what Jaeger's do. */

const TAGS = new JsonNames(['error', 'otel.status_code', 'otel.status_description']);
const T_ERROR: u32 = 0;
const T_STATUS_CODE: u32 = 1;

/** How tags begin that mean something, quote included; few others do. */
const ERROR = <u32>word('"err');
const OTEL = <u32>word('"ote');
/** Links, and where the service's name comes from. */
const OTLP = <u32>word('"otl');

const CODES = new JsonNames([
  'OK',
  'Ok',
  'ok',
  'STATUS_CODE_OK',
  'ERROR',
  'Error',
  'error',
  'STATUS_CODE_ERROR',
  'UNSET',
  'Unset',
  'unset',
  'STATUS_CODE_UNSET',
]);
const SPELLINGS: u32 = 4;
const OK: u32 = 1;
const FAILED: u32 = 2;

/** Where the attributes of the span at hand begin, and where the last of them ends; nothing stands between them before the first. */
let attributesAt: usize = 0;
export let zipkinTagsEnd: usize = 0;
/** The list that their keys are in. */
export let zipkinKeys: u32 = 0;

/** Where values stand that are needed at the end, 0 for none. */
let errorAt: usize = 0;
let descriptionAt: usize = 0;
let isError = false;
/** Status by `otel.status_code`. */
let named: u32 = 0;

/** The attributes of a span will begin at `at`. */
export function beginZipkinTags(at: usize): void {
  attributesAt = at;
  zipkinTagsEnd = at;
  zipkinKeys = beginList();
  errorAt = 0;
  descriptionAt = 0;
  isError = false;
  named = 0;
}

/** Reads the tags, an object of strings, and writes those that are attributes as the entries of an object that is not closed yet. */
export function copyZipkinTags(from: usize): usize {
  if (isNull(from)) return from + 4;
  let p = skipSpace(expect(from, BRACE));
  if (load<u8>(p) == CLOSING_BRACE) return p + 1;
  do {
    p = next(copyTag(skipSpace(p)), CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  return p;
}

/** Where the next entry begins, behind what separates it from those before. */
export function beginEntry(end: usize): usize {
  store<u8>(end, <u8>(end == attributesAt ? BRACE : COMMA));
  return end + 1;
}

function copyTag(from: usize): usize {
  const key = beginEntry(zipkinTagsEnd);
  let p = copyString(from, key);
  const keyEnd = copied;
  p = skipSpace(expect(p, COLON));
  const behind = take(key, p);
  if (behind != 0) return behind;
  seeKey(key, keyEnd - key, zipkinKeys);
  store<u8>(keyEnd, <u8>COLON);
  p = copyString(p, keyEnd + 1);
  zipkinTagsEnd = copied;
  return p;
}

/** As `TakeTag`. */
function take(key: usize, value: usize): usize {
  const begin = load<u32>(key);
  if (begin == OTLP) odd();
  if ((begin != ERROR && begin != OTEL) || TAGS.match(key) == 0) {
    return takeSpanTag(key, STRING, value);
  }
  if (name == T_ERROR) return takeError(value);
  if (name == T_STATUS_CODE) return takeStatusCode(value);
  if (descriptionAt != 0) odd();
  descriptionAt = value;
  return skipValue(value);
}

/** Any value makes an error; one that says more is its message, an empty one stays an attribute. */
function takeError(value: usize): usize {
  if (isError) odd();
  isError = true;
  const p = copyText(value, rareEnd);
  const length = copied - rareEnd;
  if (length == 0) return 0;
  if (length != 4 || load<u32>(rareEnd) != TRUE) errorAt = value;
  return p;
}

const TRUE = <u32>word('true');

/** An unknown code would stay an attribute. */
function takeStatusCode(value: usize): usize {
  if (named != 0) odd();
  const p = CODES.read(value);
  const index = name / SPELLINGS;
  named = index == 0 ? OK : index == 1 ? FAILED : 0;
  return p;
}

/** Fills the outcome, now that all tags are known. A description beside another message would stay an attribute. */
export function putZipkinStatus(): void {
  store<u32>(words, isError ? FAILED : named, STATUS);
  const message = errorAt == 0 ? descriptionAt : errorAt;
  if (message == 0) return;
  const begin = rareEnd;
  copyText(message, begin);
  const end = copied;
  if (errorAt != 0 && descriptionAt != 0) {
    copyText(descriptionAt, end);
    const length = end - begin;
    if (copied - end != length || !equalBytes(begin, end, length)) odd();
  }
  putMessage(end);
}
