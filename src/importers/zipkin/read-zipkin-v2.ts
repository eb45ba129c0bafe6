import type { AttributeValue } from '../../model/attributes.ts';
import type { SpanKind } from '../../model/span.ts';
import type { JsonObject } from '../json/json-shape.ts';
import {
  badField,
  type Report,
  readBoolean,
  readMicros,
  readObject,
  readObjects,
  readString,
  readUnixMicros,
  type TimeField,
} from '../read-field.ts';
import { readEndpoint } from './read-zipkin-endpoint.ts';
import type { ZipkinAnnotation, ZipkinSpan } from './zipkin-record.ts';
import { tagValue } from './zipkin-tags.ts';

const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ['', 'unspecified'],
  ['client', 'client'],
  ['server', 'server'],
  ['producer', 'producer'],
  ['consumer', 'consumer'],
]);

/**
 * A span of Zipkin's API v2 (https://zipkin.io/zipkin-api/#/default/post_spans). Annotations stay what they are: Zipkin does
 * not read a kind or times out of v1's `cs` and `sr` in a v2 span, although a few reporters write them.
 */
export function readZipkinV2(record: JsonObject, report: Report): ZipkinSpan {
  return {
    kind: readKind(record, report),
    start: nonZero(readUnixMicros(record, 'timestamp', report)),
    durationNs: readMicros(record, 'duration', report) ?? 0n,
    local: readEndpoint(record, 'localEndpoint', report),
    remote: readEndpoint(record, 'remoteEndpoint', report),
    annotations: readObjects(record, 'annotations', report).map((annotation) =>
      readAnnotation(annotation, report),
    ),
    tags: readTags(record, report),
    shared: readBoolean(record, 'shared', report) ?? false,
  };
}

/** A time, where 0 means that there is none. */
export function nonZero(time: TimeField): TimeField {
  return time === 0n ? 'absent' : time;
}

/** An annotation, without what v1 says beyond time and text. */
export function readAnnotation(annotation: JsonObject, report: Report): ZipkinAnnotation {
  const time = readUnixMicros(annotation, 'timestamp', report);
  return {
    timeNs: typeof time === 'bigint' ? time : 0n,
    value: readString(annotation, 'value', report) ?? '',
  };
}

function readKind(record: JsonObject, report: Report): SpanKind {
  const name = readString(record, 'kind', report) ?? '';
  return KINDS.get(name.toLowerCase()) ?? badField(report, 'kind', name) ?? 'unspecified';
}

function readTags(record: JsonObject, report: Report): Map<string, AttributeValue> {
  const tags = new Map<string, AttributeValue>();
  const object = readObject(record, 'tags', report);
  if (object === null) return tags;
  for (const key of Object.keys(object)) tags.set(key, tagValue(object[key] ?? null));
  return tags;
}
