import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import { isJsonList, isJsonObject } from '../read-field.ts';
import type { DumpHead } from '../trace-format.ts';
import { isZipkinV1 } from './read-zipkin-v1.ts';

/** Enough to get past broken spans at the beginning of a dump. */
const MAX_CANDIDATES = 100;

/** Fields that only Zipkin has; they tell a span that lacks its ids. */
const ZIPKIN_ONLY = ['localEndpoint', 'remoteEndpoint', 'binaryAnnotations', 'binary_annotations'];

/**
 * The version of the first Zipkin span in a dump, null when there is none; an empty list is Zipkin's answer when it has found no trace. A span has `traceId` and `id`, while everyone else
 * says `spanId`; OpenTelemetry JS prints spans with both, but with `attributes`.
 */
export function zipkinVersion(head: DumpHead): 'v1' | 'v2' | null {
  if (head.isWhole && head.values.length === 1 && isEmptyList(head.values[0])) return 'v2';
  const span = candidates(head.values).find(isZipkin);
  if (span === undefined) return null;
  return isZipkinV1(span) ? 'v1' : 'v2';
}

/** The objects where spans would be: alone, in a list, in a list of lists. */
function candidates(values: readonly JsonValue[]): readonly JsonObject[] {
  const flat = values.slice(0, MAX_CANDIDATES).flatMap(firstItems).flatMap(firstItems);
  return flat.filter(isJsonObject).slice(0, MAX_CANDIDATES);
}

function isEmptyList(value: JsonValue | undefined): boolean {
  return isJsonList(value) && value.length === 0;
}

function firstItems(value: JsonValue): readonly JsonValue[] {
  return isJsonList(value) ? value.slice(0, MAX_CANDIDATES) : [value];
}

function isZipkin(object: JsonObject): boolean {
  const has = (key: string): boolean => Object.hasOwn(object, key);
  if (has('spanId') || has('spanID') || has('attributes')) return false;
  return ((has('traceId') || has('trace_id')) && has('id')) || ZIPKIN_ONLY.some(has);
}
