import { type Attributes, type AttributeValue, NO_ATTRIBUTES } from '../../model/attributes.ts';
import type { Resource, Scope, Span, SpanEvent } from '../../model/span.ts';
import { unixNano } from '../../model/time.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import { type Tags, takeDropped, takeKind, takeScope, takeString } from '../otlp/otel-tags.ts';
import { putAttribute } from '../put-attribute.ts';
import { badField, isJsonList, isJsonObject, type Report, toInteger } from '../read-field.ts';
import { quoteId } from '../read-id.ts';
import { buildSpan, NO_SCOPE } from '../span-builder.ts';
import { FIELD, field, nameOf } from './jaeger-fields.ts';
import { jaegerSpanId, jaegerTraceId } from './jaeger-id.ts';
import { resolveReferences } from './jaeger-references.ts';
import { takeStatus } from './jaeger-status.ts';
import { type DurationUnit, readMoment, readTimes } from './jaeger-time.ts';
import { type TagEncoding, tagValue, untypedValue } from './jaeger-value.ts';

/** What Jaeger's JSON forms disagree on; all else is told by the names of the fields and the types of the values. */
export interface JaegerForm extends TagEncoding {
  /** Name of the format. */
  readonly format: string;
  readonly durationUnit: DurationUnit;
  /** Whether the scanner knows the spans of traces. */
  readonly hasRows?: boolean;
}

/** Jaeger's flags of a span: whether it was sampled (the same bit in W3C's trace flags), and whether that was forced. */
const SAMPLED = 1n;
const DEBUG = 2n;
/** Shared: a trace of a million spans waits in memory as a whole. */
const NO_EVENTS: readonly SpanEvent[] = [];
const NO_WARNINGS: readonly string[] = [];
const START_OF_TIME = unixNano(0n);

/**
 * A span of any of Jaeger's JSON forms in OpenTelemetry's terms, null when it has no usable ids.
 *
 * Tags become attributes, except those that have a field of their own (kind, status, scope, trace state, dropped counts);
 * references become the parent and links, logs events.
 */
export function readJaegerSpan(
  record: JsonObject,
  resource: Resource,
  form: JaegerForm,
  report: Report,
): Span | null {
  const traceId = jaegerTraceId(record);
  if (traceId === null) return missingId('trace-id-missing', record, FIELD.traceId, report);
  const spanId = jaegerSpanId(field(record, FIELD.spanId));
  if (spanId === null) return missingId('span-id-missing', record, FIELD.spanId, report);
  const tags = readTags(record, form, report);
  const status = takeStatus(tags);
  const linkTags = (reference: JsonObject, into: Tags): void => {
    addTags(field(reference, FIELD.tags), into, form, report);
  };
  const { parent, links } = resolveReferences(record, { traceId, spanId }, linkTags, report);
  const flags = readFlags(record, report);
  return buildSpan({
    format: form.format,
    traceId,
    spanId,
    parent,
    links,
    name: readName(record, report),
    times: readTimes(record, form.durationUnit, report),
    kind: takeKind(tags),
    statusCode: status.code,
    statusMessage: status.message,
    traceState: takeString(tags, 'w3c.tracestate'),
    flags: Number(flags & SAMPLED),
    debug: (flags & DEBUG) !== 0n,
    scope: readScope(record, tags, form, report),
    dropped: takeDropped(tags),
    events: readEvents(record, form, report),
    resource,
    warnings: readWarnings(field(record, FIELD.warnings)),
    // Last, when the tags that have a field of their own are out.
    attributes: attributesOf(tags),
  });
}

function missingId(
  code: 'trace-id-missing' | 'span-id-missing',
  record: JsonObject,
  names: readonly string[],
  report: Report,
): null {
  const name = nameOf(record, names);
  report(code, name === null ? 'a span without one' : `${name}: ${quoteId(record[name] ?? null)}`);
  return null;
}

function readName(record: JsonObject, report: Report): string {
  const name = field(record, FIELD.operationName) ?? '';
  return typeof name === 'string' ? name : (badField(report, 'operationName', name) ?? '');
}

function readFlags(record: JsonObject, report: Report): bigint {
  const flags = field(record, FIELD.flags) ?? 0;
  return toInteger(flags) ?? badField(report, 'flags', flags) ?? 0n;
}

/** A span's tags: the list, then Elasticsearch's map of those tags that it stores as fields. */
function readTags(record: JsonObject, form: JaegerForm, report: Report): Tags {
  const tags: Tags = new Map();
  addTags(field(record, FIELD.tags), tags, form, report);
  addTagMap(field(record, FIELD.tagMap), tags);
  return tags;
}

/** Adds a list of tags; of a key that occurs twice the last value wins, in the position of the first. */
export function addTags(
  list: JsonValue | undefined,
  into: Tags,
  form: TagEncoding,
  report: Report,
): void {
  if (list === undefined) return;
  if (!isJsonList(list)) {
    badField(report, 'tags', list);
    return;
  }
  for (const tag of list) {
    const key = isJsonObject(tag) ? field(tag, FIELD.key) : undefined;
    if (isJsonObject(tag) && typeof key === 'string')
      putAttribute(into, [key, tagValue(tag, form)], report);
    else badField(report, 'tag', tag);
  }
}

/** Adds Elasticsearch's map of tags: a dot in a key would make an object there, so Jaeger writes `@`. */
export function addTagMap(map: JsonValue | undefined, into: Tags): void {
  if (!isJsonObject(map)) return;
  for (const [key, value] of Object.entries(map))
    into.set(key.replaceAll('@', '.'), untypedValue(value));
}

function readScope(record: JsonObject, tags: Tags, form: JaegerForm, report: Report): Scope {
  const { name, version } = takeScope(tags);
  const attributes: Tags = new Map();
  addTags(field(record, FIELD.scopeTags), attributes, form, report);
  addTagMap(field(record, FIELD.scopeTagMap), attributes);
  if (name === '' && attributes.size === 0) return NO_SCOPE;
  return { ...NO_SCOPE, name, version, attributes: attributesOf(attributes) };
}

function readEvents(record: JsonObject, form: JaegerForm, report: Report): readonly SpanEvent[] {
  const logs = field(record, FIELD.logs);
  if (logs === undefined) return NO_EVENTS;
  if (!isJsonList(logs)) return badField(report, 'logs', logs) ?? NO_EVENTS;
  if (logs.length === 0) return NO_EVENTS;
  const events: SpanEvent[] = [];
  for (const log of logs) {
    if (isJsonObject(log)) events.push(readEvent(log, form, report));
    else badField(report, 'log', log);
  }
  return events;
}

/** A log: its field `event` is the name when that is a string, every other field an attribute. */
function readEvent(log: JsonObject, form: JaegerForm, report: Report): SpanEvent {
  const fields = new Map<string, AttributeValue>();
  addTags(field(log, FIELD.fields), fields, form, report);
  const name = takeString(fields, 'event');
  const time = readMoment(log, nameOf(log, FIELD.timestamp), report);
  return {
    timeUnixNano: typeof time === 'bigint' ? time : START_OF_TIME,
    name: name ?? '',
    attributes: attributesOf(fields),
    droppedAttributes: 0,
  };
}

function attributesOf(tags: Tags): Attributes {
  return tags.size === 0 ? NO_ATTRIBUTES : tags;
}

/** The texts of a list of warnings; empty for null. */
export function readWarnings(raw: JsonValue | undefined): readonly string[] {
  return isJsonList(raw)
    ? raw.filter((text): text is string => typeof text === 'string')
    : NO_WARNINGS;
}
