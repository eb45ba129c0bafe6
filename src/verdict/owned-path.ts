import type { ScopedItem } from './scoped-items.ts';
import type { TraceView } from './trace-view.ts';

/** How long the spans own the critical path of their trace. Nanoseconds. */
export function ownedOnPath({ path }: TraceView, items: readonly ScopedItem[]): number {
  const owners = new Set(items.flatMap(({ node }) => (node ? [node.index] : [])));
  let owned = 0;
  for (const { node, startNs, endNs } of path.sections)
    if (node !== null && owners.has(node.index)) owned += endNs - startNs;
  return owned;
}
