import { SPAN_ID_BYTES, TRACE_ID_BYTES } from './otlp-protobuf-span.ts';
import { RESOURCE, RESOURCE_SPANS, SCOPE_SPANS, SPAN, TRACES } from './otlp-wire.ts';
import {
  fixed64Tag,
  isLengthTag,
  lengthTag,
  varintTag,
  WireError,
  WireReader,
} from './wire-reader.ts';

/** What an OTLP file carries. The three start alike and nest alike; only their records differ. */
export type Signal = 'traces' | 'logs' | 'metrics';

const TRACES_TAGS = new Set<number>(Object.values(TRACES));
const RESOURCE_SPANS_TAGS = new Set<number>(Object.values(RESOURCE_SPANS));
const RESOURCE_TAGS = new Set<number>(Object.values(RESOURCE));
const SCOPE_SPANS_TAGS = new Set<number>(Object.values(SCOPE_SPANS));

/** Fields that only one kind of record has: a span's times, a log record's times and severity, a metric's sum and exponential histogram. */
const SIGNAL_OF_TAG: ReadonlyMap<number, Signal> = new Map<number, Signal>([
  [SPAN.start, 'traces'],
  [SPAN.end, 'traces'],
  [fixed64Tag(1), 'logs'],
  [fixed64Tag(11), 'logs'],
  [varintTag(2), 'logs'],
  [lengthTag(7), 'metrics'],
  [lengthTag(10), 'metrics'],
]);

/** A metric's gauge, histogram and summary, which share their numbers with a span's name, attributes and events. */
const METRIC_DATA = new Set([lengthTag(5), lengthTag(9), lengthTag(11)]);

/**
 * The signal of the OTLP protobuf message that `head` begins with, `empty` when it holds no record, null when `head` is not
 * OTLP protobuf. `head` may be cut off anywhere.
 */
export function sniffSignal(head: Buffer): Signal | 'empty' | null {
  if (head.length === 0) return null;
  const records = recordsOf(new WireReader(head));
  try {
    for (const record of records) {
      const signal = recordSignal(record);
      if (signal !== null) return signal;
    }
    return 'empty';
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

/** What kind of record a message of the innermost list is; null when it says too little, or ends before it does. */
export function recordSignal(record: WireReader): Signal | null {
  const seen = { firstLength: 0, hasIds: false, hasData: false };
  try {
    for (let tag = record.next(); tag !== 0; tag = record.next()) {
      const signal = SIGNAL_OF_TAG.get(tag);
      if (signal !== undefined) return signal;
      if (isLengthTag(tag)) note(tag, record.bytes().length, seen);
      else record.skip();
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  if (seen.hasIds) return 'traces';
  return seen.hasData && seen.firstLength > 0 ? 'metrics' : null;
}

function note(
  tag: number,
  length: number,
  seen: { firstLength: number; hasIds: boolean; hasData: boolean },
): void {
  if (tag === SPAN.traceId) seen.firstLength = length;
  else if (METRIC_DATA.has(tag)) seen.hasData = true;
  else if (tag === SPAN.spanId) {
    seen.hasIds = seen.firstLength === TRACE_ID_BYTES && length === SPAN_ID_BYTES;
  }
}

/** The innermost messages. Stricter than reading: a field that OTLP does not define means that this is something else. */
function* recordsOf(message: WireReader): Generator<WireReader> {
  for (const { value: container } of fieldsOf(message, TRACES_TAGS)) {
    for (const { tag, value } of fieldsOf(container, RESOURCE_SPANS_TAGS)) {
      if (tag === RESOURCE_SPANS.resource) checkFields(value, RESOURCE_TAGS);
      else if (tag !== RESOURCE_SPANS.schemaUrl) yield* recordsOfScope(value);
    }
  }
}

function* recordsOfScope(message: WireReader): Generator<WireReader> {
  for (const { tag, value } of fieldsOf(message, SCOPE_SPANS_TAGS)) {
    if (tag === SCOPE_SPANS.spans) yield value;
  }
}

/** The fields of a message all of whose fields are messages or strings. */
function* fieldsOf(
  message: WireReader,
  known: ReadonlySet<number>,
): Generator<{ readonly tag: number; readonly value: WireReader }> {
  for (let tag = message.next(); tag !== 0; tag = message.next()) {
    if (!known.has(tag)) throw new WireError('not a field of OTLP', message.at);
    yield { tag, value: message.messageStart() };
  }
}

function checkFields(message: WireReader, known: ReadonlySet<number>): void {
  for (let tag = message.next(); tag !== 0; tag = message.next()) {
    if (!known.has(tag)) throw new WireError('not a field of OTLP', message.at);
    message.skip();
  }
}
