import { type Nanos, nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';

/** What queries ask of a trace as a whole. */
export interface TraceFacts {
  readonly trace: Trace;
  /** Latest end − earliest start. */
  readonly durationNs: Nanos;
  /** The earliest span that names no parent, ties in order; null when every span names one. */
  readonly root: TraceNode | null;
  /** By node index, in the manner of nested sets. Worked out when first asked for. */
  readonly nestedSets: () => NestedSets;
}

/** Numbers that a walk through the tree counts up: at a span on the way down (`left`) and on the way up (`right`). From 1. */
export interface NestedSets {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/** The facts of one trace. */
export function traceFacts(trace: Trace): TraceFacts {
  let sets: NestedSets | null = null;
  return {
    trace,
    durationNs: nanos(trace.durationNs),
    root: trace.roots.find(({ missingParent }) => missingParent === null) ?? null,
    nestedSets: () => {
      sets ??= nestedSets(trace);
      return sets;
    },
  };
}

/** The nodes are in the order of the walk, so that a stack of those still open is all it takes. */
function nestedSets({ nodes }: Trace): NestedSets {
  const left = new Int32Array(nodes.length);
  const right = new Int32Array(nodes.length);
  const open: TraceNode[] = [];
  let count = 0;
  const closeDownTo = (depth: number) => {
    while (open.length > depth) {
      const closed = open.pop();
      if (closed) right[closed.index] = ++count;
    }
  };
  for (const node of nodes) {
    closeDownTo(node.depth);
    left[node.index] = ++count;
    open.push(node);
  }
  closeDownTo(0);
  return { left, right };
}
