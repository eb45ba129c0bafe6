import { derivedSpan } from '../../src/analysis/derived-span.ts';
import type { Attributes } from '../../src/model/attributes.ts';
import type { Span } from '../../src/model/span.ts';

/** `span` with plain maps for its attributes: what a store gives back decodes them late, which `toEqual` cannot see through. */
export function plainSpan(span: Span): Span {
  return derivedSpan(span, { attributes: plainMap(span.attributes) });
}

function plainMap(attributes: Attributes): Attributes {
  return new Map(attributes.entries());
}
