import { type Resource, type Scope, serviceName } from '../model/span.ts';
import { encodeAttributes } from './attribute-text.ts';
import { contentHash } from './content-hash.ts';
import type { EncodedResource, EncodedScope } from './span-batch.ts';

/** A resource as the store keeps it. */
export function encodeResource(resource: Resource): EncodedResource {
  const { schemaUrl } = resource;
  const attributes = encodeAttributes(resource.attributes);
  const hash = contentHash(resourceText(attributes, schemaUrl));
  return { attributes, schemaUrl, service: serviceName(resource), hash };
}

/** What the hash of a resource is made of; `attributes` are typed JSON. */
export function resourceText(attributes: string, schemaUrl: string): string {
  return `${attributes}${schemaUrl}`;
}

/** A scope as the store keeps it. */
export function encodeScope(scope: Scope): EncodedScope {
  const { name, version, droppedAttributes, schemaUrl } = scope;
  const attributes = encodeAttributes(scope.attributes);
  const encoded = { name, version, attributes, droppedAttributes, schemaUrl };
  return { ...encoded, hash: contentHash(scopeText(encoded)) };
}

/** What the hash of a scope is made of. */
export function scopeText(scope: Omit<EncodedScope, 'hash'>): string {
  const { name, version, attributes, droppedAttributes, schemaUrl } = scope;
  return JSON.stringify([name, version, attributes, droppedAttributes, schemaUrl]);
}
