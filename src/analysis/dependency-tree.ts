import type { DependencyEdge } from './dependency-edge.ts';
import { DEPENDENCY_NODE_TYPES } from './dependency-names.ts';
import { compareText, type DependencyNode } from './dependency-node.ts';
import type { ServiceDependencies } from './service-dependencies.ts';

/**
 * Whether what a row's node calls is below it: `expanded`, also if that is nothing; `seen` when an earlier row has it; `cycle` when one
 * of the row's own ancestors is the same node.
 */
type DependencyRowState = 'expanded' | 'seen' | 'cycle';

/** One line of the printed forest. */
export interface DependencyRow {
  readonly node: DependencyNode;
  /** The edge from the parent row's node; null for a root. */
  readonly edge: DependencyEdge | null;
  /** 0 for roots. */
  readonly depth: number;
  /** Whether no later row has the same parent; of roots, whether it is the last. */
  readonly isLast: boolean;
  readonly state: DependencyRowState;
}

/**
 * The dependency graph as a forest in print order, from the callers down:
 *
 *     user
 *     └─ web
 *        ├─ cart
 *        │  └─ web        cycle
 *        └─ orders
 *           └─ cart       seen
 *
 * Every edge is one row, and every node is expanded once, at its first row. Roots are the nodes that nothing else calls, those
 * without any calls last; then, of nodes that only call each other in a circle, the first that was not reached. Among equals by
 * type (user, external, service, messaging, database), then id. Children: most calls first, then target and type.
 */
export function dependencyTree(dependencies: ServiceDependencies): DependencyRow[] {
  const callsOf = outgoing(dependencies.edges);
  const nodes = dependencies.nodes.toSorted(byTypeAndId);
  const called = new Set(
    dependencies.edges.filter((e) => e.source !== e.target).map((e) => e.target),
  );
  const entries = nodes.filter(({ id }) => !called.has(id));
  const roots = [
    ...entries.filter(({ id }) => callsOf.has(id)),
    ...nodes.filter(({ id }) => called.has(id)),
    ...entries.filter(({ id }) => !callsOf.has(id)),
  ];
  const expansion = new Expansion(nodes, callsOf);
  const trees = roots.map((root) => expansion.treeOf(root)).filter((rows) => rows.length > 0);
  return trees.flatMap((rows, index) =>
    rows.map((row) => (row.depth === 0 ? { ...row, isLast: index === trees.length - 1 } : row)),
  );
}

function outgoing(edges: readonly DependencyEdge[]): Map<string, DependencyEdge[]> {
  const callsOf = new Map<string, DependencyEdge[]>();
  for (const edge of edges) {
    const calls = callsOf.get(edge.source);
    if (calls === undefined) callsOf.set(edge.source, [edge]);
    else calls.push(edge);
  }
  for (const calls of callsOf.values()) calls.sort(byCalls);
  return callsOf;
}

function byCalls(a: DependencyEdge, b: DependencyEdge): number {
  return b.calls - a.calls || compareText(a.target, b.target) || compareText(a.type, b.type);
}

function byTypeAndId(a: DependencyNode, b: DependencyNode): number {
  const order = DEPENDENCY_NODE_TYPES;
  return order.indexOf(a.type) - order.indexOf(b.type) || compareText(a.id, b.id);
}

/** A node whose calls are being written. */
interface OpenNode {
  readonly id: string;
  readonly calls: readonly DependencyEdge[];
  next: number;
}

/** Writes trees one after the other, each node expanded once in all of them. */
class Expansion {
  readonly #nodeById: ReadonlyMap<string, DependencyNode>;
  readonly #callsOf: ReadonlyMap<string, readonly DependencyEdge[]>;
  readonly #expanded = new Set<string>();

  constructor(
    nodes: readonly DependencyNode[],
    callsOf: ReadonlyMap<string, readonly DependencyEdge[]>,
  ) {
    this.#nodeById = new Map(nodes.map((node) => [node.id, node]));
    this.#callsOf = callsOf;
  }

  /** The rows of a root; none if it was expanded before. */
  treeOf(root: DependencyNode): DependencyRow[] {
    if (this.#expanded.has(root.id)) return [];
    const rows: DependencyRow[] = [
      { node: root, edge: null, depth: 0, isLast: false, state: 'expanded' },
    ];
    const open = [this.#open(root.id)];
    const path = new Set<string>([root.id]);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const edge = top.calls[top.next++];
      if (edge === undefined) {
        open.pop();
        path.delete(top.id);
        continue;
      }
      const node = this.#nodeById.get(edge.target);
      if (node === undefined) throw new RangeError(`no node ${edge.target}`);
      const state = this.#stateOf(node.id, path);
      const isLast = top.next === top.calls.length;
      rows.push({ node, edge, depth: open.length, isLast, state });
      if (state === 'expanded') {
        open.push(this.#open(node.id));
        path.add(node.id);
      }
    }
    return rows;
  }

  #open(id: string): OpenNode {
    this.#expanded.add(id);
    return { id, calls: this.#callsOf.get(id) ?? [], next: 0 };
  }

  #stateOf(id: string, path: ReadonlySet<string>): DependencyRowState {
    if (path.has(id)) return 'cycle';
    return this.#expanded.has(id) && this.#callsOf.has(id) ? 'seen' : 'expanded';
  }
}
