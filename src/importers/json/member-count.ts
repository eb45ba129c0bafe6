import type { JsonValue } from './json-shape.ts';

/** How many members all objects in a value have. */
export function memberCount(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  const rest: object[] = [value];
  let count = 0;
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const values: readonly JsonValue[] = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) count += values.length;
    for (const inner of values) if (typeof inner === 'object' && inner !== null) rest.push(inner);
  }
  return count;
}
