import type { CallDurations } from '../analysis/call-durations.ts';
import type { DependencyEdge } from '../analysis/dependency-edge.ts';
import type { DependencyNode } from '../analysis/dependency-node.ts';
import type { ServiceDependencies } from '../analysis/service-dependencies.ts';
import type { DependencySort } from './state/app-state.ts';

/** One row of the tree: a node, and the calls that lead to it from the row above it in the tree. */
export interface DependencyRow {
  readonly node: DependencyNode;
  /** Null for the beginning of a tree. */
  readonly edge: DependencyEdge | null;
  readonly parent: DependencyRow | null;
  readonly depth: number;
  readonly isLast: boolean;
  /** Ids from the beginning of the tree on, joined by line breaks; unique. */
  readonly path: string;
  readonly hasChildren: boolean;
  /** `cycle`: the node is above itself; `repeated`: what it calls is shown further up. Null where it is shown here. */
  readonly cut: 'cycle' | 'repeated' | null;
}

/** What a row is measured by: the calls of its edge as their servers (or else clients) saw them; of a root all its calls. */
export function callsOf({ edge, node }: DependencyRow): {
  readonly calls: number;
  readonly errors: number;
  readonly durations: CallDurations;
} {
  if (!edge) return node;
  const { calls, errors, server, client } = edge;
  return { calls, errors, durations: server.count > 0 ? server : client };
}

interface Made {
  readonly sort: DependencySort;
  readonly descending: boolean;
  readonly rows: readonly DependencyRow[];
}

const made = new WeakMap<ServiceDependencies, Made>();

/**
 * The dependencies as trees, all rows in order. A tree begins at what nobody calls; where only cycles are left, at the busiest node.
 * What a node calls is shown below its first row only, so that there are no more rows than edges and roots.
 */
export function dependencyForest(
  dependencies: ServiceDependencies,
  sort: DependencySort,
  descending: boolean,
): readonly DependencyRow[] {
  const known = made.get(dependencies);
  if (known?.sort === sort && known.descending === descending) return known.rows;
  const rows = new Forest(dependencies, sort, descending).rows;
  made.set(dependencies, { sort, descending, rows });
  return rows;
}

/** The rows that no folded one hides. */
export function visibleDependencies(
  rows: readonly DependencyRow[],
  folded: ReadonlySet<string>,
): readonly DependencyRow[] {
  if (folded.size === 0) return rows;
  const visible: DependencyRow[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row.depth > hiddenBelow) continue;
    hiddenBelow = folded.has(row.path) ? row.depth : Number.POSITIVE_INFINITY;
    visible.push(row);
  }
  return visible;
}

interface Pending {
  readonly node: DependencyNode;
  readonly edge: DependencyEdge | null;
  readonly parent: DependencyRow | null;
  readonly isLast: boolean;
}

class Forest {
  readonly rows: DependencyRow[] = [];
  readonly #nodes: ReadonlyMap<string, DependencyNode>;
  readonly #outgoing = new Map<string, DependencyEdge[]>();
  readonly #expanded = new Set<string>();
  readonly #compare: (a: Sortable, b: Sortable) => number;

  constructor({ nodes, edges }: ServiceDependencies, sort: DependencySort, descending: boolean) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#compare = comparison(sort, descending);
    const called = new Set<string>();
    for (const edge of edges) {
      if (edge.source !== edge.target) called.add(edge.target);
      const known = this.#outgoing.get(edge.source);
      if (known) known.push(edge);
      else this.#outgoing.set(edge.source, [edge]);
    }
    const ordered = nodes
      .map((node) => ({ node, by: nodeSortable(node, this.#outgoing.get(node.id) ?? []) }))
      .sort((a, b) => this.#compare(a.by, b.by))
      .map(({ node }) => node);
    const roots = ordered.filter(({ id }) => !called.has(id));
    for (const node of roots) this.#grow(node);
    for (const node of ordered) if (!this.#expanded.has(node.id)) this.#grow(node);
  }

  #grow(root: DependencyNode): void {
    const pending: Pending[] = [{ node: root, edge: null, parent: null, isLast: true }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const row = this.#row(next);
      this.rows.push(row);
      if (row.cut !== null) continue;
      this.#expanded.add(row.node.id);
      const children = this.#children(row);
      for (const [i, child] of children.toReversed().entries()) {
        pending.push({ ...child, parent: row, isLast: i === 0 });
      }
    }
  }

  #row({ node, edge, parent, isLast }: Pending): DependencyRow {
    const calls = this.#outgoing.get(node.id)?.length ?? 0;
    const cut = calls === 0 ? null : isAbove(node, parent) ? 'cycle' : null;
    const isRepeated = calls > 0 && this.#expanded.has(node.id);
    return {
      node,
      edge,
      parent,
      depth: parent === null ? 0 : parent.depth + 1,
      isLast,
      path: `${parent?.path ?? ''}\n${node.id} ${edge?.type ?? ''}`,
      hasChildren: calls > 0 && !isRepeated && cut === null,
      cut: cut ?? (isRepeated ? 'repeated' : null),
    };
  }

  #children({ node }: DependencyRow): { node: DependencyNode; edge: DependencyEdge }[] {
    const edges = [...(this.#outgoing.get(node.id) ?? [])];
    edges.sort((a, b) => this.#compare(edgeSortable(a), edgeSortable(b)));
    return edges.flatMap((edge) => {
      const target = this.#nodes.get(edge.target);
      return target ? [{ node: target, edge }] : [];
    });
  }
}

function isAbove(node: DependencyNode, from: DependencyRow | null): boolean {
  for (let row = from; row; row = row.parent) if (row.node === node) return true;
  return false;
}

interface Sortable {
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
  readonly p95: number;
}

/** Who calls much is as busy as who is called much: nobody calls the user. */
function nodeSortable(node: DependencyNode, outgoing: readonly DependencyEdge[]): Sortable {
  const made = outgoing.reduce((sum, edge) => sum + edge.calls, 0);
  const { id, calls, errors, durations } = node;
  return { name: id, calls: Math.max(calls, made), errors, p95: durations.p95Ns ?? 0 };
}

function edgeSortable({ target, calls, errors, server, client }: DependencyEdge): Sortable {
  const { p95Ns } = server.count > 0 ? server : client;
  return { name: target, calls, errors, p95: p95Ns ?? 0 };
}

/** Ties are broken by name, always ascending. */
function comparison(sort: DependencySort, descending: boolean) {
  const sign = descending ? -1 : 1;
  const byName = (a: Sortable, b: Sortable) => (a.name < b.name ? -1 : Number(a.name > b.name));
  if (sort === 'name') return (a: Sortable, b: Sortable) => -sign * byName(a, b);
  return (a: Sortable, b: Sortable) => sign * (a[sort] - b[sort]) || byName(a, b);
}
