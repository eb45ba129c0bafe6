import { errorSignature } from '../analysis/error-signature.ts';
import { groupId } from '../analysis/span-grouping.ts';
import type { SpanTree } from '../model/span-tree.ts';
import type { Trace } from '../model/trace.ts';
import type { OperationNumbers } from './operation-numbers.ts';
import { FEATURE_KINDS, type Feature, type FeatureKind } from './run-profile.ts';
import { ERROR } from './tree-words.ts';

/** A feature's operations by number; −1 where a kind has fewer. */
interface FeatureCount {
  readonly kind: FeatureKind;
  readonly operations: readonly number[];
  readonly detail: string;
  traces: number;
  /** The last trace that had it, by number. */
  last: number;
}

/** Two numbers of operations are one number as long as there are fewer: their product is exact. */
const MAX_OPERATIONS = 2 ** 26;
/** Two calls overlap if more than this of the earlier one is left when the later one starts: clocks and schedulers are not exact. */
const TOLERANCE_SHARE = 0.1;
const TOLERANCE_NS = 1e6;

/** Counts in how many traces of one request each feature occurs. Linear in the number of spans. */
export class TraceFeatures {
  readonly #numbers: OperationNumbers;
  readonly #counts = new Map<string, FeatureCount>();
  readonly #edges = new Map<number, FeatureCount>();
  /** By the number of the parent and of one call, then by that of the other. */
  readonly #pairs = {
    overlap: new Map<number, Map<number, FeatureCount>>(),
    serial: new Map<number, Map<number, FeatureCount>>(),
  };
  #trace = 0;
  /** By span, of the trace that is being added. */
  #lastChild = new Int32Array(64);
  #failedBelow = new Uint8Array(64);

  constructor(numbers: OperationNumbers) {
    this.#numbers = numbers;
  }

  /** `operations` are the numbers of the spans, by their places in the tree. */
  add(trace: Trace, operations: Int32Array): void {
    const { tree } = trace;
    const { size, parent, follows, status } = tree;
    this.#trace += 1;
    this.#grow(size);
    this.#lastChild.fill(-1, 0, size);
    this.#failedBelow.fill(0, 0, size);
    for (let span = 0; span < size; span++) {
      const above = parent[span] ?? -1;
      if (above === -1) continue;
      this.#hasEdge(operations[above] ?? 0, operations[span] ?? 0);
      if (status[span] === ERROR) this.#failedBelow[above] = 1;
      if (follows[span] === 1) continue;
      // Siblings come by their starts.
      const previous = this.#lastChild[above] ?? -1;
      this.#lastChild[above] = span;
      if (previous !== -1) this.#addNeighbours(tree, operations, [above, previous, span]);
    }
    this.#addErrors(trace, operations);
    if (tree.missingParents.size > 0) this.#has('lost', []);
  }

  /** A span fails first where nothing that it called did. */
  #addErrors(trace: Trace, operations: Int32Array): void {
    const { size, status } = trace.tree;
    for (let span = 0; span < size; span++) {
      if (status[span] !== ERROR || this.#failedBelow[span] === 1) continue;
      // Nodes are read from the store when somebody asks: of traces without errors nobody does.
      const node = trace.nodes[span];
      if (node) this.#has('error', [operations[span] ?? 0], errorSignature(node.span));
    }
  }

  #grow(size: number): void {
    if (this.#lastChild.length >= size) return;
    this.#lastChild = new Int32Array(2 * size);
    this.#failedBelow = new Uint8Array(2 * size);
  }

  /** Of neighbours it is told whether they overlap, and whether the second repeats the first, which failed. */
  #addNeighbours(
    tree: SpanTree,
    operations: Int32Array,
    [above, previous, span]: readonly [above: number, previous: number, span: number],
  ): void {
    const parent = operations[above] ?? 0;
    const [a, b] = [operations[previous] ?? 0, operations[span] ?? 0];
    const isAtOnce = overlaps(tree, previous, span);
    this.#hasPair(isAtOnce ? 'overlap' : 'serial', parent, a, b);
    if (a === b && tree.status[previous] === ERROR && !isAtOnce) this.#has('retry', [parent, b]);
  }

  /** Every span but the roots has one: texts as keys would cost more than all else. */
  #hasEdge(caller: number, callee: number): void {
    const id = caller * MAX_OPERATIONS + callee;
    const known = this.#edges.get(id);
    if (known === undefined) {
      const operations = [caller, callee];
      this.#edges.set(id, { kind: 'edge', operations, detail: '', traces: 1, last: this.#trace });
    } else this.#seen(known);
  }

  /** The order of two calls is no part of what they are. */
  #hasPair(kind: 'overlap' | 'serial', parent: number, a: number, b: number): void {
    const [low, high] = a < b ? [a, b] : [b, a];
    const pairs = this.#pairs[kind];
    const outer = parent * MAX_OPERATIONS + low;
    let inner = pairs.get(outer);
    if (inner === undefined) {
      inner = new Map();
      pairs.set(outer, inner);
    }
    const known = inner.get(high);
    if (known === undefined) {
      const ordered = this.#numbers.compare(low, high) <= 0 ? [low, high] : [high, low];
      const operations = [parent, ...ordered];
      inner.set(high, { kind, operations, detail: '', traces: 1, last: this.#trace });
    } else this.#seen(known);
  }

  #seen(count: FeatureCount): void {
    if (count.last === this.#trace) return;
    count.traces += 1;
    count.last = this.#trace;
  }

  #has(kind: FeatureKind, operations: readonly number[], detail = ''): void {
    const id = `${kind} ${operations.join(' ')} ${detail}`;
    const known = this.#counts.get(id);
    if (known === undefined)
      this.#counts.set(id, { kind, operations, detail, traces: 1, last: this.#trace });
    else this.#seen(known);
  }

  result(): Feature[] {
    const pairs = Object.values(this.#pairs).flatMap((outer) =>
      Array.from(outer.values(), (inner) => [...inner.values()]).flat(),
    );
    return [...this.#edges.values(), ...pairs, ...this.#counts.values()]
      .map(({ kind, operations, detail, traces }) => {
        const names = operations.map((number) => {
          const { service, name } = this.#numbers.keyOf(number);
          return { service, name };
        });
        const feature: Feature = { kind, operations: names, detail, traces };
        return { feature, rank: FEATURE_KINDS.indexOf(kind), id: featureId(feature) };
      })
      .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1))
      .map(({ feature }) => feature);
  }
}

function overlaps({ start, end }: SpanTree, earlier: number, later: number): boolean {
  const [from, to] = [start[earlier] ?? 0, end[earlier] ?? 0];
  const tolerance = Math.min(TOLERANCE_NS, TOLERANCE_SHARE * (to - from));
  return (start[later] ?? 0) < to - tolerance;
}

/** What a feature is about, as one text: equal for equal features of other runs. */
export function featureId({ kind, operations, detail }: Omit<Feature, 'traces'>): string {
  const names = operations.map(({ service, name }) => groupId({ service, name }));
  return `${kind} ${names.join('')}${detail}`;
}
