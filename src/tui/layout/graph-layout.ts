import type { ServiceDependencies } from '../../analysis/service-dependencies.ts';

/** A node in its place: `layer` from the left, `row` from the top. */
export interface GraphNode {
  readonly id: string;
  readonly layer: number;
  readonly row: number;
}

/** An edge as the nodes that it passes, layer by layer; those between its ends only hold its place. */
export interface GraphEdge {
  readonly source: string;
  readonly target: string;
  /** Rows in the layers from the source's to the target's, in their order from left to right. */
  readonly rows: readonly number[];
  readonly fromLayer: number;
  /** Drawn against its direction, because it closes a cycle. */
  readonly isBack: boolean;
  readonly errors: number;
}

export interface GraphLayout {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly layers: number;
  readonly rows: number;
}

const made = new WeakMap<ServiceDependencies, GraphLayout>();
/** Sweeps that put nodes next to their neighbours; more change nothing. */
const SWEEPS = 8;

/** Layers by the longest way from a node that nobody calls; within a layer each node near the middle of its neighbours. */
export function graphLayout(dependencies: ServiceDependencies): GraphLayout {
  const known = made.get(dependencies);
  if (known) return known;
  const layout = layered(dependencies);
  made.set(dependencies, layout);
  return layout;
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly isBack: boolean;
  readonly errors: number;
}

function layered({ nodes, edges }: ServiceDependencies): GraphLayout {
  const ids = nodes.map(({ id }) => String(id));
  const links = acyclic(
    ids,
    edges.map(({ source, target, errors }) => ({
      from: String(source),
      to: String(target),
      errors,
    })),
  );
  const layerOf = longestPaths(ids, links);
  const layers = Math.max(0, ...layerOf.values()) + 1;
  const columns: string[][] = Array.from({ length: layers }, () => []);
  for (const id of ids) columns[layerOf.get(id) ?? 0]?.push(id);
  const chains = links.map((link, i) => chainOf(link, i, layerOf, columns));
  sortByNeighbours(columns, chains);
  const rowOf = new Map<string, number>();
  for (const column of columns) for (const [row, id] of column.entries()) rowOf.set(id, row);
  return {
    layers,
    rows: Math.max(0, ...columns.map(({ length }) => length)),
    nodes: ids.map((id) => ({ id, layer: layerOf.get(id) ?? 0, row: rowOf.get(id) ?? 0 })),
    edges: links.map((link, i) => ({
      source: link.isBack ? link.to : link.from,
      target: link.isBack ? link.from : link.to,
      isBack: link.isBack,
      errors: link.errors,
      fromLayer: layerOf.get(link.from) ?? 0,
      rows: (chains[i] ?? []).map((id) => rowOf.get(id) ?? 0),
    })),
  };
}

interface Call {
  readonly from: string;
  readonly to: string;
  readonly errors: number;
}

/** Edges turned round that lead back to a node on the way to them. Calls of a node to itself are left out. */
function acyclic(ids: readonly string[], edges: readonly Call[]): Link[] {
  const out = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of edges) out.get(from)?.push(to);
  const back = backEdges(ids, out);
  return edges
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, errors }) =>
      back.has(`${from}\n${to}`)
        ? { from: to, to: from, isBack: true, errors }
        : { from, to, isBack: false, errors },
    );
}

/** Edges to a node that a walk in depth is still inside of, as `from` and `to` in two lines. */
function backEdges(
  ids: readonly string[],
  out: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const isSeen = new Set<string>();
  const isOpen = new Set<string>();
  const back = new Set<string>();
  const pending: { readonly id: string; next: number }[] = [];
  const enter = (id: string) => {
    isSeen.add(id);
    isOpen.add(id);
    pending.push({ id, next: 0 });
  };
  for (const start of [...ids].sort()) {
    if (!isSeen.has(start)) enter(start);
    for (let at = pending.at(-1); at; at = pending.at(-1)) {
      const to = out.get(at.id)?.[at.next++];
      if (to === undefined) isOpen.delete(pending.pop()?.id ?? '');
      else if (isOpen.has(to)) back.add(`${at.id}\n${to}`);
      else if (!isSeen.has(to)) enter(to);
    }
  }
  return back;
}

function longestPaths(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const layerOf = new Map(ids.map((id) => [id, 0]));
  // As often as there are nodes at most, because there is no cycle.
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to } of links) {
      const least = (layerOf.get(from) ?? 0) + 1;
      if ((layerOf.get(to) ?? 0) >= least) continue;
      layerOf.set(to, least);
      changed = true;
    }
  }
  return layerOf;
}

/** The nodes of a link layer by layer, with place-holders between its ends that are added to the columns. */
function chainOf(
  link: Link,
  number: number,
  layerOf: ReadonlyMap<string, number>,
  columns: string[][],
): string[] {
  const chain = [link.from];
  const last = layerOf.get(link.to) ?? 0;
  for (let layer = (layerOf.get(link.from) ?? 0) + 1; layer < last; layer++) {
    const id = `\n${number} ${layer}`;
    columns[layer]?.push(id);
    chain.push(id);
  }
  return [...chain, link.to];
}

function sortByNeighbours(columns: string[][], chains: readonly (readonly string[])[]): void {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const chain of chains) {
    for (const [i, id] of chain.slice(0, -1).entries()) {
      const next = chain[i + 1] ?? id;
      after.set(id, [...(after.get(id) ?? []), next]);
      before.set(next, [...(before.get(next) ?? []), id]);
    }
  }
  const rows = new Map(columns.flatMap((column) => column.map((id, row) => [id, row] as const)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForward = sweep % 2 === 0;
    const order = isForward ? columns.slice(1) : columns.slice(0, -1).reverse();
    for (const column of order) sortColumn(column, isForward ? before : after, rows);
  }
}

/** By the mean row of the neighbours, then by id. */
function sortColumn(
  column: string[],
  neighbours: ReadonlyMap<string, readonly string[]>,
  rows: Map<string, number>,
): void {
  const middle = (id: string) => {
    const near = neighbours.get(id) ?? [id];
    return near.reduce((sum, each) => sum + (rows.get(each) ?? 0), 0) / near.length;
  };
  const sorted = column
    .map((id) => ({ id, at: middle(id) }))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  for (const [row, { id }] of sorted.entries()) {
    column[row] = id;
    rows.set(id, row);
  }
}
