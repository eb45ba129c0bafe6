import { NO_ATTRIBUTES } from '../model/attributes.ts';
import { spanId, traceId } from '../model/ids.ts';
import type { SpanLink } from '../model/span.ts';
import { attributesOf, encodeAttributes } from './attribute-text.ts';
import { isObject, type ParsedObject, parseInOrder, scalarText } from './ordered-json.ts';

const NO_LINKS: readonly SpanLink[] = [];

/**
 * A span's links as a JSON list, null when there are none:
 *
 *     [{"traceId":"…","spanId":"…","traceState":"…","flags":1,"attributes":{…},"dropped":1}]
 *
 * Attributes are typed JSON; what is empty or 0 is left out.
 */
export function encodeLinks(links: readonly SpanLink[]): string | null {
  return links.length === 0 ? null : `[${links.map(encodeLink).join(',')}]`;
}

/** The links that `encodeLinks` was given. */
export function decodeLinks(text: string | null): readonly SpanLink[] {
  if (text === null) return NO_LINKS;
  const { root, prefix } = parseInOrder(text);
  if (!Array.isArray(root)) return NO_LINKS;
  return root.filter(isObject).flatMap((link) => decodeLink(link, prefix) ?? []);
}

function encodeLink(link: SpanLink): string {
  const parts = [`"traceId":"${link.traceId}","spanId":"${link.spanId}"`];
  if (link.traceState !== '') parts.push(`"traceState":${JSON.stringify(link.traceState)}`);
  if (link.flags !== 0) parts.push(`"flags":${link.flags}`);
  if (link.attributes.size > 0) parts.push(`"attributes":${encodeAttributes(link.attributes)}`);
  if (link.droppedAttributes !== 0) parts.push(`"dropped":${link.droppedAttributes}`);
  return `{${parts.join(',')}}`;
}

function decodeLink(link: ParsedObject, prefix: string): SpanLink | null {
  const trace = traceId(scalarText(link[`${prefix}traceId`]));
  const span = spanId(scalarText(link[`${prefix}spanId`]));
  if (trace === null || span === null) return null;
  const attributes = link[`${prefix}attributes`];
  return {
    traceId: trace,
    spanId: span,
    traceState: scalarText(link[`${prefix}traceState`]),
    attributes: isObject(attributes) ? attributesOf(attributes, prefix) : NO_ATTRIBUTES,
    flags: Number(link[`${prefix}flags`] ?? 0),
    droppedAttributes: Number(link[`${prefix}dropped`] ?? 0),
  };
}
