import { type Resource, type Scope, serviceName } from '../model/span.ts';
import { encodeAttributes } from './attribute-text.ts';
import { contentHash } from './content-hash.ts';
import type { EncodedResource, EncodedScope } from './span-batch.ts';

/** A resource as the store keeps it. */
export function encodeResource(resource: Resource): EncodedResource {
  const { schemaUrl } = resource;
  const attributes = encodeAttributes(resource.attributes);
  const hash = contentHash(`${attributes}${schemaUrl}`);
  return { attributes, schemaUrl, service: serviceName(resource), hash };
}

/** A scope as the store keeps it. */
export function encodeScope(scope: Scope): EncodedScope {
  const { name, version, droppedAttributes, schemaUrl } = scope;
  const attributes = encodeAttributes(scope.attributes);
  const text = JSON.stringify([name, version, attributes, droppedAttributes, schemaUrl]);
  return { name, version, attributes, droppedAttributes, schemaUrl, hash: contentHash(text) };
}
