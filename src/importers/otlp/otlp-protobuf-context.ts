import type { AttributeValue } from '../../model/attributes.ts';
import type { Resource, Scope } from '../../model/span.ts';
import type { Report } from '../read-field.ts';
import { textOf } from '../text-of.ts';
import { readAttribute } from './otlp-protobuf-attributes.ts';
import { RESOURCE, RESOURCE_SPANS, SCOPE, SCOPE_SPANS } from './otlp-wire.ts';
import { WireError, WireReader } from './wire-reader.ts';

const RESOURCE_TAGS = new Set<number>([RESOURCE_SPANS.resource, RESOURCE_SPANS.schemaUrl]);
const SCOPE_TAGS = new Set<number>([SCOPE_SPANS.scope, SCOPE_SPANS.schemaUrl]);

/**
 * The resource of a ResourceSpans message with its schema URL, wherever in the message they stand; the URL usually comes after
 * the spans. The message may be cut off: what is whole counts. A resource that occurs twice is merged, as protobuf defines.
 */
export function readResource(message: Buffer, report: Report): Resource {
  const attributes = new Map<string, AttributeValue>();
  let schemaUrl = '';
  visitWholeFields(message, RESOURCE_TAGS, (tag, value) => {
    if (tag === RESOURCE_SPANS.resource) readResourceFields(value, attributes, report);
    else schemaUrl = textOf(value, report);
  });
  return { attributes, schemaUrl };
}

/** The scope of a ScopeSpans message with its schema URL; as `readResource`. */
export function readScope(message: Buffer, report: Report): Scope {
  const attributes = new Map<string, AttributeValue>();
  const scope = { name: '', version: '', attributes, droppedAttributes: 0, schemaUrl: '' };
  visitWholeFields(message, SCOPE_TAGS, (tag, value) => {
    if (tag === SCOPE_SPANS.scope) readScopeFields(value, scope, report);
    else scope.schemaUrl = textOf(value, report);
  });
  return scope;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function readResourceFields(
  resource: Buffer,
  attributes: Map<string, AttributeValue>,
  report: Report,
): void {
  const reader = new WireReader(resource, report);
  reporting('resource', report, () => {
    for (let tag = reader.next(); tag !== 0; tag = reader.next()) {
      if (tag === RESOURCE.attributes) readAttribute(reader.message(), attributes);
      else reader.skip();
    }
  });
}

function readScopeFields(
  message: Buffer,
  scope: Writable<Scope> & { readonly attributes: Map<string, AttributeValue> },
  report: Report,
): void {
  const reader = new WireReader(message, report);
  reporting('scope', report, () => {
    for (let tag = reader.next(); tag !== 0; tag = reader.next()) {
      if (tag === SCOPE.name) scope.name = reader.string();
      else if (tag === SCOPE.version) scope.version = reader.string();
      else if (tag === SCOPE.attributes) readAttribute(reader.message(), scope.attributes);
      else if (tag === SCOPE.droppedAttributes) scope.droppedAttributes = reader.uint32();
      else reader.skip();
    }
  });
}

/** A damaged resource or scope keeps what was read of it, and its spans stay. */
function reporting(name: string, report: Report, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    report('bad-field', `${name}: ${error.message}`);
  }
}

/** Visits the `wanted` fields, strings or messages, up to the first field that is cut off or damaged; whoever reads the spans reports that. */
function visitWholeFields(
  message: Buffer,
  wanted: ReadonlySet<number>,
  visit: (tag: number, value: Buffer) => void,
): void {
  const reader = new WireReader(message);
  try {
    for (let tag = reader.next(); tag !== 0; tag = reader.next()) {
      if (wanted.has(tag)) visit(tag, reader.bytes());
      else reader.skip();
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
}
