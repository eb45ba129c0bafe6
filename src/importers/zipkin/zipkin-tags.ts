import { type AttributeMap, type AttributeValue, NO_ATTRIBUTES } from '../../model/attributes.ts';
import type { SpanKind, SpanLink, StatusCode } from '../../model/span.ts';
import { untypedValue } from '../jaeger/jaeger-value.ts';
import type { JsonValue } from '../json/json-shape.ts';
import { lookedThrough } from '../json/json-value-end.ts';
import { JsonSyntaxError, parseJson } from '../json/parse-json.ts';
import { type Tags, takeKind, takeString } from '../otlp/otel-tags.ts';
import { readSpanId, readTraceId } from '../read-id.ts';

/**
 * The value of a tag. Zipkin's are strings; a number or a boolean that some reporter writes becomes its text, a list or an
 * object its JSON, so that no type is guessed.
 */
export function tagValue(value: JsonValue): AttributeValue {
  if (typeof value === 'string' || value === null) return value;
  return typeof value === 'object' ? jsonText(value) : String(value);
}

function jsonText(value: JsonValue): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  );
}

/** The kind of a span whose record names none: what its `span.kind` tag says. The tag is taken out in any case. */
export function kindOf(kind: SpanKind, tags: Tags): SpanKind {
  const tagged = takeKind(tags);
  return kind === 'unspecified' ? tagged : kind;
}

/** Both spellings: the specification's `OK` and `Error`, the collector's `STATUS_CODE_ERROR`. */
const STATUS_BY_NAME: ReadonlyMap<string, StatusCode> = new Map([
  ['ok', 'ok'],
  ['error', 'error'],
  ['unset', 'unset'],
]);

/**
 * The outcome. A tag `error` makes an error whatever its value, as Zipkin's UI has it: `""` and `"false"` too. Its value is the
 * message unless it is empty or `true`. Otherwise `otel.status_code` and `otel.status_description` tell. What the outcome says
 * completely is taken out of the tags.
 */
export function takeStatus(tags: Tags): { readonly code: StatusCode; readonly message: string } {
  const code = takeStatusCode(tags);
  const error = tags.get('error');
  if (error === undefined) {
    return { code, message: takeString(tags, 'otel.status_description') ?? '' };
  }
  const text = scalarText(error);
  if (text === '' || text === 'true') {
    if (text === 'true') tags.delete('error');
    return { code: 'error', message: takeString(tags, 'otel.status_description') ?? '' };
  }
  tags.delete('error');
  if (tags.get('otel.status_description') === text) tags.delete('otel.status_description');
  return { code: 'error', message: text };
}

function takeStatusCode(tags: Tags): StatusCode {
  const value = tags.get('otel.status_code');
  if (typeof value !== 'string') return 'unset';
  const code = STATUS_BY_NAME.get(value.toLowerCase().replace(/^status_code_/, ''));
  if (code === undefined) return 'unset';
  tags.delete('otel.status_code');
  return code;
}

/** "" for bytes, lists and maps, which no producer writes for a message. */
function scalarText(value: AttributeValue): string {
  return value === null || typeof value === 'object' ? '' : String(value);
}

const LINK_KEY = /^otlp\.link\.(\d{1,3})$/;
/** Past this number the collector's encoder stops, and its decoder does not look. */
const MAX_LINKS = 128;
const COUNT = /^\d{1,10}$/;
const UINT32_MAX = 0xffff_ffff;

/**
 * The links that OpenTelemetry's Zipkin exporters write as tags `otlp.link.0` … `otlp.link.127`:
 * `traceId|spanId|tracestate|{attributes}|dropped count`. Taken out of the tags, in the order of their numbers.
 * `onBroken` is told of one that is not of this form or has no usable ids; it stays a tag.
 */
export function takeLinks(tags: Tags, onBroken: (text: string) => void): readonly SpanLink[] {
  const numbered: { readonly order: number; readonly link: SpanLink }[] = [];
  for (const [key, value] of tags) {
    if (!key.startsWith('otlp.link.') || typeof value !== 'string') continue;
    const order = LINK_KEY.exec(key)?.[1];
    if (order === undefined || Number(order) >= MAX_LINKS) continue;
    const link = readLink(value);
    if (link === null) {
      onBroken(`${key}=${value}`);
      continue;
    }
    tags.delete(key);
    numbered.push({ order: Number(order), link });
  }
  return numbered.sort((a, b) => a.order - b.order).map(({ link }) => link);
}

function readLink(text: string): SpanLink | null {
  const [trace = '', span = '', traceState = ''] = text.split('|', 3);
  const encoded = decodeAttributes(text.slice(trace.length + span.length + traceState.length + 2));
  const traceId = readTraceId(trace);
  const spanId = readSpanId(span);
  if (encoded === null || encoded.name !== '' || traceId === null || spanId === null) return null;
  return {
    traceId: traceId.id,
    spanId: spanId.id,
    traceState,
    attributes: encoded.attributes,
    flags: 0,
    droppedAttributes: encoded.droppedAttributes,
  };
}

/** What an annotation's text means as an OpenTelemetry event. */
export interface EncodedEvent {
  readonly name: string;
  readonly attributes: AttributeMap;
  readonly droppedAttributes: number;
}

/**
 * An annotation's text as an event. OpenTelemetry encodes an event's attributes into it: the collector as
 * `name|{attributes}|dropped count`, the specification (https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/#events)
 * as `"name":{attributes}`. Any other text, and one whose attributes are not JSON, is a name as it stands.
 */
export function decodeEvent(text: string): EncodedEvent {
  return (
    decodeAttributes(text) ??
    decodeQuoted(text) ?? { name: text, attributes: NO_ATTRIBUTES, droppedAttributes: 0 }
  );
}

/** `name|{attributes}|dropped count`. */
function decodeAttributes(text: string): EncodedEvent | null {
  const begin = text.indexOf('|{');
  const end = text.lastIndexOf('}|');
  if (begin < 0 || end < begin) return null;
  const dropped = text.slice(end + 2);
  const isCount = COUNT.test(dropped) && Number(dropped) <= UINT32_MAX;
  const attributes = isCount ? jsonObject(text.slice(begin + 1, end + 1)) : null;
  if (attributes === null) return null;
  return { name: text.slice(0, begin), attributes, droppedAttributes: Number(dropped) };
}

/** `"name":{attributes}`, with or without space. */
function decodeQuoted(text: string): EncodedEvent | null {
  if (!text.startsWith('"') || !text.endsWith('}')) return null;
  const [entry, ...others] = jsonObject(`{${text}}`) ?? [];
  if (entry === undefined || others.length > 0) return null;
  const [name, attributes] = entry;
  return attributes instanceof Map ? { name, attributes, droppedAttributes: 0 } : null;
}

function jsonObject(text: string): AttributeMap | null {
  // It may be nested deeper than the dump's own JSON may be.
  if (lookedThrough(text).isTooDeep) return null;
  try {
    const value = untypedValue(parseJson(text));
    return value instanceof Map ? value : null;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}
