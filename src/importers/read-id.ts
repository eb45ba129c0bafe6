import { createHash } from 'node:crypto';
import { type SpanId, spanId, type TraceId, traceId } from '../model/ids.ts';
import type { JsonValue } from './json/json-shape.ts';
import { quote } from './read-field.ts';

/** An id as tracecli keeps it. */
export interface ReadId<Id extends TraceId | SpanId> {
  readonly id: Id;
  /** The dump's spelling, null when it equals `id`. */
  readonly raw: string | null;
}

/**
 * What a format's ids are: `text` of any kind (Jaeger, Zipkin: people write `trace-abc`), or `bytes` (OTLP), where a word such
 * as `zzz` is damage rather than a name.
 */
export type IdEncoding = 'text' | 'bytes';

const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;
/** What is longer is no id: a name of that length is data in the wrong place. */
const MAX_ID_LENGTH = 256;
const HEX = /^[0-9a-f]+$/;
const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/;
const BASE64 = /^(?:[A-Za-z0-9+/_-]{4})+$/;
const PADDED_BASE64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}==|[A-Za-z0-9+/_-]{3}=)$/;
const NAME = /^[\x21-\x3c\x3e-\x7e]+$/;
const NAME_WITH_MARK = /^[\w.:/+-]*[\d_.:/-][\w.:/+-]*$/;
const INT64_MIN = -(2n ** 63n);
const UINT64_END = 2n ** 64n;

/**
 * The trace id in a field of a dump: hex of any length up to 32, base64, a UUID, a number, or any other name, which is hashed.
 * Null when there is none: absent, empty, all zero, or damaged.
 */
export function readTraceId(
  raw: JsonValue | undefined,
  encoding: IdEncoding = 'text',
): ReadId<TraceId> | null {
  const text = idText(raw);
  const id = traceId(text) ?? traceId(canonical(raw, TRACE_ID_DIGITS, encoding) ?? '');
  return id === null ? null : { id, raw: text === id ? null : text };
}

/** The span id in a field of a dump; as `readTraceId`, with 16 digits. */
export function readSpanId(
  raw: JsonValue | undefined,
  encoding: IdEncoding = 'text',
): ReadId<SpanId> | null {
  const text = idText(raw);
  const id = spanId(text) ?? spanId(canonical(raw, SPAN_ID_DIGITS, encoding) ?? '');
  return id === null ? null : { id, raw: text === id ? null : text };
}

/** The parent's id in a field of a dump. Null for a root (absent, null, empty, all zero) and for a damaged one. */
export function readParentId(
  raw: JsonValue | undefined,
  encoding: IdEncoding = 'text',
): ReadId<SpanId> | null {
  return readSpanId(raw, encoding);
}

/** What stands where an id should be, for an issue's example. */
export function quoteId(raw: JsonValue): string {
  const length = typeof raw === 'string' ? raw.trim().length : 0;
  if (length <= MAX_ID_LENGTH) return quote(raw);
  return `${length} characters, an id has at most ${MAX_ID_LENGTH}`;
}

/** Whether a field says that there is no id: absent, null, empty or zero in any spelling. Anything else ought to be one. */
export function isNoId(raw: JsonValue | undefined): boolean {
  if (raw === undefined || raw === null) return true;
  const text = idText(raw).trim();
  return /^[0-]*$/.test(text) || /^A+=+$/.test(text);
}

/** The id as its dump spells it, "" for what cannot be an id. */
function idText(raw: JsonValue | undefined): string {
  if (typeof raw === 'string') return raw;
  const integer = integerOf(raw);
  return integer === null ? '' : integer.toString();
}

function integerOf(raw: JsonValue | undefined): bigint | null {
  if (typeof raw === 'bigint') return raw;
  return typeof raw === 'number' && Number.isInteger(raw) ? BigInt(raw) : null;
}

/** An id as `digits` hex digits, null when it is damaged; may be all zero. */
function canonical(
  raw: JsonValue | undefined,
  digits: number,
  encoding: IdEncoding,
): string | null {
  if (typeof raw !== 'string') return fromInteger(integerOf(raw), digits);
  const text = raw.trim();
  if (text.length > MAX_ID_LENGTH) return null;
  const lower = text.toLowerCase();
  if (HEX.test(lower)) return fromHex(lower, digits);
  if (digits === TRACE_ID_DIGITS && UUID.test(lower)) return lower.replaceAll('-', '');
  if (PADDED_BASE64.test(text)) return fromBase64(text, digits) ?? hash(text, digits);
  return isName(text, encoding) ? hash(text, digits) : null;
}

/** Numeric ids are 64-bit, signed in Thrift: the same bits as hex. */
function fromInteger(value: bigint | null, digits: number): string | null {
  if (value === null || value < INT64_MIN || value >= UINT64_END) return null;
  return BigInt.asUintN(64, value).toString(16).padStart(digits, '0');
}

/** Producers drop leading zeros, and some write a 64-bit span id with 32 digits. */
function fromHex(hex: string, digits: number): string {
  if (hex.length <= digits) return hex.padStart(digits, '0');
  return /^0+$/.test(hex.slice(0, -digits)) ? hex.slice(-digits) : hash(hex, digits);
}

/** Base64 of at most the id's width as hex, else null. */
function fromBase64(text: string, digits: number): string | null {
  const hex = Buffer.from(text, 'base64').toString('hex');
  return hex.length === digits || hex.length === SPAN_ID_DIGITS ? hex.padStart(digits, '0') : null;
}

/** A base64 id of an odd length and `trace-123` are real; `!!!INVALID!!!` and `INVALID==` are damage. */
function isName(text: string, encoding: IdEncoding): boolean {
  if (!NAME.test(text)) return false;
  return encoding === 'text' || BASE64.test(text) || NAME_WITH_MARK.test(text);
}

/** An id that is not hex gets a stable hex one, the same for spans, parents and links, so that the tree survives. */
function hash(text: string, digits: number): string {
  return createHash('sha256').update(`tracecli:${text}`).digest('hex').slice(0, digits);
}
