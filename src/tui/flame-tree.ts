import type { Trace } from '../model/trace.ts';

/** Spans of one operation called along one path, of one trace or of many. */
export interface FlameNode {
  readonly service: string;
  readonly name: string;
  /** Position of the caller in the tree; -1 for roots. */
  readonly parent: number;
  readonly depth: number;
  /** Position after the last descendant. */
  readonly end: number;
  readonly spans: number;
  readonly errors: number;
  /** Sum of the spans' durations. */
  readonly totalNs: number;
  /** The part of it in which no child ran. */
  readonly selfNs: number;
}

/** Call paths, depth first, among siblings most time first, then by service and name. */
export interface FlameTree {
  readonly traces: number;
  readonly nodes: readonly FlameNode[];
  /** Sum of the roots' durations. */
  readonly totalNs: number;
  /** Spans of paths beyond `MAX_NODES`, which are left out. */
  readonly leftOut: number;
}

/** Names with an id in them make a path each; more than this nobody can look at. */
const MAX_NODES = 20_000;

interface OpenNode {
  readonly service: string;
  readonly name: string;
  readonly parent: number;
  readonly children: Map<string, number>;
  spans: number;
  errors: number;
  totalNs: number;
  selfNs: number;
}

/** Merges the traces that are added into one tree of call paths. */
export class FlameTreeBuilder {
  readonly #nodes: OpenNode[] = [];
  readonly #roots = new Map<string, number>();
  #traces = 0;
  #leftOut = 0;

  /** `selfNs` by position in `trace.nodes`. */
  add(trace: Trace, selfNs: readonly number[]): void {
    this.#traces++;
    const places = new Int32Array(trace.nodes.length);
    for (const node of trace.nodes) {
      const above = node.parent ? (places[node.parent.index] ?? LEFT_OUT) : NO_PARENT;
      const place =
        above === LEFT_OUT ? LEFT_OUT : this.#place(above, node.service, node.span.name);
      places[node.index] = place;
      const open = this.#nodes[place];
      if (!open) {
        this.#leftOut++;
        continue;
      }
      open.spans++;
      open.errors += Number(node.span.statusCode === 'error');
      open.totalNs += node.span.durationNs;
      open.selfNs += selfNs[node.index] ?? 0;
    }
  }

  result(): FlameTree {
    const nodes: FlameNode[] = [];
    let totalNs = 0;
    const pending = this.#sorted(this.#roots).map((at) => ({ at, parent: -1, depth: 0 }));
    for (const { at } of pending) totalNs += this.#nodes[at]?.totalNs ?? 0;
    for (let next = pending.pop(); next; next = pending.pop()) {
      const open = this.#nodes[next.at];
      if (!open) continue;
      const { service, name, spans, errors, totalNs: total, selfNs, children } = open;
      const index = nodes.length;
      const { parent, depth } = next;
      nodes.push({ service, name, parent, depth, end: 0, spans, errors, totalNs: total, selfNs });
      pending.push(
        ...this.#sorted(children).map((child) => ({ at: child, parent: index, depth: depth + 1 })),
      );
    }
    return { traces: this.#traces, nodes: withEnds(nodes), totalNs, leftOut: this.#leftOut };
  }

  #place(parent: number, service: string, name: string): number {
    const siblings = this.#nodes[parent]?.children ?? this.#roots;
    const key = `${service}\n${name}`;
    const known = siblings.get(key);
    if (known !== undefined) return known;
    if (this.#nodes.length >= MAX_NODES) return LEFT_OUT;
    const place = this.#nodes.length;
    siblings.set(key, place);
    const numbers = { spans: 0, errors: 0, totalNs: 0, selfNs: 0 };
    this.#nodes.push({ service, name, parent, children: new Map(), ...numbers });
    return place;
  }

  /** Least first: the last one is taken from the stack first. */
  #sorted(siblings: ReadonlyMap<string, number>): number[] {
    return [...siblings]
      .sort(([keyA, a], [keyB, b]) => {
        const order = (this.#nodes[a]?.totalNs ?? 0) - (this.#nodes[b]?.totalNs ?? 0);
        return order !== 0 ? order : keyA < keyB ? 1 : -1;
      })
      .map(([, at]) => at);
  }
}

const NO_PARENT = -1;
const LEFT_OUT = -2;

function withEnds(nodes: readonly FlameNode[]): FlameNode[] {
  const ends = new Int32Array(nodes.length);
  for (let at = nodes.length - 1; at >= 0; at--) {
    ends[at] = Math.max(ends[at] ?? 0, at + 1);
    const parent = nodes[at]?.parent ?? -1;
    if (parent >= 0) ends[parent] = Math.max(ends[parent] ?? 0, ends[at] ?? 0);
  }
  return nodes.map((node, at) => ({ ...node, end: ends[at] ?? at + 1 }));
}
