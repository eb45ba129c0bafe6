import { stringAttribute } from '../../model/attributes.ts';
import type { Resource } from '../../model/span.ts';

const INSTANCE_KEYS = ['service.instance.id', 'host.name', 'k8s.pod.name'] as const;

/** Which of several equal processes of a service; null when the resource does not tell. */
export function serviceInstance({ attributes }: Resource): string | null {
  for (const key of INSTANCE_KEYS) {
    const name = stringAttribute(attributes, key);
    if (name !== null) return name;
  }
  return null;
}
