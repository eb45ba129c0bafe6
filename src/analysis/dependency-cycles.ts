import { compareText } from './dependency-node.ts';
import type { ServiceDependencies } from './service-dependencies.ts';

/** The shape of a dependency graph. */
export interface DependencyShape {
  /** Nodes that call each other in a circle, directly or not, or themselves: each set by id, the sets by their first id. */
  readonly cycles: readonly (readonly string[])[];
  /** Calls on the longest way down, a cycle counting as one node; 0 without calls. */
  readonly depth: number;
}

/**
 * Strongly connected components (Tarjan), which come out callees first, so that one pass over them gives the depth. Linear in nodes
 * and edges, no recursion. Source: Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
 */
export function dependencyShape({ nodes, edges }: ServiceDependencies): DependencyShape {
  const calls = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { source, target } of edges) calls.get(source)?.push(target);
  const components = connectedComponents(calls);
  const componentOf = new Map(
    components.flatMap((ids, index) => ids.map((id) => [id, index] as const)),
  );
  const depths: number[] = [];
  for (const [index, ids] of components.entries()) {
    const below = ids
      .flatMap((id) => calls.get(id) ?? [])
      .map((target) => componentOf.get(target) ?? index)
      .filter((other) => other !== index);
    depths.push(below.reduce((deepest, other) => Math.max(deepest, (depths[other] ?? 0) + 1), 0));
  }
  const callsItself = new Set<string>(
    edges.filter(({ source, target }) => source === target).map(({ source }) => source),
  );
  const cycles = components
    .filter((ids) => ids.length > 1 || ids.some((id) => callsItself.has(id)))
    .map((ids) => ids.sort(compareText));
  return {
    cycles: cycles.sort((a, b) => compareText(a[0] ?? '', b[0] ?? '')),
    depth: depths.reduce((deepest, depth) => Math.max(deepest, depth), 0),
  };
}

interface Visit {
  readonly id: string;
  readonly number: number;
  /** The smallest number that is reached from here and still open. */
  lowest: number;
  next: number;
}

function connectedComponents(calls: ReadonlyMap<string, readonly string[]>): string[][] {
  const search = new ComponentSearch(calls);
  for (const root of calls.keys()) search.visit(root);
  return search.components;
}

class ComponentSearch {
  readonly components: string[][] = [];
  readonly #calls: ReadonlyMap<string, readonly string[]>;
  readonly #visits = new Map<string, Visit>();
  /** Visited, and not yet part of a component; the list in the order of visits. */
  readonly #isOpen = new Set<string>();
  readonly #open: string[] = [];

  constructor(calls: ReadonlyMap<string, readonly string[]>) {
    this.#calls = calls;
  }

  visit(root: string): void {
    if (this.#visits.has(root)) return;
    const path = [this.#enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = this.#calls.get(top.id)?.[top.next++];
      if (target === undefined) {
        path.pop();
        this.#leave(top, path.at(-1));
        continue;
      }
      const known = this.#visits.get(target);
      if (known === undefined) path.push(this.#enter(target));
      else if (this.#isOpen.has(target)) top.lowest = Math.min(top.lowest, known.number);
    }
  }

  #enter(id: string): Visit {
    const number = this.#visits.size;
    const visit = { id, number, lowest: number, next: 0 };
    this.#visits.set(id, visit);
    this.#isOpen.add(id);
    this.#open.push(id);
    return visit;
  }

  /** What was opened since a node that reaches nothing before itself is a component. */
  #leave(visit: Visit, above: Visit | undefined): void {
    if (above) above.lowest = Math.min(above.lowest, visit.lowest);
    if (visit.lowest !== visit.number) return;
    const component = this.#open.splice(this.#open.lastIndexOf(visit.id));
    for (const id of component) this.#isOpen.delete(id);
    this.components.push(component);
  }
}
