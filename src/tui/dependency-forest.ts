import type { CallDurations } from '../analysis/call-durations.ts';
import { type DependencyRow, dependencyTree } from '../analysis/dependency-tree.ts';
import type { ServiceDependencies } from '../analysis/service-dependencies.ts';

/** A row of the tree of dependencies that knows its place. */
export interface ForestRow extends DependencyRow {
  readonly parent: ForestRow | null;
  /** Ids from the beginning of the tree on, joined by line breaks; unique. */
  readonly path: string;
  readonly hasChildren: boolean;
}

const made = new WeakMap<ServiceDependencies, readonly ForestRow[]>();

/** The dependencies as trees, all rows in order. Kept: every key asks for it. */
export function dependencyForest(dependencies: ServiceDependencies): readonly ForestRow[] {
  const known = made.get(dependencies);
  if (known) return known;
  const rows: ForestRow[] = [];
  const tree = dependencyTree(dependencies);
  /** The rows that lead to the current one, by depth. */
  const above: ForestRow[] = [];
  for (const [i, row] of tree.entries()) {
    const parent = above[row.depth - 1] ?? null;
    const path = `${parent?.path ?? ''}\n${row.node.id} ${row.edge?.type ?? ''}`;
    const next = { ...row, parent, path, hasChildren: (tree[i + 1]?.depth ?? 0) > row.depth };
    above[row.depth] = next;
    rows.push(next);
  }
  made.set(dependencies, rows);
  return rows;
}

/** The rows that no folded one hides. */
export function visibleDependencies(
  rows: readonly ForestRow[],
  folded: ReadonlySet<string>,
): readonly ForestRow[] {
  if (folded.size === 0) return rows;
  const visible: ForestRow[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row.depth > hiddenBelow) continue;
    hiddenBelow = folded.has(row.path) ? row.depth : Number.POSITIVE_INFINITY;
    visible.push(row);
  }
  return visible;
}

/** What a row is measured by: the calls of its edge as their clients (or else servers) saw them, like the analysis; of a root all that it received. */
export function callsOf({ edge, node }: ForestRow): {
  readonly calls: number;
  readonly errors: number;
  readonly durations: CallDurations;
} {
  if (!edge) return node;
  const { calls, errors, server, client } = edge;
  return { calls, errors, durations: client.count > 0 ? client : server };
}
