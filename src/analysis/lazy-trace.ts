import type { TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import { type Nanos, nanos, type UnixNano } from '../model/time.ts';
import type { Trace, TraceNode, TraceWarning } from '../model/trace.ts';
import { UserError } from '../model/user-error.ts';

/** What is known of a trace without looking at its spans as a whole. */
export interface KnownTrace {
  readonly traceId: TraceId;
  readonly startUnixNano: UnixNano;
  readonly durationNs: number;
  /** Just what `buildTrace` would give. */
  readonly tree: SpanTree;
}

/** A trace whose nodes are made when somebody looks at them: most of what is asked of many traces its tree answers. */
export class LazyTrace implements Trace {
  readonly traceId: TraceId;
  readonly startUnixNano: UnixNano;
  readonly durationNs: Nanos;
  readonly tree: SpanTree;
  readonly #spans: () => readonly Span[];
  #nodes: readonly TraceNode[] | null = null;

  /**
   * `spans` gives those of the tree, in its order. Looking at nodes throws a `UserError` where it gives fewer or more. They must have been
   * looked at before the tree's memory is used for another.
   */
  constructor(known: KnownTrace, spans: () => readonly Span[]) {
    this.traceId = known.traceId;
    this.startUnixNano = known.startUnixNano;
    this.durationNs = nanos(known.durationNs);
    this.tree = known.tree;
    this.#spans = spans;
  }

  get nodes(): readonly TraceNode[] {
    this.#nodes ??= this.#makeNodes();
    return this.#nodes;
  }

  get roots(): readonly TraceNode[] {
    return this.nodes.filter(({ parent }) => parent === null);
  }

  get warnings(): readonly TraceWarning[] {
    const { roots } = this;
    const orphans = roots.filter(({ missingParent }) => missingParent !== null);
    const trueRoots = roots.filter(({ missingParent }) => missingParent === null);
    return [
      ...warning('missing-parent', orphans),
      ...warning('several-roots', trueRoots.length > 1 ? trueRoots : []),
    ];
  }

  #makeNodes(): readonly TraceNode[] {
    const spans = this.#spans();
    if (spans.length !== this.tree.size) {
      throw new UserError('input', `trace ${this.traceId} changed while it was read`, {
        fix: 'ask again when no import runs',
      });
    }
    const nodes: LazyNode[] = [];
    for (let index = 0; index < spans.length; index++) {
      const span = spans[index];
      if (span === undefined) continue;
      const parent = nodes[this.tree.parent[index] ?? -1] ?? null;
      const node = nodeOf(this.tree, index, span, parent);
      nodes.push(node);
      if (parent === null) continue;
      // Leaves, which are most spans, share one empty list.
      if (parent.children.length === 0) parent.children = [node];
      else parent.children.push(node);
    }
    return nodes;
  }
}

interface LazyNode extends TraceNode {
  children: TraceNode[];
}

const NO_CHILDREN: TraceNode[] = [];

function nodeOf(tree: SpanTree, index: number, span: Span, parent: TraceNode | null): LazyNode {
  return {
    index,
    span,
    service: tree.vocabulary.serviceOf(tree.operation[index] ?? -1),
    startNs: nanos(tree.start[index] ?? 0),
    endNs: nanos(tree.end[index] ?? 0),
    parent,
    children: NO_CHILDREN,
    depth: parent === null ? 0 : parent.depth + 1,
    relation: tree.follows[index] === 1 ? 'follows-from' : 'child-of',
    missingParent: tree.missingParents.get(index) ?? null,
  };
}

function warning(
  code: TraceWarning['code'],
  [first, ...others]: readonly TraceNode[],
): TraceWarning[] {
  return first === undefined ? [] : [{ code, count: 1 + others.length, spanId: first.span.spanId }];
}
