import type { FlameNode, FlameTree } from './flame-tree.ts';

/** One call path in two trees. At least one side has it. */
export interface CompareRow {
  readonly service: string;
  readonly name: string;
  readonly depth: number;
  readonly parent: CompareRow | null;
  readonly isLast: boolean;
  readonly a: FlameNode | null;
  readonly b: FlameNode | null;
  /** Mean time per trace; 0 where the side lacks it. */
  readonly aNs: number;
  readonly bNs: number;
}

/** `only-a` and `only-b`: the other side lacks it. */
export type CompareVerdict = 'same' | 'slower' | 'faster' | 'only-a' | 'only-b';

/** Less than this is noise between two runs of the same. */
const LEAST_SHARE = 0.1;
const LEAST_NS = 100_000;

export function verdictOf({ a, b, aNs, bNs }: CompareRow): CompareVerdict {
  if (!a) return 'only-b';
  if (!b) return 'only-a';
  const difference = bNs - aNs;
  if (Math.abs(difference) < Math.max(LEAST_NS, aNs * LEAST_SHARE)) return 'same';
  return difference > 0 ? 'slower' : 'faster';
}

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly depth: number;
  readonly parent: CompareRow | null;
  readonly isLast: boolean;
}

const made = new WeakMap<
  FlameTree,
  { readonly other: FlameTree; readonly rows: readonly CompareRow[] }
>();

/** Two trees laid over each other, depth first: paths of the same services and operations are one row. */
export function alignedTrees(a: FlameTree, b: FlameTree): readonly CompareRow[] {
  const known = made.get(a);
  if (known?.other === b) return known.rows;
  const rows: CompareRow[] = [];
  const pending = pairs(a, b, { a: -1, b: -1 }, 0, null);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const nodeA = a.nodes[next.a] ?? null;
    const nodeB = b.nodes[next.b] ?? null;
    const node = nodeA ?? nodeB;
    if (!node) continue;
    const row: CompareRow = {
      service: node.service,
      name: node.name,
      depth: next.depth,
      parent: next.parent,
      isLast: next.isLast,
      a: nodeA,
      b: nodeB,
      aNs: (nodeA?.totalNs ?? 0) / Math.max(1, a.traces),
      bNs: (nodeB?.totalNs ?? 0) / Math.max(1, b.traces),
    };
    rows.push(row);
    pending.push(...pairs(a, b, next, next.depth + 1, row));
  }
  made.set(a, { other: b, rows });
  return rows;
}

/** The children of a pair of nodes, last first, for a stack. */
function pairs(
  a: FlameTree,
  b: FlameTree,
  above: { readonly a: number; readonly b: number },
  depth: number,
  parent: CompareRow | null,
): Pair[] {
  const found = new Map<string, { a: number; b: number }>();
  for (const at of depth === 0 || above.a >= 0 ? childrenOf(a, above.a) : []) {
    found.set(keyOf(a.nodes[at]), { a: at, b: NONE });
  }
  for (const at of depth === 0 || above.b >= 0 ? childrenOf(b, above.b) : []) {
    const key = keyOf(b.nodes[at]);
    const known = found.get(key);
    if (known) known.b = at;
    else found.set(key, { a: NONE, b: at });
  }
  const all = [...found.values()];
  return all.map((pair, i) => ({ ...pair, depth, parent, isLast: i === all.length - 1 })).reverse();
}

const NONE = -2;

function keyOf(node: FlameNode | undefined): string {
  return node ? `${node.service}\n${node.name}` : '';
}

function childrenOf({ nodes }: FlameTree, parent: number): number[] {
  const children: number[] = [];
  const end = parent < 0 ? nodes.length : (nodes[parent]?.end ?? 0);
  for (let at = parent + 1; at < end; at = nodes[at]?.end ?? end) children.push(at);
  return children;
}
