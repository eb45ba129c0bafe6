import type { AttributeValue } from '../../model/attributes.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import {
  badField,
  isJsonList,
  isJsonObject,
  type Report,
  readField,
  readMicros,
  readObjects,
  readString,
  readUnixMicros,
} from '../read-field.ts';
import { readEndpoint } from './read-zipkin-endpoint.ts';
import { nonZero, readAnnotation } from './read-zipkin-v2.ts';
import { tagValue } from './zipkin-tags.ts';
import type { ZipkinV1BinaryAnnotation, ZipkinV1Span } from './zipkin-v1-span.ts';

/**
 * Whether a record is a v1 span: it has binary annotations, or an annotation that tells its endpoint. Told span by span, for
 * one list may hold both versions. Thrift's names (`binary_annotations`, `host`, `trace_id`) count as well.
 */
export function isZipkinV1(record: JsonObject): boolean {
  if (
    ['binaryAnnotations', 'binary_annotations', 'trace_id'].some((key) =>
      Object.hasOwn(record, key),
    )
  ) {
    return true;
  }
  const annotations = readField(record, 'annotations');
  if (!isJsonList(annotations)) return false;
  return annotations.some(
    (annotation) =>
      isJsonObject(annotation) &&
      (Object.hasOwn(annotation, 'endpoint') || Object.hasOwn(annotation, 'host')),
  );
}

/** A span of Zipkin's API v1, also as JSON made of the Thrift form. */
export function readZipkinV1(record: JsonObject, report: Report): ZipkinV1Span {
  const start = nonZero(readUnixMicros(record, 'timestamp', report));
  return {
    startNs: typeof start === 'bigint' ? start : 0n,
    hasBadStart: start === 'bad',
    durationNs: readMicros(record, 'duration', report) ?? 0n,
    annotations: readObjects(record, 'annotations', report).map((annotation) => ({
      ...readAnnotation(annotation, report),
      endpoint: readEndpoint(annotation, 'endpoint', report, 'host'),
    })),
    binaryAnnotations: readObjects(record, 'binaryAnnotations', report, 'binary_annotations').map(
      (annotation) => readBinaryAnnotation(annotation, report),
    ),
  };
}

function readBinaryAnnotation(annotation: JsonObject, report: Report): ZipkinV1BinaryAnnotation {
  const type = readField(annotation, 'annotation_type');
  const value = annotation['value'] ?? null;
  return {
    key: readString(annotation, 'key', report) ?? '',
    value: type === undefined ? tagValue(value) : thriftValue(type, value, report),
    endpoint: readEndpoint(annotation, 'endpoint', report, 'host'),
  };
}

/** Thrift's types in the order of their numbers. */
const THRIFT_TYPES = ['BOOL', 'BYTES', 'I16', 'I32', 'I64', 'DOUBLE', 'STRING'] as const;
type ThriftType = (typeof THRIFT_TYPES)[number];

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes in base64, which the annotation's type explains. Bytes that do not fit the type are reported and kept as text. */
function thriftValue(typeField: JsonValue, value: JsonValue, report: Report): AttributeValue {
  const type = THRIFT_TYPES.find((name, number) => typeField === name || typeField === number);
  if (type === undefined || typeof value !== 'string') return tagValue(value);
  const bytes = BASE64.test(value) ? Buffer.from(value, 'base64') : null;
  const decoded = bytes === null ? null : decodeBytes(type, bytes);
  if (decoded !== null) return decoded;
  badField(report, `value of type ${type}`, value);
  return value;
}

function decodeBytes(type: ThriftType, bytes: Buffer): AttributeValue | null {
  switch (type) {
    case 'BOOL':
      return bytes.length === 1 ? bytes[0] !== 0 : null;
    case 'BYTES':
      return new Uint8Array(bytes);
    case 'I16':
      return bytes.length === 2 ? BigInt(bytes.readInt16BE()) : null;
    case 'I32':
      return bytes.length === 4 ? BigInt(bytes.readInt32BE()) : null;
    case 'I64':
      return bytes.length === 8 ? bytes.readBigInt64BE() : null;
    case 'DOUBLE':
      return bytes.length === 8 ? bytes.readDoubleBE() : null;
    case 'STRING':
      return utf8(bytes);
  }
}

function utf8(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
}
