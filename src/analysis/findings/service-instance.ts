import { stringAttribute } from '../../model/attributes.ts';
import type { Resource } from '../../model/span.ts';

const INSTANCE_KEYS = ['service.instance.id', 'host.name', 'k8s.pod.name'] as const;

/** Many spans share a resource. */
const KNOWN = new WeakMap<Resource, string | null>();

/** Which of several equal processes of a service; null when the resource does not tell. */
export function serviceInstance(resource: Resource): string | null {
  const known = KNOWN.get(resource);
  if (known !== undefined) return known;
  const names = INSTANCE_KEYS.map((key) => stringAttribute(resource.attributes, key));
  const instance = names.find((name) => name !== null) ?? null;
  KNOWN.set(resource, instance);
  return instance;
}
