import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import { isJsonList, isJsonObject } from '../read-field.ts';
import type { DumpHead } from '../trace-format.ts';
import { FIELD, field } from './jaeger-fields.ts';

/** The first object of a dump, alone or in a list; null when there is none. */
export function firstObject(head: DumpHead): JsonObject | null {
  return objectIn(head.values[0]);
}

/** `value`, or the first element of a list; null when that is no object. */
export function objectIn(value: JsonValue | undefined): JsonObject | null {
  const first = isJsonList(value) ? value[0] : value;
  return isJsonObject(first) ? first : null;
}

/** The first span of a trace or batch, or the object itself when it has no list of spans; null when that list is empty. */
export function firstSpan(container: JsonObject): JsonObject | null {
  const spans = container['spans'] ?? container['Spans'];
  return isJsonList(spans) ? objectIn(spans) : container;
}

/** Whether an object has what only a span of Jaeger has: a span id, and the name of an operation or a process. */
export function isJaegerSpan(span: JsonObject): boolean {
  const says = [FIELD.operationName, FIELD.process, FIELD.processId, FIELD.references];
  return has(span, FIELD.spanId) && says.some((names) => has(span, names));
}

/** Whether `object` has one of the fields `names`. */
export function has(object: JsonObject, names: readonly string[]): boolean {
  return field(object, names) !== undefined;
}
