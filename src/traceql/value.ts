import { type AttributeValue, isAttributeMap } from '../model/attributes.ts';
import { SPAN_KINDS, type SpanKind, STATUS_CODES, type StatusCode } from '../model/span.ts';
import { durationText } from './duration-text.ts';

/** A status or kind: equal only to itself, never to a text. */
export class EnumValue {
  readonly type: 'status' | 'kind';
  readonly name: StatusCode | SpanKind;

  constructor(type: 'status' | 'kind', name: StatusCode | SpanKind) {
    this.type = type;
    this.name = name;
  }
}

/** One value of several, of which a comparison needs only one: what the events or links of a span have. Never empty. */
export class AnyOf {
  readonly values: readonly AttributeValue[];

  constructor(values: readonly AttributeValue[]) {
    this.values = values;
  }
}

/**
 * What an expression gives for a span. Integers are bigints; floats and durations (nanoseconds) are numbers; undefined is TraceQL's nil:
 * there is no such attribute.
 */
export type Value = AttributeValue | EnumValue | AnyOf | undefined;

const STATUSES: ReadonlyMap<string, EnumValue> = new Map(
  STATUS_CODES.map((code) => [code, new EnumValue('status', code)]),
);
const KINDS: ReadonlyMap<string, EnumValue> = new Map(
  SPAN_KINDS.map((kind) => [kind, new EnumValue('kind', kind)]),
);

/** The one object of a status. */
export function statusValue(code: StatusCode): Value {
  return STATUSES.get(code);
}

/** The one object of a kind. */
export function kindValue(kind: SpanKind): Value {
  return KINDS.get(kind);
}

/** Whether a value is a list of an attribute. */
export function isList(value: Value): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** Whether a value can be reckoned with. */
export function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** A value that stands for itself in results: of what several events have, the first. */
export function singleValue(value: Value): Exclude<Value, AnyOf> {
  return value instanceof AnyOf ? value.values[0] : value;
}

/** A value as text for labels and tables. Durations are numbers that `isDuration` tells from others. */
export function valueText(value: Value, isDuration: boolean): string {
  const single = singleValue(value);
  if (single === undefined) return 'nil';
  if (single instanceof EnumValue) return single.name;
  if (isDuration && typeof single === 'number') return durationText(single);
  return typeof single === 'string' ? single : composedText(single);
}

function composedText(value: AttributeValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null) return '';
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (isAttributeMap(value)) {
    const parts = Array.from(
      value,
      ([key, part]) => `${JSON.stringify(key)}:${composedText(part)}`,
    );
    return `{${parts.join(',')}}`;
  }
  if (isList(value)) return `[${value.map(composedText).join(',')}]`;
  return String(value);
}

/** Tells values apart: equal values of one type have equal keys. */
export function valueKey(value: Value): string {
  const single = singleValue(value);
  if (single === undefined) return '';
  const type = single instanceof EnumValue ? single.type : typeof single;
  return `${type}:${valueText(single, false)}`;
}
