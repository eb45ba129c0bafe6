import type { GroupKey } from '../analysis/span-grouping.ts';

/** A group's key in words: `cart`, `cart: GET /items`, or of an attribute `tenant=acme` and `tenant (none)`. */
export function groupText(key: GroupKey): string {
  const { service, operation, name } = key;
  if (typeof service === 'string') {
    const called = operation ?? name;
    return called === undefined || called === null
      ? service
      : `${service}: ${called || '(unnamed)'}`;
  }
  return Object.entries(key)
    .map(([attribute, value]) => (value === null ? `${attribute} (none)` : `${attribute}=${value}`))
    .join(' ');
}
