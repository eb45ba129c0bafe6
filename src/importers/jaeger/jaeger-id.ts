import type { SpanId, TraceId } from '../../model/ids.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import { type ReadId, readSpanId, readTraceId } from '../read-id.ts';
import { FIELD, field } from './jaeger-fields.ts';

/** The trace id of a span or a reference; null when it has none that is usable. */
export function jaegerTraceId(record: JsonObject): ReadId<TraceId> | null {
  return readTraceId(rawTraceId(record));
}

/** A span id; null when it is not usable. */
export function jaegerSpanId(raw: JsonValue | undefined): ReadId<SpanId> | null {
  return readSpanId(hexOfInteger(raw));
}

/** The trace id as the dump has it; Thrift's two halves as one hex number. Undefined when there is none. */
export function rawTraceId(record: JsonObject): JsonValue | undefined {
  const raw = field(record, FIELD.traceId);
  if (raw !== undefined) return typeof raw === 'string' ? withoutPrefix(raw) : hexOfInteger(raw);
  const { traceIdLow, traceIdHigh } = record;
  if (traceIdLow === undefined && traceIdHigh === undefined) return undefined;
  const low = hexOfInteger(traceIdLow ?? 0);
  const high = hexOfInteger(traceIdHigh ?? 0);
  return typeof low === 'string' && typeof high === 'string' && !/^0+$/.test(high)
    ? high + low
    : low;
}

/** Thrift and Cassandra write an id's 64 bits as a signed integer. Other values are left as they are. */
function hexOfInteger(raw: JsonValue | undefined): JsonValue | undefined {
  const isInteger = typeof raw === 'bigint' || Number.isSafeInteger(raw);
  if (!isInteger) return raw;
  return BigInt.asUintN(64, BigInt(raw as bigint | number))
    .toString(16)
    .padStart(16, '0');
}

/** cqlsh writes a blob as `0x…`. */
function withoutPrefix(text: string): string {
  return /^0x[0-9a-f]{32}$/i.test(text) ? text.slice(2) : text;
}
