import { type Nanos, nanos } from '../../model/time.ts';
import type { Trace, TraceNode } from '../../model/trace.ts';
import { type CriticalPath, criticalPath } from '../critical-path.ts';
import { selfTimes } from '../self-time.ts';
import { type TraceErrors, traceErrors } from '../trace-errors.ts';
import { type Call, Signatures } from './call-signature.ts';

/** One trace and what several rules ask about it, each worked out when it is first asked for. */
export class TraceContext {
  readonly trace: Trace;
  #path: CriticalPath | null;
  #errors: TraceErrors | null;
  #self: readonly Nanos[] | null = null;
  #onPath: Float64Array | null = null;
  #calls: readonly (readonly Call[])[] | null = null;
  #byNode: ReadonlyMap<TraceNode, Call> | null = null;

  /** `path` and `errors` of the trace where they are at hand. */
  constructor(trace: Trace, path: CriticalPath | null = null, errors: TraceErrors | null = null) {
    this.trace = trace;
    this.#path = path;
    this.#errors = errors;
  }

  get path(): CriticalPath {
    this.#path ??= criticalPath(this.trace);
    return this.#path;
  }

  get errors(): TraceErrors {
    this.#errors ??= traceErrors(this.trace, { path: this.path });
    return this.#errors;
  }

  /** By `TraceNode.index`. */
  get selfTimes(): readonly Nanos[] {
    this.#self ??= selfTimes(this.trace);
    return this.#self;
  }

  /** Time of the critical path that the span or any span below it owns. */
  onPathNs({ index }: TraceNode): Nanos {
    this.#onPath ??= pathTimes(this.trace, this.path);
    return nanos(this.#onPath[index] ?? 0);
  }

  /** A span as the call that its parent makes; null when it is none. */
  callOf(node: TraceNode): Call | null {
    return node.parent === null ? null : (this.#callByNode().get(node) ?? null);
  }

  #callByNode(): ReadonlyMap<TraceNode, Call> {
    this.#byNode ??= new Map(
      this.trace.nodes.flatMap((node) => this.callsOf(node).map((call) => [call.node, call])),
    );
    return this.#byNode;
  }

  /** The calls that a span makes itself: those of its children that are calls, in the order of their starts. */
  callsOf({ index }: TraceNode): readonly Call[] {
    this.#calls ??= callsByCaller(this.trace);
    return this.#calls[index] ?? NO_CALLS;
  }
}

const NO_CALLS: readonly Call[] = [];

/** Inclusive times by index. Parents precede their children in `Trace.nodes`, so that one pass from the end does. */
function pathTimes({ nodes }: Trace, { sections }: CriticalPath): Float64Array {
  const times = new Float64Array(nodes.length);
  for (const { node, startNs, endNs } of sections) {
    if (node) times[node.index] = (times[node.index] ?? 0) + endNs - startNs;
  }
  for (const { index, parent } of nodes.toReversed()) {
    if (parent) times[parent.index] = (times[parent.index] ?? 0) + (times[index] ?? 0);
  }
  return times;
}

function callsByCaller({ nodes }: Trace): readonly (readonly Call[])[] {
  const signatures = new Signatures();
  return nodes.map(({ children }) => {
    const calls = children.flatMap((child) => signatures.callOf(child) ?? []);
    return calls.length === 0 ? NO_CALLS : calls;
  });
}
