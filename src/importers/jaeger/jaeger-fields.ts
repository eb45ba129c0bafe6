import type { JsonObject, JsonValue } from '../json/json-shape.ts';

/**
 * The names of Jaeger's fields in all its JSON forms: query API and Elasticsearch first, then the model's three ages, Thrift,
 * and Cassandra's rows. No name means two things, so that one reader does for all.
 */
export const FIELD = {
  traceId: ['traceID', 'traceId', 'trace_id', 'TraceID'],
  spanId: ['spanID', 'spanId', 'span_id', 'SpanID'],
  parentSpanId: ['parentSpanID', 'parentSpanId', 'parent_span_id', 'ParentID', 'parent_id'],
  operationName: ['operationName', 'operation_name', 'OperationName'],
  startTime: ['startTime', 'start_time', 'StartTime'],
  duration: ['duration', 'Duration'],
  flags: ['flags', 'Flags'],
  references: ['references', 'Refs', 'refs'],
  refType: ['refType', 'ref_type', 'RefType'],
  traceState: ['traceState', 'trace_state'],
  tags: ['tags', 'Tags'],
  /** Elasticsearch with tags as fields: a map whose keys have `@` for dots. */
  tagMap: ['tag'],
  scopeTags: ['scopeTags'],
  scopeTagMap: ['scopeTag'],
  logs: ['logs', 'Logs'],
  timestamp: ['timestamp', 'Timestamp', 'ts'],
  fields: ['fields', 'Fields', 'value'],
  key: ['key', 'Key'],
  warnings: ['warnings', 'Warnings'],
  process: ['process', 'Process'],
  processId: ['processID', 'processId', 'process_id'],
  serviceName: ['serviceName', 'service_name', 'ServiceName'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The names of all fields of a span, for walking one whose object may turn out to be a trace. */
export const SPAN_FIELDS: readonly string[] = [
  FIELD.traceId,
  FIELD.spanId,
  FIELD.parentSpanId,
  FIELD.operationName,
  FIELD.startTime,
  FIELD.duration,
  FIELD.flags,
  FIELD.references,
  FIELD.tags,
  FIELD.tagMap,
  FIELD.scopeTags,
  FIELD.scopeTagMap,
  FIELD.logs,
  FIELD.warnings,
  FIELD.process,
  FIELD.processId,
  ['traceIdLow', 'traceIdHigh', 'startTimeMillis', 'SpanHash', 'span_hash'],
].flat();

/** The first of `names` that `object` has with a value other than null; undefined when it has none. */
export function field(object: JsonObject, names: readonly string[]): JsonValue | undefined {
  for (const name of names) {
    const value = object[name];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The first of `names` that `object` has with a value other than null; null when it has none. */
export function nameOf(object: JsonObject, names: readonly string[]): string | null {
  return names.find((name) => (object[name] ?? null) !== null) ?? null;
}
