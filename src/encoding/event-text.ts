import { NO_ATTRIBUTES } from '../model/attributes.ts';
import type { SpanEvent } from '../model/span.ts';
import { type UnixNano, unixNano } from '../model/time.ts';
import { attributesOf, encodeAttributes } from './attribute-text.ts';
import { isObject, type ParsedObject, parseInOrder, scalarText } from './ordered-json.ts';

const NO_EVENTS: readonly SpanEvent[] = [];

/**
 * A span's events as a JSON list, null when there are none:
 *
 *     [{"offsetNs":12000,"name":"exception","attributes":{…},"dropped":1}]
 *
 * `offsetNs` counts from the span's start (a string past 2^53, absent for an event without a time); attributes are typed JSON;
 * empty attributes and nothing dropped are left out.
 */
export function encodeEvents(events: readonly SpanEvent[], start: UnixNano): string | null {
  if (events.length === 0) return null;
  return `[${events.map((event) => encodeEvent(event, start)).join(',')}]`;
}

/** The events that `encodeEvents` was given. */
export function decodeEvents(text: string | null, start: UnixNano): readonly SpanEvent[] {
  if (text === null) return NO_EVENTS;
  const { root, prefix } = parseInOrder(text);
  if (!Array.isArray(root)) return NO_EVENTS;
  return root.filter(isObject).map((event) => decodeEvent(event, prefix, start));
}

function encodeEvent(event: SpanEvent, start: UnixNano): string {
  const time = event.timeUnixNano === 0n ? '' : `"offsetNs":${offsetText(event, start)},`;
  const attributes =
    event.attributes.size === 0 ? '' : `,"attributes":${encodeAttributes(event.attributes)}`;
  const dropped = event.droppedAttributes === 0 ? '' : `,"dropped":${event.droppedAttributes}`;
  return `{${time}"name":${JSON.stringify(event.name)}${attributes}${dropped}}`;
}

function offsetText(event: SpanEvent, start: UnixNano): string {
  const offset = event.timeUnixNano - start;
  return Number.isSafeInteger(Number(offset)) ? String(offset) : `"${offset}"`;
}

function decodeEvent(event: ParsedObject, prefix: string, start: UnixNano): SpanEvent {
  const offset = event[`${prefix}offsetNs`];
  const attributes = event[`${prefix}attributes`];
  return {
    timeUnixNano: unixNano(offset === undefined ? 0n : start + BigInt(scalarText(offset))),
    name: scalarText(event[`${prefix}name`]),
    attributes: isObject(attributes) ? attributesOf(attributes, prefix) : NO_ATTRIBUTES,
    droppedAttributes: Number(event[`${prefix}dropped`] ?? 0),
  };
}
