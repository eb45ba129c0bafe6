import type { SpanId, TraceId } from '../model/ids.ts';
import type { Resource, Scope } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import { spanTreeOf } from '../model/span-tree-of.ts';
import { SpanVocabulary } from '../model/span-vocabulary.ts';
import { type Nanos, nanos, type UnixNano } from '../model/time.ts';
import type { ParentRelation, Trace, TraceNode, TraceWarning } from '../model/trace.ts';
import { decodeAttributes } from './attribute-text.ts';
import { PackedSpan, type PackedSpans } from './packed-span.ts';
import type { PackedTrace } from './packed-trace.ts';

/** A packed trace as a tree that reads its columns when it is asked. Nodes are the same objects every time, their spans are not. */
export class UnpackedTrace implements Trace {
  readonly traceId: TraceId;
  readonly startUnixNano: UnixNano;
  readonly durationNs: Nanos;
  readonly warnings: readonly TraceWarning[];
  readonly nodes: readonly TraceNode[];
  readonly roots: readonly TraceNode[];
  #tree: SpanTree | null = null;

  constructor(packed: PackedTrace) {
    const { traceId, startUnixNano, durationNs, warnings, parents } = packed;
    this.traceId = traceId;
    this.startUnixNano = startUnixNano;
    this.durationNs = durationNs;
    this.warnings = warnings;
    const tree: Tree = {
      packed,
      spans: spansOf(packed),
      subtreeEnd: subtreeEnds(parents),
      nodes: [],
    };
    for (let index = 0; index < parents.length; index++) {
      tree.nodes.push(new PackedNode(tree, index));
    }
    this.nodes = tree.nodes;
    this.roots = siblingsFrom(tree, 0, parents.length);
  }

  get tree(): SpanTree {
    this.#tree ??= spanTreeOf(this.nodes, new SpanVocabulary());
    return this.#tree;
  }
}

interface Tree {
  readonly packed: PackedTrace;
  readonly spans: PackedSpans;
  readonly subtreeEnd: Int32Array;
  readonly nodes: TraceNode[];
}

const NO_CHILDREN: readonly TraceNode[] = [];

class PackedNode implements TraceNode {
  readonly index: number;
  readonly #tree: Tree;
  #children: readonly TraceNode[] | null = null;

  constructor(tree: Tree, index: number) {
    this.#tree = tree;
    this.index = index;
  }

  get span(): PackedSpan {
    return new PackedSpan(this.#tree.spans, this.index);
  }

  get service(): string {
    const { services, serviceNames } = this.#tree.packed;
    return serviceNames[services[this.index] ?? 0] ?? '';
  }

  get startNs(): Nanos {
    return nanos(this.#tree.packed.startsNs[this.index] ?? 0);
  }

  get endNs(): Nanos {
    return nanos(this.#tree.packed.endsNs[this.index] ?? 0);
  }

  get parent(): TraceNode | null {
    return this.#tree.nodes[this.#tree.packed.parents[this.index] ?? -1] ?? null;
  }

  get children(): readonly TraceNode[] {
    const end = this.#tree.subtreeEnd[this.index] ?? 0;
    if (end === this.index + 1) return NO_CHILDREN;
    this.#children ??= siblingsFrom(this.#tree, this.index + 1, end);
    return this.#children;
  }

  get depth(): number {
    return this.#tree.packed.depths[this.index] ?? 0;
  }

  get relation(): ParentRelation {
    return this.#tree.packed.followers[this.index] === 1 ? 'follows-from' : 'child-of';
  }

  get missingParent(): SpanId | null {
    return this.#tree.packed.missingParents.get(this.index) ?? null;
  }
}

/** The node at `from` and those beside it, up to `to`. */
function siblingsFrom({ nodes, subtreeEnd }: Tree, from: number, to: number): TraceNode[] {
  const siblings: TraceNode[] = [];
  for (let at = from; at < to; at = subtreeEnd[at] ?? to) {
    const node = nodes[at];
    if (node) siblings.push(node);
  }
  return siblings;
}

/** For each node of a tree, depth first, the position after its last descendant; `parents` has −1 for none. */
export function subtreeEnds(parents: Int32Array): Int32Array {
  const ends = new Int32Array(parents.length);
  // Backwards, so that each node's last descendant is known when its parent takes it over.
  for (let index = parents.length - 1; index >= 0; index--) {
    const end = Math.max(ends[index] ?? 0, index + 1);
    ends[index] = end;
    const parent = parents[index] ?? -1;
    if (parent >= 0) ends[parent] = Math.max(ends[parent] ?? 0, end);
  }
  return ends;
}

function spansOf({ spans }: PackedTrace): PackedSpans {
  const resources = spans.resources.map(
    ({ attributes, schemaUrl }): Resource => ({
      attributes: decodeAttributes(attributes),
      schemaUrl,
    }),
  );
  const scopes = spans.scopes.map(
    ({ name, version, attributes, droppedAttributes, schemaUrl }): Scope => ({
      name,
      version,
      droppedAttributes,
      schemaUrl,
      attributes: decodeAttributes(attributes),
    }),
  );
  const { buffer, byteOffset, byteLength } = spans.text;
  return { ...spans, resources, scopes, text: Buffer.from(buffer, byteOffset, byteLength) };
}
